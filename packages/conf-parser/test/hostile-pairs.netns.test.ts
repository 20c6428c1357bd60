// Every keyword with arguments made to hurt, beside `keepalived -t`: the same exit status for 99.5 % of those at which it does
// not crash. A sample of a fixed seed; VRRPD_PAIRS=all compares the whole product, VRRPD_PAIRS=NUMBER a larger sample.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { exitStatus } from '../src/index.js';
import { parseText } from './configs.js';
import { CONFIG_ID, MACHINE, NOT_RUN } from './corpus.js';
import { hostilePairs, type Pair } from './hostile-pairs.js';
import { openLab } from './keepalived.js';
import { createChooser } from './mutations.js';

const lab = openLab();
afterAll(() => lab.close());

const SEED = 20_261_127;
/** 99.5 % are equal. */
const MOST_DIFFERENT = 0.005;
const TIMEOUT_MS = 3_600_000;
/** Of the sample: takes some 30 s. */
const COUNT = process.env['VRRPD_PAIRS'] ?? '1000';
/** getaddrinfo(3) takes a number for an address. */
const FACTS = { ...MACHINE, hostResolves: (name: string) => name === 'localhost' || /^\d+$/.test(name) };

/** What differs on purpose: each with words of its row in docs/compatibility.md. */
const KNOWN: readonly { readonly row: string; matches(pair: Pair): boolean }[] = [
  { row: 'additions: keepalived reports unknown keywords', matches: ({ addition }) => addition },
  {
    row: 'numbers of `*_cpu_affinity` above those of the machine',
    matches: ({ statement }) => /^\w+_cpu_affinity \S/.test(statement),
  },
];
const COMPATIBILITY = readFileSync(join(import.meta.dirname, '../../../docs/compatibility.md'), 'utf8');

test('what differs on purpose has its row', () => {
  expect(KNOWN.filter(({ row }) => !COMPATIBILITY.includes(row))).toEqual([]);
});

function sample(): readonly Pair[] {
  const pairs = hostilePairs().filter(({ text }) => !NOT_RUN.test(text));
  if (COUNT === 'all') return pairs;
  const choose = createChooser(SEED);
  return Array.from({ length: Number(COUNT) }, () => pairs[choose(pairs.length)] ?? []).flat();
}

test(
  'a keyword with a hostile argument ends the test as keepalived ends it',
  () => {
    const pairs = sample();
    let compared = 0;
    const different: object[] = [];
    for (const pair of pairs) {
      if (KNOWN.some(({ matches }) => matches(pair))) continue;
      const theirs = lab.test(pair.text);
      // A crash of keepalived is nothing to be like.
      if (theirs === null || theirs > 6) continue;
      compared += 1;
      const ours = exitStatus(parseText(pair.text, { configId: CONFIG_ID, facts: FACTS }));
      if (ours !== theirs) different.push({ text: pair.text, ours, theirs });
    }
    expect(compared).toBeGreaterThan(pairs.length * 0.9);
    // The differences are shown when there are too many of them.
    expect(different.length / compared > MOST_DIFFERENT ? different : []).toEqual([]);
  },
  TIMEOUT_MS,
);
