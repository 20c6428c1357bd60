// What the trackers said last: told to the virtual routers that track it, those that come later included.
import type { Desired, DesiredVirtualRouter } from '../plan/desired.js';
import type { TrackerNews } from './messages.js';
import type { Roster } from './roster.js';
import type { VirtualRouter } from './virtual-router.js';

export class TrackerMemory {
  readonly #roster: Roster;
  readonly #news = new Map<string, TrackerNews>();

  constructor(roster: Roster) {
    this.#roster = roster;
  }

  heard(news: TrackerNews): void {
    this.#news.set(`${news.trackerKind}:${news.tracker}`, news);
    for (const router of this.#roster.all) {
      if (tracks(router.desired, news)) router.deliver({ kind: 'tracker', ...news });
    }
  }

  tell(router: VirtualRouter): void {
    for (const news of this.#news.values()) {
      if (tracks(router.desired, news)) router.deliver({ kind: 'tracker', ...news });
    }
  }

  /** What a tracker said before it was taken out of the configuration says nothing about one of the same name later. */
  forget({ virtualRouters }: Desired): void {
    for (const [key, news] of this.#news) {
      if (!virtualRouters.some((router) => tracks(router, news))) this.#news.delete(key);
    }
  }
}

function tracks({ config }: DesiredVirtualRouter, news: TrackerNews): boolean {
  return config.trackedObjects.some(({ kind, name }) => kind === news.trackerKind && name === news.tracker);
}
