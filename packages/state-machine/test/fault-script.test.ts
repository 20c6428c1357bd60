// Fault scripts: every action is read and printed again, every slip has a place and, where one is near, a better word.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatFault, parseFaultScript, SCRIPT_LINES_MAX } from '../src/sim/index.js';
import type { Stage } from '../src/sim/index.js';

const STAGE: Stage = {
  nodes: [
    {
      name: 'a',
      links: ['eth0', 'eth1'],
      checks: [{ kind: 'script', name: 'chk_api' }],
      addresses: ['192.0.2.100', '198.18.0.1'],
    },
    { name: 'node-b', links: ['eth0'], checks: [{ kind: 'process', name: 'nginx' }], addresses: ['192.0.2.100'] },
  ],
  end: 60_000_000,
  suggest: (word, known) => known.find((one) => one.length === word.length),
};

describe('every action', () => {
  test.each([
    'crash a',
    'kill a',
    'stop a',
    'start a',
    'restart node-b',
    'stall a for 3s',
    'stall a for 0.25s',
    'link a eth1 down',
    'link a eth0 up',
    'partition a -> node-b',
    'partition a <-> node-b',
    'partition a -> node-b on eth1',
    'heal',
    'heal on eth0',
    'heal a -> node-b',
    'loss 10%',
    'loss 2.5% on eth0',
    'duplication 30%',
    'delay 0.02s',
    'delay 0.02s jitter 0.01s on eth1',
    'reorder on',
    'reorder off',
    'script chk_api fails on a',
    'process nginx succeeds on node-b',
    'remove 192.0.2.100 on a',
    'reload a with other/a.conf',
    'corruption 5% on eth0',
    'refuse sending on a with EPERM for 2s',
    'refuse changes on node-b with ENOBUFS for 0.5s',
    'lose events on a for 2s',
    'overflow node-b for 0.25s',
    'clock a ahead 3600s for 10s',
  ])('%s', (action) => {
    const { faults, problems } = parseFaultScript(`at 1.5s ${action}`, STAGE);
    expect(problems).toEqual([]);
    expect(faults.map(({ at, fault }) => `${at} ${formatFault(fault)}`)).toEqual([`1500000 ${action}`]);
  });
});

describe('a script', () => {
  test('has comments and empty lines, arrows without spaces, and any order of times', () => {
    const text = '# nothing yet\n\n  at 20s partition a->node-b # now\nat 500ms crash a\r\n';
    const { faults, problems } = parseFaultScript(text, STAGE);
    expect(problems).toEqual([]);
    expect(faults.map(({ at, fault }) => `${at} ${formatFault(fault)}`)).toEqual([
      '500000 crash a',
      '20000000 partition a -> node-b',
    ]);
  });

  test('that is too long says so', () => {
    const { problems } = parseFaultScript('\n'.repeat(SCRIPT_LINES_MAX), STAGE);
    expect(problems.map(({ message }) => message)).toEqual(['a script has at most 10000 lines']);
  });

  test.each([
    ['crash a', "1:1: error: 'at' is expected here"],
    ['at crash a', '1:4: error: crash is no time: write it as 10s, 1.5s, 200ms or 2m'],
    ['at 10 crash a', '1:4: error: 10 is no time: write it as 10s, 1.5s, 200ms or 2m'],
    ['at 61s crash a', '1:4: error: this is after the end of the simulation: it never happens'],
    ['at 1500m crash a', '1:4: error: 1500m is more than a day'],
    ['at 1s', '1:7: error: an action is missing here'],
    ['at 1s crash', '1:13: error: the name of a node is missing here'],
    ['at 1s crash a now', '1:15: error: the line ends before now'],
    ['at 1s crash c', '1:13: error: there is no node c; there is a, node-b'],
    ['at 1s link a eth2 down', '1:14: error: a has no link eth2; there is eth0, eth1'],
    ['at 1s link node-b eth1 down', '1:19: error: node-b has no link eth1; there is eth0'],
    ['at 1s link a eth0 sideways', '1:19: error: sideways is not a state of a link: up, down'],
    ['at 1s partition a node-b', '1:19: error: node-b is not an arrow: ->, <->'],
    ['at 1s partition a -> a', '1:22: error: a always hears itself'],
    ['at 1s loss 101%', '1:12: error: 101% is no percentage from 0% to 100%'],
    ['at 1s loss 10', '1:12: error: 10 is no percentage from 0% to 100%'],
    ['at 1s heal on eth9', '1:15: error: no node has a link eth9; there is eth0, eth1'],
    [
      'at 1s refuse sending on a with ESRCH for 1s',
      '1:32: error: ESRCH is not an error of the kernel: EPERM, ENOMEM, EACCES, ENETDOWN, ENOBUFS',
    ],
    ['at 1s script nginx fails on node-b', '1:14: error: node-b tracks no script nginx; there is none'],
    ['at 1s remove 192.0.2.9 on a', '1:14: error: a never has the address 192.0.2.9; there is 192.0.2.100, 198.18.0.1'],
  ])('%s', (text, expected) => {
    const { faults, problems } = parseFaultScript(text, STAGE);
    expect(faults).toEqual([]);
    expect(problems.map(({ line, column, message }) => `${line}:${column}: error: ${message}`)).toEqual([expected]);
  });

  test('names what may have been meant, for every problem, and reads the rest', () => {
    const text = 'at 1s crahs a\nat 2s crash a\n\tat 3s script chk_apo fails on a\n';
    const { faults, problems } = parseFaultScript(text, STAGE);
    expect(faults).toHaveLength(1);
    expect(problems.map(({ line, column, length, suggestion }) => [line, column, length, suggestion])).toEqual([
      [1, 7, 5, 'crash'],
      [3, 15, 7, 'chk_api'],
    ]);
  });

  test('is answered whatever it says: no text throws, every place is in the text', () => {
    const word = fc.constantFrom(
      'at',
      '1s',
      'crash',
      'a',
      'on',
      '->',
      'heal',
      'loss',
      '5%',
      'constructor',
      '__proto__',
    );
    const line = fc.oneof(
      fc.string(),
      fc.array(word).map((words) => words.join(' ')),
    );
    const property = fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
      const text = lines.join('\n');
      const { problems } = parseFaultScript(text, STAGE);
      const last = text.split('\n').length;
      expect(problems.every((problem) => problem.line <= last && problem.column >= 1)).toBe(true);
    });
    fc.assert(property, { seed: 4, numRuns: 300 });
  });
});
