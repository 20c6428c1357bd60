// The engine: runs every virtual router of one host over a World. It parses nothing, formats nothing and logs nothing. The
// same code runs in the worker thread and in the simulator. Its parts are put together in assemble.ts; this file is their
// order at a start, a reload and a stop.
import type { Desired } from '../plan/desired.js';
import { assemble, type EngineParts } from './assemble.js';
import { removeLeftovers } from './leftovers.js';
import {
  failureText,
  type EngineCounts,
  type Leftovers,
  type PrepareProblem,
  type RouterSnapshot,
  type RouterStanding,
  type TrackerNews,
} from './messages.js';
import { rehearseTakeover } from './rehearsal.js';
import { snapshotOf, standingOf } from './standing.js';
import { impossibleRouters } from './impossible-routers.js';
import type { VirtualRouter } from './virtual-router.js';
import type { World } from './world.js';

/** 255 at once take 4 ms, and as much again to be handed over: an advertisement would wait for that. */
const STANDINGS_PER_TURN = 16;

export interface Engine {
  /**
   * Looks whether the desired set can run: the start, and every reload. Nothing changes. An empty answer is an assent, and
   * the next `commit` takes this set; after any other the running set runs on.
   */
  prepare(desired: Desired): Promise<readonly PrepareProblem[]>;
  /** Makes the running set the prepared one. @throws TypeError when nothing is prepared. */
  commit(leftovers: Leftovers): Promise<void>;
  /** What a tracker says now; remembered for virtual routers that come later. */
  track(news: TrackerNews): void;
  /** Whether a link has its beat, when it is polled; before that, and without polling, it counts as having it. */
  linkbeat(link: string, up: boolean): void;
  snapshot(): readonly RouterSnapshot[];
  /**
   * Everything a person may want to know, a turn's worth at a time: deadlines have precedence, so whoever asks for the
   * next part lets them pass first.
   */
  standing(): Generator<readonly RouterStanding[], EngineCounts>;
  /** Priority 0, addresses away, sockets closed. */
  stop(): Promise<void>;
}

/** @param world what the engine may touch; it is closed by whoever made it. */
export function createEngine(world: World): Engine {
  const parts = assemble(world);
  const { turns, roster, links, news, trackers } = parts;
  let prepared: Desired | undefined;
  let unwatch: (() => void) | undefined;
  return {
    async prepare(desired) {
      prepared = undefined;
      const problems = impossibleRouters(desired, (key) => roster.get(key)?.desired);
      if (problems.length > 0) return problems;
      try {
        unwatch ??= await beginWatching(parts);
      } catch (error) {
        return [{ message: `the network cannot be read: ${failureText(error).message}` }];
      }
      prepared = desired;
      return [];
    },
    async commit(journal) {
      const desired = prepared;
      if (desired === undefined) throw new TypeError('nothing is prepared');
      prepared = undefined;
      const [first] = desired.virtualRouters;
      if (first !== undefined && roster.all.length === 0) rehearseTakeover(first);
      await removeLeftovers(parts, desired, journal);
      turns.run(() => switchTo(parts, desired));
    },
    track: (one) => turns.run(() => trackers.heard(one)),
    linkbeat: (link, up) =>
      turns.run(() => {
        const wasUp = links.isUp(link);
        links.hearBeat(link, up);
        news.linkSettled(link, wasUp, 'linkbeat');
      }),
    snapshot: () => roster.all.map(snapshotOf),
    standing: () => standing(parts),
    async stop() {
      await stop(parts);
      unwatch?.();
    },
  };
}

/** Watching starts before reading, so that nothing falls between the two. */
async function beginWatching({ world, turns, news, resync }: EngineParts): Promise<() => void> {
  const stopWatching = world.kernel.watch((event) => turns.run(() => news.heard(event)));
  try {
    await resync.begin();
    return stopWatching;
  } catch (error) {
    stopWatching();
    throw error;
  }
}

/** One turn: what goes says so, what stays goes on, what comes begins. All removals come before all additions. */
function switchTo(parts: EngineParts, desired: Desired): void {
  const { facts, drift, links, news, groups, roster, trackers, report, world } = parts;
  facts.configure(desired);
  drift.fallsBack = desired.driftFallback === true;
  roster.tellUnknownVrids(desired.tellsUnknownVrids === true);
  links.configure(desired.linkDelays ?? [], desired.linkbeats ?? []);
  news.linksSeen(links.seeAll(world.now()));
  groups.suspend();
  const wanted = new Set(desired.virtualRouters.map(({ key }) => key));
  for (const router of roster.all) if (!wanted.has(router.desired.key)) retire(parts, router);
  trackers.forget(desired);
  report({ kind: 'starting' });
  const fresh = new Set<VirtualRouter>();
  for (const one of desired.virtualRouters) if (roster.get(one.key) === undefined) fresh.add(roster.create(one));
  // A group looks at all its members, so they all exist before the first one moves.
  groups.configure(desired.syncGroups, roster.byName(desired));
  for (const one of desired.virtualRouters) {
    const router = roster.get(one.key);
    if (router === undefined) continue;
    if (!fresh.has(router)) router.reconfigure(one);
    facts.tell(router);
    // It may track since now what others have tracked all along.
    trackers.tell(router);
    if (fresh.has(router)) router.deliver({ kind: 'startup' });
  }
  report({ kind: 'started' });
}

function* standing(parts: EngineParts): Generator<readonly RouterStanding[], EngineCounts> {
  const routers = [...parts.roster.all];
  while (routers.length > 0) {
    yield routers.splice(0, STANDINGS_PER_TURN).map((router) => standingOf(router, parts.news.isPresent));
  }
  return { syncGroups: parts.groups.groups, lateness: parts.lateness.counts };
}

async function stop(parts: EngineParts): Promise<void> {
  const { turns, groups, roster, resync, keeper, announcer, report } = parts;
  resync.end();
  turns.run(() => {
    groups.suspend();
    for (const router of roster.all) retire(parts, router);
  });
  await keeper.tried();
  turns.close();
  announcer.close();
  report({ kind: 'stopped' });
}

function retire({ roster, facts }: EngineParts, router: VirtualRouter): void {
  roster.retire(router);
  facts.forget(router);
}
