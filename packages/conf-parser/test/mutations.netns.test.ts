// Damaged configurations against the real keepalived: the same exit status, and the same instances where it runs at all.
// VRRPD_MUTATIONS and VRRPD_SEED widen the search.
import { afterAll, expect, test } from '@jest/globals';
import { exitStatus } from '../src/index.js';
import { parseText } from './configs.js';
import { CONFIG_ID, MACHINE, NOT_RUN, readCorpus } from './corpus.js';
import { instanceAsDumped } from './dumped.js';
import { openLab } from './keepalived.js';
import { createChooser, damage } from './mutations.js';

const lab = openLab();
afterAll(() => lab.close());

const COUNT = Number(process.env['VRRPD_MUTATIONS'] ?? 100);
const SEED = Number(process.env['VRRPD_SEED'] ?? 20_260_901);

test('damaged configurations read as keepalived reads them', async () => {
  const texts = readCorpus()
    .map(({ text }) => text)
    .filter((text) => text.length < 3000 && !NOT_RUN.test(text) && !text.includes('include'));
  const others = texts.flatMap((text) => text.split('\n')).filter((line) => line.trim() !== '');
  const choose = createChooser(SEED);
  const ours: object[] = [];
  const theirs: object[] = [];
  for (let count = 0; count < COUNT; count += 1) {
    const text = damage(texts[choose(texts.length)] ?? '', choose, others);
    const status = lab.test(text);
    // keepalived 2.2.7 crashes on some of them; there is nothing to compare then.
    if (status === null || status > 6 || NOT_RUN.test(text)) continue;
    const parsed = parseText(text, { configId: CONFIG_ID, facts: MACHINE });
    ours.push({ text, status: exitStatus(parsed) });
    theirs.push({ text, status });
    if (status === 2 || !text.includes('vrrp_instance')) continue;
    const ran = await lab.dump(text);
    if (ran.kind === 'refused') continue;
    ours.push({ text, refused: parsed.refused, instances: parsed.model?.vrrp_instance.map(instanceAsDumped) });
    theirs.push({ text, refused: false, instances: ran.instances });
  }
  expect(ours.length).toBeGreaterThan(COUNT);
  expect(ours).toEqual(theirs);
}, 3_600_000);
