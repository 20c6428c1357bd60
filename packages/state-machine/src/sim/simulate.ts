// Plays a fault script over bare machines under the judges. Deterministic throughout: the same routers, script and seed
// give the same run, byte for byte. Random runs are played over whole nodes: the daemon's simulation.
import type { VirtualRouterConfig } from '../config.js';
import type { Micros } from '../types.js';
import { Cluster } from './cluster.js';
import { applyFault, stageOf } from './cluster-faults.js';
import { viewOf } from './cluster-view.js';
import { formatDuration } from './duration.js';
import { parseFaultScript } from './fault-script.js';
import { Judges } from './judges.js';
import { ScriptError } from './script-words.js';

export interface SimulateOptions {
  /** They start together, at 0. */
  readonly routers: readonly {
    readonly name: string;
    readonly config: VirtualRouterConfig;
    readonly address: string;
  }[];
  /** `at TIME ACTION` lines, see docs/reference/simulate.md. */
  readonly script?: string;
  /** Decides what the network loses, delays and duplicates. */
  readonly seed?: number;
  readonly duration: Micros;
}

export interface SimulationResult {
  /** Broken rules, empty when everything held. */
  readonly violations: readonly string[];
  /** One line per action: time, router, action. */
  readonly trace: readonly string[];
}

/** @throws ScriptError when a line of the script cannot be understood. */
export function simulate({ routers, script = '', seed = 1, duration }: SimulateOptions): SimulationResult {
  const cluster = new Cluster({ seed });
  const judges = new Judges(viewOf(cluster));
  for (const { name, config, address } of routers) cluster.add(name, config, address);
  const { faults, problems } = parseFaultScript(script, stageOf(cluster));
  const [problem] = problems;
  if (problem !== undefined) throw new ScriptError(`line ${problem.line}: ${problem.message}`);
  for (const { at, fault } of faults) cluster.clock.schedule(at, () => applyFault(cluster, fault));
  for (const router of cluster.routers) router.start();
  cluster.runUntil(duration, () => judges.look());
  const trace = cluster.trace.map(({ at, router, text }) => `${formatDuration(at)} ${router} ${text}`);
  return { violations: judges.violations, trace };
}
