// The problems of a fault script as people read them: the line, the place, and what may have been meant.
import { expect, test } from '@jest/globals';
import { parseFaultScript } from '@vrrp/state-machine/sim';
import { nearestWord } from '@vrrp/conf-parser';
import { renderProblems } from '../../src/simulation/script-problems.js';

test('each problem is shown with its line, its place and the nearest word', () => {
  const checks = [{ kind: 'script', name: 'chk_api' }] as const;
  const stage = { nodes: [{ name: 'a', links: ['eth0'], checks, addresses: [] }], suggest: nearestWord };
  const text = 'at 1s crahs a\nat 2s crash a\n\tat 3s script chk_apo fails on a\n';
  const { faults, problems } = parseFaultScript(text, stage);
  expect(faults).toHaveLength(1);
  expect(renderProblems(problems, 'faults.txt', text)).toBe(
    [
      'faults.txt:1:7: error: crahs is not an action: crash, kill, stop, start, restart, stall, link, partition, heal, loss, duplication, corruption, delay, reorder, script, process, file, bfd, remove, reload, refuse, lose, overflow, clock',
      '  | at 1s crahs a',
      '  |       ^^^^^',
      '  did you mean crash?',
      'faults.txt:3:15: error: a tracks no script chk_apo; there is chk_api',
      '  | \tat 3s script chk_apo fails on a',
      '  | \t             ^^^^^^^',
      '  did you mean chk_api?',
      '',
    ].join('\n'),
  );
});
