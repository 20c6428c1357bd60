// A plan is total: every configuration of the parser's corpus, and every keyword at its limits, go through parse, plan, create
// and a start. Ten thousand random ones do in total-random.test.ts.
import { expect, test } from '@jest/globals';
import type { SystemFacts } from '@vrrp/conf-parser';
import { configSchema } from '@vrrp/conf-parser/schema';
import { judge, withText } from './judged.js';
import { corpusTexts } from './parser-corpus.js';
import { everyBoundary } from './random-configs.js';

/** A machine that has little of what the files name. */
const MACHINE: SystemFacts = {
  interfaceExists: (name) => name === 'eth0',
  userExists: (name) => name === 'root',
  inspectScript: () => ({ kind: 'missing', reason: 'there is no such file' }),
};

test('every configuration of the corpus', () => {
  const planned = corpusTexts().map((text) => withText(text, () => [judge(text, MACHINE), judge(text)]));
  expect(planned.length).toBeGreaterThan(500);
});

test('a value inside the range of its keyword is one that the model and the state machine take', () => {
  const texts = everyBoundary();
  expect(texts.length).toBeGreaterThan(1000);
  for (const { text, ordinary } of texts) {
    withText(text, () => {
      // Plain comparisons, because there are thousands of these.
      const { parsed, plan } = judge(text);
      const { error } = configSchema.safeParse(parsed.model);
      if (error !== undefined) throw error;
      // What cannot be run is what version 2 cannot carry, and a virtual router without a number: both are said.
      const impossible = plan.findings.filter(({ code }) => code === 'plan/impossible-router');
      const unheardOf = impossible.filter(({ summary }) => !/version 2 has no IPv6|vrid must be/.test(summary));
      if (ordinary && unheardOf.length > 0) expect(unheardOf).toEqual([]);
    });
  }
});
