// The port through which an interface tracker hears of its link. The daemon implements it over rtnetlink; src/node has
// one that looks at /sys each second (keepalived's link beat polling), ./testing has FakeLinks.

import type { LinkCondition } from './tracker.js';

export interface LinkEvents {
  /**
   * Calls `listener` soon with the link's condition, then at every change; never from within `watch`.
   * A link that does not exist is `missing`, and may appear later. Returns what ends it.
   */
  watch(name: string, listener: (condition: LinkCondition) => void): () => void;
}
