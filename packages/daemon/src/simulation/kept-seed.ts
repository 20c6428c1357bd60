// A shortened seed as one text that is kept with its fix: the files of the nodes, the faults, the repairs, and what happens
// now. Text <-> scenario; test/simulation/kept-seeds.test.ts plays them.
import { formatDuration, parseDuration } from '@vrrp/state-machine/sim';
import type { RandomRun } from './random-run.js';
import type { Scenario } from './random-scenario.js';
import { timelineLines } from './timeline.js';

const SECTION = '---- ';

/** @param comment lines that say what the seed was kept for. */
export function keptText({ scenario, events, violations }: RandomRun, comment: readonly string[] = []): string {
  const { seed, script, peace, peaceAt, configurations } = scenario;
  const lines = [...script, ...peace];
  const isUsed = (name: string): boolean => !name.includes('.') || lines.some((line) => line.endsWith(` with ${name}`));
  const files = [...configurations].filter(([name]) => isUsed(name));
  return [
    ...comment,
    `seed ${seed}, peace at ${formatDuration(peaceAt)}`,
    ...files.flatMap(([name, text]) => [`${SECTION}file ${name}`, text.trimEnd()]),
    `${SECTION}faults`,
    ...script,
    `${SECTION}repairs`,
    ...peace,
    `${SECTION}what happens`,
    ...timelineLines(events),
    violations.length === 0 ? 'every rule holds' : violations.join('\n'),
    '',
  ].join('\n');
}

/** The comment and the scenario of a kept text; what happened is not read. @throws TypeError when it is none. */
export function parseKept(text: string): { readonly scenario: Scenario; readonly comment: readonly string[] } {
  const [head = '', ...sections] = text.split(`\n${SECTION}`);
  const [, seed = '', peace = ''] = /^seed (\d+), peace at (\S+)$/m.exec(head) ?? [];
  const peaceAt = parseDuration(peace);
  if (peaceAt === undefined) throw new TypeError('a kept seed begins with: seed N, peace at TIME');
  const configurations = new Map<string, string>();
  let [script, repairs]: (readonly string[])[] = [[], []];
  for (const section of sections) {
    const [title = '', ...lines] = section.split('\n');
    if (title.startsWith('file ')) configurations.set(title.slice('file '.length), `${lines.join('\n')}\n`);
    else if (title === 'faults') script = lines;
    else if (title === 'repairs') repairs = lines;
  }
  const comment = head.split('\n').filter((line) => line.startsWith('#'));
  const scenario = { seed: Number(seed), peaceAt, configurations, script: script ?? [], peace: repairs ?? [] };
  return { scenario, comment };
}
