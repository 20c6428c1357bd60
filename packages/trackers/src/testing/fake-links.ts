// Links that exist only in memory. Passes the same contract as the real port (linksContract).

import type { Clock } from '../clock.js';
import type { LinkEvents } from '../link-events.js';
import type { LinkCondition } from '../tracker.js';

export class FakeLinks implements LinkEvents {
  readonly #clock: Clock;
  readonly #conditions = new Map<string, LinkCondition>();
  readonly #watches = new Map<(condition: LinkCondition) => void, string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  set(name: string, condition: LinkCondition): void {
    this.#conditions.set(name, condition);
    for (const [listener, watched] of this.#watches) if (watched === name) listener(condition);
  }

  watch(name: string, listener: (condition: LinkCondition) => void): () => void {
    let last: LinkCondition | undefined;
    const hear = (condition: LinkCondition): void => {
      if (condition === last) return;
      last = condition;
      listener(condition);
    };
    this.#watches.set(hear, name);
    const cancel = this.#clock.schedule(this.#clock.now(), () => hear(this.#conditions.get(name) ?? 'missing'));
    return () => {
      this.#watches.delete(hear);
      cancel();
    };
  }
}
