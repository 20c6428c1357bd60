// The corpus against the real keepalived 2.2.7: the recorded exit status of its configuration test, and what it makes
// of every instance, from its own dump, beside our model. Root and the binary are needed.
import { afterAll, describe, expect, test } from '@jest/globals';
import { parseConfig } from '../src/index.js';
import { ENTRY, parseText } from './configs.js';
import { CONFIG_ID, MACHINE, NOT_RUN, readCorpus } from './corpus.js';
import { instanceAsDumped } from './dumped.js';
import { openLab } from './keepalived.js';

const lab = openLab();
afterAll(() => lab.close());

const corpus = readCorpus();
const files = [...new Set(corpus.map(({ file }) => file))];

describe.each(files)('%s', (name) => {
  const cases = corpus.filter(({ file }) => file === name);

  test('each configuration still has the status that was recorded', () => {
    const differing = cases.filter(({ text, status }) => lab.test(text) !== status).map(({ title }) => title);
    expect(differing).toEqual([]);
  });

  test('each instance is what keepalived dumps', async () => {
    const ours: object[] = [];
    const theirs: object[] = [];
    for (const { title, text } of cases) {
      if (NOT_RUN.test(text) || !text.includes('vrrp_instance')) continue;
      const ran = await lab.dump(text);
      // Without anything to run there is no VRRP process, and no dump.
      if (ran.kind === 'refused' && !ran.output.includes('VRRP child')) continue;
      const { refused, model } = parseText(text, { configId: CONFIG_ID, facts: MACHINE });
      const running = ran.kind === 'running';
      ours.push({ title, refused, ...(running ? { instances: model?.vrrp_instance.map(instanceAsDumped) } : {}) });
      theirs.push({ title, refused: !running, ...(running ? { instances: ran.instances } : {}) });
    }
    expect(ours.length).toBeGreaterThan(0);
    expect(ours).toEqual(theirs);
  }, 600_000);
});

test('a file that is not there is an empty one to the test', () => {
  expect(parseConfig(ENTRY, { read: () => undefined, glob: () => [] }).refused).toBe(true);
});
