// Which capabilities are missing, read from the text of /proc/PID/status (proc(5)).
import { expect, test } from '@jest/globals';
import { missingIn } from '../../src/control/capabilities.js';

test.each([
  ['everything', '000001ffffffffff', []],
  ['just the two', '0000000000003000', []],
  ['no CAP_NET_RAW', '000001ffffffdfff', ['CAP_NET_RAW']],
  ['no CAP_NET_ADMIN', '000001ffffffefff', ['CAP_NET_ADMIN']],
  ['nothing', '0000000000000000', ['CAP_NET_ADMIN', 'CAP_NET_RAW']],
])('with %s', (_title, effective, names) => {
  const sentences = missingIn(`Name:\tnode\nCapInh:\t0\nCapEff:\t${effective}\nCapBnd:\t0\n`);
  expect(sentences.map((sentence) => /CAP_\w+/.exec(sentence)?.[0])).toEqual(names);
});

test('a kernel that does not say lacks nothing', () => {
  expect(missingIn('Name:\tnode\n')).toEqual([]);
});
