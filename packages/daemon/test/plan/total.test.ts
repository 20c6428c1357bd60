// A plan is total: whatever the parser lets through is run, or left out with a finding that has a place. Every configuration of
// the parser's corpus, every keyword at its limits, and ten thousand random ones go through parse, plan, create and a start.
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@jest/globals';
import { createMemoryLoader, parseConfig, type ParsedConfig, type SystemFacts } from '@vrrp/conf-parser';
import { configSchema } from '@vrrp/conf-parser/schema';
import { create, nextDeadline, step, type EventBody, type VirtualRouterConfig } from '@vrrp/state-machine';
import { createRandom } from '@vrrp/state-machine/sim';
import { planConfig, planFindings, type PlanResult } from '../../src/plan/plan.js';
import { corpusTexts } from './parser-corpus.js';
import { everyBoundary, randomConfiguration } from './random-configs.js';

const FILE = '/k.conf';
const SEED = 20_261_127;
/** A machine that has little of what the files name. */
const MACHINE: SystemFacts = {
  interfaceExists: (name) => name === 'eth0',
  userExists: (name) => name === 'root',
  inspectScript: () => ({ kind: 'missing', reason: 'there is no such file' }),
};

function planText(text: string, facts: SystemFacts = {}): { readonly parsed: ParsedConfig; readonly plan: PlanResult } {
  const parsed = parseConfig(FILE, createMemoryLoader({ [FILE]: text }), { facts });
  if (parsed.model === undefined) throw new Error('the entry file was not read');
  return { parsed, plan: planConfig(parsed.model, { placeOf: parsed.placeOf }) };
}

/** Started with a link and an address, and let go to its third deadline. */
function start(config: VirtualRouterConfig): void {
  let state = create(config);
  let at = 0;
  const send = (event: EventBody): void => void (state = step(state, { ...event, at }).state);
  send({ kind: 'link', up: true });
  send({ kind: 'primary-address', address: config.family === 4 ? '192.0.2.250' : 'fe80::250' });
  send({ kind: 'startup' });
  for (let turn = 0; turn < 3; turn += 1) {
    at = nextDeadline(state) ?? at;
    send({ kind: 'time' });
  }
  send({ kind: 'shutdown' });
}

/**
 * Every instance is a virtual router or has a finding with a place, a test says the same, and what runs can run. Plain
 * comparisons, because there are some ten thousand of these.
 */
function judge(text: string, facts?: SystemFacts): PlanResult {
  const { parsed, plan } = planText(text, facts);
  const { findings, desired } = plan;
  const running = new Set(desired.virtualRouters.map(({ config }) => config.name));
  for (const { name } of parsed.model?.vrrp_instance ?? []) {
    const reasons = findings.filter(({ summary }) => summary.startsWith(`(${name}) is left out: `));
    if (reasons.length !== (running.has(name) ? 0 : 1)) throw new Error(`${name} has ${reasons.length} reasons`);
  }
  const placeless = findings.find(({ span }) => span.file !== FILE || span.end <= span.start);
  if (placeless !== undefined) throw new Error(`${placeless.code} has no place`);
  const said = planFindings(parsed);
  const unsaid = findings.filter((one) => !said.some((other) => isDeepStrictEqual(one, other)));
  if ((unsaid.length > 0 && !parsed.refused) || said.length + unsaid.length !== findings.length)
    throw new Error('a configuration test says something else than a start');
  for (const { name, members } of desired.syncGroups)
    if (members.length === 0 || !members.every((member) => running.has(member))) throw new Error(`group ${name}`);
  for (const { config } of desired.virtualRouters) start(config);
  return plan;
}

function withText<Result>(text: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new Error(`with this configuration:\n${text}`, { cause: error });
  }
}

test('every configuration of the corpus', () => {
  const planned = corpusTexts().map((text) => withText(text, () => [judge(text, MACHINE), judge(text)]));
  expect(planned.length).toBeGreaterThan(500);
});

test('ten thousand random configurations', () => {
  const random = createRandom(SEED);
  const codes = new Map<string, number>();
  let routers = 0;
  for (let count = 0; count < 10_000; count += 1) {
    const text = randomConfiguration(random);
    const { desired, findings } = withText(text, () => judge(text));
    routers += desired.virtualRouters.length;
    for (const { code } of findings) codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  // The seed reaches what it is for.
  expect(routers).toBeGreaterThan(5000);
  expect([...codes.keys()].toSorted()).toEqual([
    'plan/delays-of-polled-link',
    'plan/duplicate-vrid',
    'plan/group-left-out',
    'plan/impossible-router',
    'plan/no-interface',
    'plan/unsupported-authentication',
    'plan/unused-linkbeat',
  ]);
});

test('a value inside the range of its keyword is one that the model and the state machine take', () => {
  const texts = everyBoundary();
  expect(texts.length).toBeGreaterThan(1000);
  for (const { text, ordinary } of texts) {
    withText(text, () => {
      const { parsed } = planText(text);
      expect(configSchema.safeParse(parsed.model).error).toBeUndefined();
      // What cannot be run is what version 2 cannot carry, and a virtual router without a number: both are said.
      const impossible = judge(text).findings.filter(({ code }) => code === 'plan/impossible-router');
      const unheardOf = impossible.filter(({ summary }) => !/version 2 has no IPv6|vrid must be/.test(summary));
      if (ordinary) expect(unheardOf).toEqual([]);
    });
  }
});
