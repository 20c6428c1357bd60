// Plays random scenarios against the checkers, and makes a failing one as short as it can be. Deterministic throughout: a
// seed stands for one run, byte for byte.
import { createMemoryLoader, parseConfig } from '@vrrp/conf-parser';
import { Judges, parseFaultScript, settleTime, shrink } from '@vrrp/state-machine/sim';
import type { Desired } from '../plan/desired.js';
import { planConfig } from '../plan/plan.js';
import { randomScenario, type Scenario } from './random-scenario.js';
import type { SimulationEvent } from './record.js';
import { Simulation } from './simulation.js';
import { stageOf } from './stage.js';
import { longestLatency, viewOf } from './view.js';

export interface RandomRun {
  readonly scenario: Scenario;
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
  const script = parseFaultScript(scenario.script.join('\n'), stageOf(nodes));
  const [problem] = script.problems;
  if (problem !== undefined) throw new TypeError(`line ${problem.line} of the scenario: ${problem.message}`);
  const simulation = new Simulation({ nodes, seed: scenario.seed, faults: script.faults, reloads: desired });
  const judges = new Judges(viewOf(simulation));
  try {
    await playOut(simulation, judges, scenario.peaceAt);
  } catch (error) {
    // A bug crashes; here it is one more thing that a seed has found.
    judges.report(`the run broke off: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { scenario, violations: judges.violations, events: simulation.recorder.events };
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

/** A scenario with fewer faults that breaks the same rule first; the same one when it breaks none. */
export async function shorten(scenario: Scenario): Promise<Scenario> {
  const script = await shrink(scenario.script, (lines) => firstComplaint({ ...scenario, script: lines }));
  return script === scenario.script ? scenario : { ...scenario, script };
}

/** What was first broken, whenever. */
async function firstComplaint(scenario: Scenario): Promise<string | undefined> {
  const { violations } = await playScenario(scenario);
  return violations[0]?.replaceAll(/\d+ µs/g, '');
}

function plan(name: string, text: string): Desired {
  const { model, refused, diagnostics } = parseConfig(name, createMemoryLoader({ [name]: text }));
  if (model === undefined || refused) throw new TypeError(`${name}: ${diagnostics[0]?.summary ?? 'cannot be read'}`);
  return planConfig(model).desired;
}
