// In which order a start is told: what keepalived 2.2.7 did in each of these cases (test/interop/notification-order.test.ts
// runs some of them beside it).
import { expect, test } from '@jest/globals';

import type { Notice, NoticeState } from '../../../src/reports/notice.js';
import { inStartOrder } from '../../../src/control/notifications/start-order.js';

/** `VI_1 BACKUP`, `G FAULT`: a name with an underscore is that of an instance. */
function notice(text: string, previous: 'INIT' | 'BACKUP' = 'INIT'): Notice {
  const [name = '', state] = text.split(' ');
  const reason = { cause: 'startup', previous, faults: [] } as const;
  return { scope: name.includes('_') ? 'INSTANCE' : 'GROUP', name, state: state as NoticeState, priority: 0, reason };
}

const SUBJECTS = ['VI_1', 'VI_2', 'VI_3', 'G', 'H'].map((name) => notice(`${name} BACKUP`));

/** A `*` marks what only FIFOs are told, again. */
function order(changes: readonly string[], known: readonly string[] = []): readonly string[] {
  const before = new Map(known.map((text) => notice(text)).map((one) => [`${one.scope} ${one.name}`, one]));
  const told = inStartOrder(
    changes.map((text) => notice(text)),
    before,
    SUBJECTS,
  );
  return told.map(({ notice: { name, state }, isNew }) => `${name} ${state}${isNew ? '' : '*'}`);
}

test.each<[string, readonly string[], readonly string[]]>([
  [
    'groups that begin as Backup come first',
    ['VI_1 BACKUP', 'VI_2 BACKUP', 'G BACKUP', 'VI_3 BACKUP', 'H BACKUP'],
    ['G BACKUP', 'H BACKUP', 'VI_1 BACKUP', 'VI_2 BACKUP', 'VI_3 BACKUP'],
  ],
  [
    'instances in fault come before the groups, and what a held member was for a moment is not told',
    ['VI_1 BACKUP', 'VI_2 FAULT', 'VI_1 FAULT', 'G FAULT', 'VI_3 BACKUP', 'H BACKUP'],
    ['VI_1 FAULT', 'VI_2 FAULT', 'G FAULT', 'H BACKUP', 'VI_3 BACKUP'],
  ],
  [
    'a group of owners comes after them',
    ['VI_2 MASTER', 'VI_1 MASTER', 'G MASTER', 'VI_3 BACKUP'],
    ['VI_1 MASTER', 'VI_2 MASTER', 'VI_3 BACKUP', 'G MASTER'],
  ],
  ['one that is silent is left out', ['VI_1 BACKUP'], ['VI_1 BACKUP']],
])('%s', (_title, changes, told) => {
  expect(order(changes)).toEqual(told);
});

test('states that were told before are written again, groups first, and those that are new take their places', () => {
  const known = ['VI_1 MASTER', 'VI_2 BACKUP', 'G MASTER'];
  expect(order(['VI_3 BACKUP', 'H BACKUP'], known)).toEqual([
    'G MASTER*',
    'H BACKUP',
    'VI_1 MASTER*',
    'VI_2 BACKUP*',
    'VI_3 BACKUP',
  ]);
  expect(order(['VI_2 FAULT', 'G FAULT'], known)).toEqual(['VI_2 FAULT', 'G FAULT', 'VI_1 MASTER*']);
});

test('of several states at the start the last one is told, with what was before the first', () => {
  const [told] = inStartOrder([notice('VI_1 BACKUP'), notice('VI_1 FAULT', 'BACKUP')], new Map(), SUBJECTS);
  expect(told?.notice).toMatchObject({ state: 'FAULT', reason: { previous: 'INIT' } });
});
