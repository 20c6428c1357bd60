// Plays random scenarios against the checkers, and makes a failing one as short as it can be. Deterministic throughout: a
// seed stands for one run, byte for byte.
import { createMemoryLoader, parseConfig } from '@vrrp/conf-parser';
import type { Desired } from '../plan/desired.js';
import { planConfig } from '../plan/plan.js';
import { Checkers, settleMicros } from './checkers.js';
import { parseFaultScript } from './fault-script.js';
import { randomScenario, type Scenario } from './random-scenario.js';
import type { SimulationEvent } from './record.js';
import { Simulation } from './simulation.js';
import { stageOf } from './stage.js';

export interface RandomRun {
  readonly scenario: Scenario;
  /** Broken rules, empty when everything held. */
  readonly violations: readonly string[];
  readonly events: readonly SimulationEvent[];
}

/** Attempts to leave lines out; shortening is for people's convenience and must end. */
export const SHORTEN_RUNS_MAX = 400;
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
  const checkers = new Checkers(simulation);
  await simulation.start();
  await simulation.runUntil(scenario.peaceAt, () => checkers.look());
  const settledAt = scenario.peaceAt + settleMicros(simulation) + PATIENCE;
  for (const time of [settledAt, settledAt + 2 * SECOND]) {
    await simulation.runUntil(time, () => checkers.look());
    checkers.checkSettled();
  }
  return { scenario, violations: checkers.violations, events: simulation.recorder.events };
}

/** A scenario with fewer faults that breaks the same rule first; the same one when it breaks none. */
export async function shorten(scenario: Scenario): Promise<Scenario> {
  const complaint = await firstComplaint(scenario);
  if (complaint === undefined) return scenario;
  let shortest = scenario;
  let runs = 0;
  for (let size = Math.ceil(scenario.script.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < shortest.script.length && runs < SHORTEN_RUNS_MAX; runs += 1) {
      const script = [...shortest.script.slice(0, start), ...shortest.script.slice(start + size)];
      const shorter = { ...shortest, script };
      if ((await firstComplaint(shorter)) === complaint) shortest = shorter;
      else start += size;
    }
  }
  return shortest;
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
