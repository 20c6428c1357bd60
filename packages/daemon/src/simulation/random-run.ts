// Plays random scenarios against the checkers, and makes a failing one as short as it can be. Deterministic throughout: a
// seed stands for one run, byte for byte.
import { createMemoryLoader, parseConfig } from '@vrrp/conf-parser';
import type { Observation } from '@vrrp/state-machine';
import { Judges, parseFaultScript, settleTime, shrink } from '@vrrp/state-machine/sim';
import type { Desired } from '../plan/desired.js';
import { planConfig } from '../plan/plan.js';
import { Coverage } from './coverage.js';
import { randomScenario, type Scenario } from './random-scenario.js';
import type { SimulationEvent } from './record.js';
import type { SimulatedNode } from './simulated-node.js';
import { Simulation } from './simulation.js';
import { stageOf } from './stage.js';
import { longestLatency, viewOf } from './view.js';

export interface RandomRun {
  readonly scenario: Scenario;
  /** What of the state machine it reached, see coverage.ts. */
  readonly reached: readonly string[];
  /** Broken rules, empty when everything held. */
  readonly violations: readonly string[];
  readonly events: readonly SimulationEvent[];
}

/** Beyond the protocol's own time: scripts succeed again, a delayed start, in microseconds. */
const PATIENCE = 6_000_000;
const SECOND = 1_000_000;

/** One random run. */
export function playSeed(seed: number): Promise<RandomRun> {
  return playScenario(randomScenario(seed));
}

/** @throws TypeError when the scenario's text is no configuration or no script. */
export async function playScenario(scenario: Scenario): Promise<RandomRun> {
  const desired = new Map([...scenario.configurations].map(([name, text]) => [name, plan(name, text)]));
  const nodes = [...desired].filter(([name]) => !name.includes('.')).map(([name, one]) => ({ name, desired: one }));
  const script = parseFaultScript([...scenario.script, ...scenario.peace].join('\n'), stageOf(nodes));
  const [problem] = script.problems;
  if (problem !== undefined) throw new TypeError(`line ${problem.line} of the scenario: ${problem.message}`);
  const coverage = new Coverage();
  const observe = (node: SimulatedNode, observation: Observation): void => {
    coverage.observed(observation);
    if (isNeedlessLoss(node, observation))
      judges.report(`${node.name} gave up its role because an address was removed`);
  };
  const { seed } = scenario;
  const simulation = new Simulation({ nodes, seed, faults: script.faults, reloads: desired, observe });
  const judges = new Judges(viewOf(simulation));
  try {
    await playOut(simulation, judges, scenario.peaceAt);
  } catch (error) {
    // A bug crashes; here it is one more thing that a seed has found.
    judges.report(`the run broke off: ${error instanceof Error ? error.message : String(error)}`);
  }
  for (const { host } of simulation.nodes) for (const one of host.engine.snapshot()) coverage.counted(one.statistics);
  const { events } = simulation.recorder;
  return { scenario, violations: judges.violations, events, reached: coverage.reached };
}

async function playOut(simulation: Simulation, judges: Judges, peaceAt: number): Promise<void> {
  const look = (): void => judges.look();
  // What a rule that is broken brings about is not worth the time: two Masters that answer each other never stop.
  const isOver = (): boolean => judges.violations.length > 0;
  await simulation.start();
  await simulation.runUntil(peaceAt, look, isOver);
  const configs = simulation.nodes.flatMap((node) => node.desired.virtualRouters.map(({ config }) => config));
  const settledAt = peaceAt + settleTime(configs, longestLatency(simulation)) + PATIENCE;
  for (const time of [settledAt, settledAt + 2 * SECOND]) {
    if (!isOver()) await simulation.runUntil(time, look, isOver);
    if (!isOver()) judges.checkRecovered();
  }
}

/** A removed address comes back without a change of role, unless vrrp_drift_fallback asks for keepalived's way. */
function isNeedlessLoss({ desired }: SimulatedNode, observation: Observation): boolean {
  if (observation.kind !== 'transition' || observation.cause !== 'address-lost') return false;
  return desired.driftFallback !== true;
}

/** A scenario of fewer nodes and faults that breaks the same rule first; the same one when it breaks none. */
export async function shorten(scenario: Scenario): Promise<Scenario> {
  const complaint = await firstComplaint(scenario);
  if (complaint === undefined) return scenario;
  let fewer = scenario;
  for (const name of scenario.configurations.keys()) {
    if (name.includes('.')) continue;
    const without = withoutNode(fewer, name);
    if ((await firstComplaint(without)) === complaint) fewer = without;
  }
  return { ...fewer, script: await shrink(fewer.script, (script) => firstComplaint({ ...fewer, script })) };
}

function withoutNode(scenario: Scenario, name: string): Scenario {
  const isOther = (line: string): boolean => !line.split(' ').includes(name);
  const configurations = [...scenario.configurations].filter(([file]) => file.split('.')[0] !== name);
  const { script, peace } = scenario;
  const kept = { script: script.filter(isOther), peace: peace.filter(isOther) };
  return { ...scenario, ...kept, configurations: new Map(configurations) };
}

/** What was first broken, whenever. A scenario that lacks what its lines name is none. */
async function firstComplaint(scenario: Scenario): Promise<string | undefined> {
  try {
    const { violations } = await playScenario(scenario);
    return violations[0]?.replaceAll(/\d+ µs/g, '');
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function plan(name: string, text: string): Desired {
  const { model, refused, diagnostics } = parseConfig(name, createMemoryLoader({ [name]: text }));
  if (model === undefined || refused) throw new TypeError(`${name}: ${diagnostics[0]?.summary ?? 'cannot be read'}`);
  return planConfig(model).desired;
}
