// Configurations nobody wrote down against the real keepalived: the same exit status, and the same instances where it
// runs at all. Damaged ones of the corpus, and instances of random lines.
// VRRPD_CONFIG_FOLDER names a folder of files to compare, as they are and damaged, in place of the corpus;
// VRRPD_MUTATIONS and VRRPD_SEED widen the search.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { exitStatus } from '../src/index.js';
import { parseText } from './configs.js';
import { CONFIG_ID, MACHINE, NOT_RUN, readCorpus } from './corpus.js';
import { instanceAsDumped } from './dumped.js';
import { generateConfiguration } from './generated.js';
import { openLab } from './keepalived.js';
import { createChooser, damage } from './mutations.js';

const lab = openLab();
afterAll(() => lab.close());

const COUNT = Number(process.env['VRRPD_MUTATIONS'] ?? 100);
const SEED = Number(process.env['VRRPD_SEED'] ?? 20_260_901);
const FOLDER = process.env['VRRPD_CONFIG_FOLDER'];
const TIMEOUT_MS = 3_600_000;

/** Short ones, which name no files or programs of their machine that are run. */
function textsToDamage(): readonly string[] {
  const texts = FOLDER === undefined ? readCorpus().map(({ text }) => text) : readFolder(FOLDER);
  return texts.filter((text) => text.length < 3000 && !NOT_RUN.test(text) && !text.includes('include'));
}

function readFolder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

async function expectSame(texts: Iterable<string>, least: number): Promise<void> {
  const ours: object[] = [];
  const theirs: object[] = [];
  for (const text of texts) {
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
  expect(ours.length).toBeGreaterThan(least);
  expect(ours).toEqual(theirs);
}

function* damaged(): Generator<string> {
  const texts = textsToDamage();
  const others = texts.flatMap((text) => text.split('\n')).filter((line) => line.trim() !== '');
  const choose = createChooser(SEED);
  if (FOLDER !== undefined) yield* readFolder(FOLDER);
  for (let count = 0; count < COUNT; count += 1) yield damage(texts[choose(texts.length)] ?? '', choose, others);
}

/** A third as many: nearly all of them are run, which takes keepalived a second each. */
function* generated(): Generator<string> {
  const choose = createChooser(SEED);
  for (let count = 0; count < COUNT / 3; count += 1) yield generateConfiguration(choose);
}

test('damaged configurations read as keepalived reads them', () => expectSame(damaged(), COUNT), TIMEOUT_MS);

test('instances of random lines read as keepalived reads them', () => expectSame(generated(), COUNT / 3), TIMEOUT_MS);
