// A text, parsed, planned and started, with everything checked that holds for every configuration: whatever the parser lets
// through is run, or left out with a finding that has a place.
import { isDeepStrictEqual } from 'node:util';
import { createMemoryLoader, parseConfig, type ParsedConfig, type SystemFacts } from '@vrrp/conf-parser';
import { create, nextDeadline, step, type EventBody, type VirtualRouterConfig } from '@vrrp/state-machine';
import { planConfig, planFindings, type PlanResult } from '../../src/plan/plan.js';

const FILE = '/k.conf';
export interface Judgement {
  readonly parsed: ParsedConfig;
  readonly plan: PlanResult;
}

function planText(text: string, facts: SystemFacts = {}): Judgement {
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
export function judge(text: string, facts?: SystemFacts): Judgement {
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
  return { parsed, plan };
}

export function withText<Result>(text: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new Error(`with this configuration:\n${text}`, { cause: error });
  }
}
