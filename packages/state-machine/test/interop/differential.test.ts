// Differential: the same scenario with real keepalived in network namespaces and with our machine in the simulator gives
// the same roles at the same times, the same advertisements and as many announcements. Needs root and keepalived 2.2.7.
import { describe, expect, test } from '@jest/globals';
import { runReal } from './real-run.js';
import type { RealRun, Run } from './real-run.js';
import { SCENARIOS } from './scenarios.js';
import type { Scenario } from './scenarios.js';
import { runSimulated } from './simulated-run.js';

/** Microseconds that a busy machine may be late with a command, a timer or a log line. */
const TOLERANCE = 500_000;

describe('like keepalived', () => {
  test.concurrent.each(SCENARIOS)(
    '$title',
    async (scenario) => {
      const first = await play(scenario);
      // A busy machine may lose a frame while a link comes up, or a second: what is really different is so twice.
      const difference = first === undefined ? undefined : await play(scenario);
      if (difference !== undefined) throw difference;
    },
    120_000,
  );
});

/** @returns in what the two differ. */
async function play(scenario: Scenario): Promise<unknown> {
  const real = await runReal(scenario);
  const ours = runSimulated(scenario, real);
  try {
    compare(scenario, ours, real);
    return undefined;
  } catch (error) {
    if (error instanceof Error) error.message += `\n${story(ours, real)}`;
    return error;
  }
}

function compare(scenario: Scenario, ours: Run, real: RealRun): void {
  expect(rolesBy(ours)).toEqual(rolesBy(real));
  const times = pairTimes(ours, real).filter(([a, b]) => Math.abs(a - b) > TOLERANCE);
  expect(times).toEqual([]);
  expect(priorities(ours)).toEqual(priorities(real));
  if (scenario.announcesByChance !== true) expect(ours.announcements).toEqual(real.announcements);
}

/** The roles of each instance, in order. */
function rolesBy(run: Run): Readonly<Record<string, readonly string[]>> {
  const roles: Record<string, string[]> = {};
  for (const { instance, role } of run.roles) (roles[instance] ??= []).push(role);
  return Object.fromEntries(Object.entries(roles).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** When each instance took each of its roles: ours, theirs. */
function pairTimes(ours: Run, real: Run): readonly (readonly [number, number])[] {
  const theirs = timesOf(real);
  return timesOf(ours).map((at, index) => [at, theirs[index] ?? Number.NaN]);
}

/** Times of the roles, instance by instance. */
function timesOf(run: Run): readonly number[] {
  const instances = [...new Set(run.roles.map(({ instance }) => instance))].toSorted();
  return instances.flatMap((name) => run.roles.filter(({ instance }) => instance === name).map(({ at }) => at));
}

/** What each sender advertised, a run of equal priorities as one: `192.0.2.9 vrid 51: 150, 0`. */
function priorities(run: Run): readonly string[] {
  const senders = new Map<string, number[]>();
  for (const { source, vrid, priority } of run.adverts) {
    const sender = `${source} vrid ${vrid}`;
    const sent = senders.get(sender) ?? [];
    if (sent.at(-1) !== priority) sent.push(priority);
    senders.set(sender, sent);
  }
  return [...senders].map(([sender, sent]) => `${sender}: ${sent.join(', ')}`).toSorted();
}

function story(ours: Run, real: RealRun): string {
  const commands = real.commands.map(({ at, command }) => `  ${at} ${command}`);
  return ['commands', ...commands, 'ours', ...roleLines(ours), 'keepalived', ...roleLines(real), ...real.logs].join(
    '\n',
  );
}

function roleLines(run: Run): readonly string[] {
  return run.roles.map(({ at, instance, role }) => `  ${at} ${instance} ${role}`);
}
