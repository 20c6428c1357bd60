// Runs random scripts against the checkers, and makes a failing one as short as it can be. Deterministic throughout:
// a seed stands for one run, byte for byte.
import { formatDuration } from './duration.js';
import { randomScript } from './random-script.js';
import { ScriptSession } from './script-session.js';

/** Attempts to leave lines out; shrinking is for people's convenience and must end. */
export const SHRINK_RUNS_MAX = 2_000;

export interface SimulationResult {
  readonly seed: number;
  readonly script: readonly string[];
  /** Broken rules, empty when everything held. */
  readonly violations: readonly string[];
  /** One line per action: time, router, action. */
  readonly trace: readonly string[];
}

/** One random run. */
export function simulate(seed: number): SimulationResult {
  const script = randomScript(seed);
  return { seed, script, ...play(seed, script) };
}

/**
 * A shorter script that still breaks the rule that was broken first, under the same seed: lines are left out, large parts
 * first, while it does. A script that breaks nothing comes back as it is.
 */
export function shrink(seed: number, script: readonly string[]): readonly string[] {
  const complaint = firstComplaint(seed, script);
  if (complaint === undefined) return script;
  let shortest = script;
  let runs = 0;
  for (let size = Math.ceil(script.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < shortest.length && runs < SHRINK_RUNS_MAX; runs += 1) {
      const shorter = [...shortest.slice(0, start), ...shortest.slice(start + size)];
      if (firstComplaint(seed, shorter) === complaint) shortest = shorter;
      else start += size;
    }
  }
  return shortest;
}

function play(seed: number, script: readonly string[]): Pick<SimulationResult, 'violations' | 'trace'> {
  const session = new ScriptSession(seed);
  for (const line of script) session.execute(line);
  const trace = session.cluster.trace.map(({ at, router, text }) => `${formatDuration(at)} ${router} ${text}`);
  return { violations: session.checkers.violations, trace };
}

/** What was first broken, whenever. A script that lost a line others need is not a run at all. */
function firstComplaint(seed: number, script: readonly string[]): string | undefined {
  try {
    return play(seed, script).violations[0]?.replaceAll(/\d+ µs/g, '');
  } catch {
    return undefined;
  }
}
