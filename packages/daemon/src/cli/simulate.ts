// `vrrpd simulate FILE…`: the nodes of these configurations on virtual LANs, with the faults of a script; prints the
// timeline and what it meant for each virtual router, or the same as JSON, and draws it. Nothing of this machine is
// touched, and no script is run: interfaces, users and scripts are taken as there.
import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseConfig, renderDiagnostics } from '@vrrp/conf-parser';
import { parseFaultScript, parseTime, TIME_MAX, type FaultScript } from '@vrrp/state-machine/sim';
import { EXIT } from '../control/exit-status.js';
import { fileSystemLoader } from '../control/source-loader.js';
import type { Desired } from '../plan/desired.js';
import { planConfig } from '../plan/plan.js';
import { NODES_MAX, type NodePlan } from '../simulation/address-plan.js';
import { mastershipOf, type Mastership } from '../simulation/mastership.js';
import type { SimulationEvent } from '../simulation/record.js';
import { renderProblems } from '../simulation/script-problems.js';
import { Simulation } from '../simulation/simulation.js';
import { stageOf } from '../simulation/stage.js';
import { drawSwimLanes } from '../simulation/swim-lanes.js';
import { mastershipLines, timelineLines } from '../simulation/timeline.js';
import { printError, printLine } from './print.js';
import { nodeNames } from './simulate-names.js';

export interface SimulateOptions {
  readonly script: string | undefined;
  /** Of what the network loses, delays and duplicates. */
  readonly seed: number;
  /** How long, as `60s`; left out: a while after the last fault. */
  readonly for: string | undefined;
  /** Where the picture goes. */
  readonly svg: string | undefined;
  readonly json: boolean;
}

/** Microseconds. */
const SHORTEST_RUN = 60_000_000;
const AFTER_LAST_FAULT = 30_000_000;

/** Where the words go. */
export interface Output {
  readonly line: (text: string) => void;
  readonly error: (text: string) => void;
}

const STANDARD: Output = { line: printLine, error: printError };

/** A sentence for the user, and the exit status. Never leaves this file. */
class Refusal extends Error {
  readonly status: number;

  constructor(message: string, status: number = EXIT.fatal) {
    super(message);
    this.status = status;
  }
}

/** @returns 0; 1 for a bad option or script; 2 for a configuration that cannot be run; 6 for one that cannot be read. */
export async function simulate(
  files: readonly string[],
  options: SimulateOptions,
  output: Output = STANDARD,
): Promise<number> {
  try {
    if (!Number.isSafeInteger(options.seed)) throw new Refusal('--seed takes a whole number');
    const nodes = loadNodes(files, output);
    const until = options.for === undefined ? undefined : readDuration(options.for);
    const { script, reloads } = loadScript(options.script, nodes, until, output);
    const duration = until ?? Math.max(SHORTEST_RUN, (script.faults.at(-1)?.at ?? 0) + AFTER_LAST_FAULT);
    const simulation = new Simulation({ nodes, seed: options.seed, faults: script.faults, reloads });
    await simulation.start();
    await simulation.runUntil(duration);
    show(simulation, duration, options, output);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    output.error(error.message);
    return error.status;
  }
}

function show(simulation: Simulation, duration: number, options: SimulateOptions, output: Output): void {
  const { events, routers } = simulation.recorder;
  const masterships = routers.map((router) => mastershipOf(router, events, duration));
  if (options.svg !== undefined) write(options.svg, drawSwimLanes({ masterships, events, duration }));
  if (options.json) {
    output.line(JSON.stringify(asJson(simulation, masterships, events, duration, options.seed), null, 2));
    return;
  }
  const paragraphs = [timelineLines(events), ...masterships.map(mastershipLines)];
  output.line(paragraphs.map((lines) => lines.join('\n')).join('\n\n'));
}

/** Times are seconds, as in every JSON that vrrpd prints. */
function asJson(
  simulation: Simulation,
  masterships: readonly Mastership[],
  events: readonly SimulationEvent[],
  duration: number,
  seed: number,
): object {
  return {
    seed,
    duration: seconds(duration),
    nodes: simulation.nodes.map(({ name }) => name),
    events: events.map((event) => ({ ...event, at: seconds(event.at) })),
    virtual_routers: masterships.map(({ router, withoutMaster, withTwoMasters, masters }) => ({
      ...router,
      without_master: withoutMaster.map(({ from, to }) => ({ from: seconds(from), to: seconds(to) })),
      with_two_masters: withTwoMasters.map(({ from, to }) => ({ from: seconds(from), to: seconds(to) })),
      masters,
    })),
  };
}

function loadNodes(files: readonly string[], output: Output): readonly NodePlan[] {
  if (files.length > NODES_MAX) throw new Refusal(`at most ${NODES_MAX} nodes can be simulated`);
  const names = nodeNames(files.map((file) => resolve(file)));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Refusal(`two nodes would be called ${twice}: nodes are named after their files`);
  const nodes = files.map((file, index) => {
    const name = names[index] ?? file;
    return { name, desired: loadConfiguration(file, name, output) };
  });
  if (nodes.every(({ desired }) => desired.virtualRouters.length === 0)) {
    throw new Refusal('no virtual router is configured in these files', EXIT.configuration);
  }
  return nodes;
}

/** @param node is what `@id` lines are compared with. */
function loadConfiguration(file: string, node: string, output: Output): Desired {
  const { model, refused, diagnostics, files, placeOf } = parseConfig(resolve(file), fileSystemLoader, {
    configId: node,
    facts: { environment: environmentVariable },
  });
  if (files.length === 0) throw new Refusal(`cannot read ${file}`, EXIT.noConfiguration);
  const text = renderDiagnostics(diagnostics, files).trimEnd();
  if (model === undefined || refused) throw new Refusal(text, EXIT.configuration);
  if (text !== '') output.error(text);
  const { desired, findings } = planConfig(model, { placeOf });
  if (findings.length > 0) output.error(renderDiagnostics(findings, files).trimEnd());
  return desired;
}

function environmentVariable(name: string): string | undefined {
  return process.env[name];
}

function loadScript(
  file: string | undefined,
  nodes: readonly NodePlan[],
  end: number | undefined,
  output: Output,
): { readonly script: FaultScript; readonly reloads: ReadonlyMap<string, Desired> } {
  const reloads = new Map<string, Desired>();
  if (file === undefined) return { script: { faults: [], problems: [], reloads: [] }, reloads };
  const text = fileSystemLoader.read(file);
  if (text === undefined) throw new Refusal(`cannot read ${file}`);
  const script = parseFaultScript(text, stageOf(nodes, end));
  if (script.problems.length > 0) throw new Refusal(renderProblems(script.problems, file, text).trimEnd());
  for (const { file: named, node, line, column } of script.reloads) {
    // Relative to the script, so that a scenario can be kept in a folder of its own.
    const path = resolve(dirname(file), named);
    if (fileSystemLoader.read(path) === undefined) {
      const problem = { line, column, length: named.length, message: `cannot read ${named}` };
      throw new Refusal(renderProblems([problem], file, text).trimEnd());
    }
    reloads.set(named, loadConfiguration(path, node, output));
  }
  return { script, reloads };
}

function readDuration(text: string): number {
  const micros = parseTime(text);
  if (micros === undefined || micros === 0) throw new Refusal(`--for ${text}: write a time as 60s or 500ms`);
  if (micros > TIME_MAX) throw new Refusal(`--for ${text}: at most a day can be simulated`);
  return micros;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Refusal(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function seconds(micros: number): number {
  return micros / 1_000_000;
}
