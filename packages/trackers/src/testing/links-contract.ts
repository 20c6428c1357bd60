// What every LinkEvents does, as far as it can be seen without changing a link: FakeLinks and the one over /sys pass.

import type { LinkEvents } from '../link-events.js';
import type { LinkCondition } from '../tracker.js';
import { ensure, until } from './contract.js';
import type { ContractCase, Passage } from './contract.js';

export interface LinksHarness extends Passage {
  readonly links: LinkEvents;
  /** The name and the condition of a link that is there, and a name that is not. */
  readonly present: { readonly name: string; readonly condition: LinkCondition };
  readonly absent: string;
}

const MOMENT = 50_000;

export const linksContract: readonly ContractCase<LinksHarness>[] = [
  {
    name: 'the condition of a link comes soon, once, and not from within watch',
    run: async (harness) => {
      const { links, present, absent, pass } = harness;
      for (const { name, condition } of [present, { name: absent, condition: 'missing' }]) {
        const heard: LinkCondition[] = [];
        const unwatch = links.watch(name, (one) => heard.push(one));
        ensure(heard.length === 0, 'not from within watch');
        await until(harness, () => heard.length > 0, 'its condition');
        await pass(MOMENT);
        ensure(heard.join() === condition, `${condition} once, not ${heard.join()}`);
        unwatch();
      }
    },
  },
  {
    name: 'a watch that ended before its first word says nothing',
    run: async ({ links, present, pass }) => {
      const heard: LinkCondition[] = [];
      links.watch(present.name, (one) => heard.push(one))();
      await pass(MOMENT);
      ensure(heard.length === 0, 'it has ended');
    },
  },
];
