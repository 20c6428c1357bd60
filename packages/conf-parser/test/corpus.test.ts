// Every configuration of the corpus ends as keepalived 2.2.7 -t did when it was recorded, gives a model the schema
// describes, prints back unchanged, and means the same formatted.
import { describe, expect, test } from '@jest/globals';
import { exitStatus, formatConfig, parseCst, printCst } from '../src/index.js';
import { configSchema } from '../src/schema.js';
import { parseText } from './configs.js';
import { CONFIG_ID, MACHINE, readCorpus } from './corpus.js';

const corpus = readCorpus();
const parse = (text: string) => parseText(text, { configId: CONFIG_ID, facts: MACHINE });

test('the corpus is there', () => {
  expect(corpus.length).toBeGreaterThan(500);
  expect(new Set(corpus.map(({ status }) => status))).toEqual(new Set([0, 2, 4, 5, 6]));
});

describe.each([...new Set(corpus.map(({ file }) => file))])('%s', (name) => {
  const cases = corpus.filter(({ file }) => file === name);

  test.each(cases.map((each) => [each.title, each] as const))('%s', (_title, { status, text }) => {
    const parsed = parse(text);
    expect(exitStatus(parsed)).toBe(status);
    expect(configSchema.parse(parsed.model)).toEqual(parsed.model);
    expect(printCst(parseCst('', text))).toBe(text);
  });

  test('means the same formatted', () => {
    for (const { text } of cases) {
      const formatted = parse(formatConfig(text));
      expect(formatted.model).toEqual(parse(text).model);
      expect(exitStatus(formatted)).toBe(exitStatus(parse(text)));
    }
  });
});
