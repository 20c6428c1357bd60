// The faults of a random run as lines of a fault script: a while of war, and the peace that repairs it all. Not every run
// meets every kind of fault: some bugs show only while others are absent.
import { formatDuration, type Random } from '@vrrp/state-machine/sim';
import { hasWeights, virtualAddress, type Kind } from './scenario-text.js';

const FAULTS_MIN = 3;
const FAULTS_MAX = 14;
/** Microseconds. */
const MILLISECOND = 1_000;
const SECOND = 1_000_000;
const PAUSE_MAX = 3 * SECOND;
/** The longest of the faults that end by themselves. */
export const SPELL_MAX = 4 * SECOND;
const HICCUP_MAX = 10 * MILLISECOND;

type FaultLine = (random: Random, name: string, others: readonly string[], kind: Kind) => string;

const FAULTS: Readonly<Record<string, FaultLine>> = {
  crash: (_random, name) => `crash ${name}`,
  kill: (_random, name) => `kill ${name}`,
  stop: (_random, name) => `stop ${name}`,
  start: (_random, name) => `start ${name}`,
  restart: (_random, name) => `restart ${name}`,
  stall: (random, name) => `stall ${name} for ${milliseconds(random, SPELL_MAX)}`,
  // Longer than a Master_Down_Interval: somebody else takes over meanwhile.
  absence: (random, name) => `stall ${name} for ${random.pick(['3.8s', '4s'])}`,
  // As a busy host does: about as long as the arrival of what waits is believed, or a little longer.
  hiccup: (random, name) => `stall ${name} for ${milliseconds(random, HICCUP_MAX)}`,
  linkDown: (random, name, _others, { links }) => `link ${name} ${random.pick(links)} down`,
  linkUp: (random, name, _others, { links }) => `link ${name} ${random.pick(links)} up`,
  partition: (random, name, others) => `partition ${name} ${random.pick(['->', '<->'])} ${random.pick(others)}`,
  heal: () => 'heal',
  loss: (random, _name, _others, { links }) => `loss ${random.pick(['0%', '10%', '50%'])} on ${random.pick(links)}`,
  duplication: (random) => `duplication ${random.pick(['0%', '30%'])}`,
  corruption: (random) => `corruption ${random.pick(['0%', '5%', '40%'])}`,
  delay: (random) => `delay ${milliseconds(random, 40 * MILLISECOND)} jitter ${milliseconds(random, 40 * MILLISECOND)}`,
  reorder: (random) => `reorder ${random.pick(['on', 'off'])}`,
  gate: (random, name) => `script api ${random.pick(['fails', 'succeeds'])} on ${name}`,
  weight: (random, name, _others, kind) =>
    `script ${hasWeights(kind) ? 'load' : 'api'} ${random.pick(['fails', 'succeeds'])} on ${name}`,
  remove: (random, name, _others, { family, links }) =>
    `remove ${virtualAddress(family, random.integer(0, links.length - 1))} on ${name}`,
  reload: (random, name) => `reload ${name} with ${name}.${random.pick(['low', 'high'])}`,
  mistake: (_random, name) => `reload ${name} with ${name}.wrong`,
  refuseSending: (random, name) =>
    `refuse sending on ${name} with ${random.pick(['EPERM', 'ENOBUFS'])} for ${milliseconds(random, SPELL_MAX)}`,
  refuseChanges: (random, name) =>
    `refuse changes on ${name} with ${random.pick(['EPERM', 'ENOMEM'])} for ${milliseconds(random, SPELL_MAX)}`,
  loseEvents: (random, name) => `lose events on ${name} for ${milliseconds(random, SPELL_MAX)}`,
  overflow: (random, name) => `overflow ${name} for ${milliseconds(random, SPELL_MAX)}`,
  clock: (random, name) =>
    `clock ${name} ahead ${random.pick(['1ms', '10ms', '3600s'])} for ${milliseconds(random, SPELL_MAX)}`,
};

/** Lines in the order of time, and the time of the last one in microseconds. */
export function warLines(
  random: Random,
  names: readonly string[],
  kind: Kind,
): { readonly lines: readonly string[]; readonly end: number } {
  const lines: string[] = [];
  const kinds = Object.keys(FAULTS).filter(() => random.chance(0.4));
  const count = random.integer(FAULTS_MIN, FAULTS_MAX);
  let at = random.integer(0, 5) * SECOND;
  for (let i = 0; i < count && kinds.length > 0; i += 1) {
    at += random.integer(1, PAUSE_MAX / MILLISECOND) * MILLISECOND;
    const name = random.pick(names);
    const others = names.filter((other) => other !== name);
    lines.push(`at ${formatDuration(at)} ${FAULTS[random.pick(kinds)]?.(random, name, others, kind) ?? ''}`);
  }
  return { lines, end: at };
}

/** @param war what there is to repair: a node that runs a wrong file takes its first one again. */
export function peaceLines(
  names: readonly string[],
  kind: Kind,
  war: readonly string[],
  at: number,
): readonly string[] {
  const repairs = [
    'loss 0%',
    'duplication 0%',
    'corruption 0%',
    'heal',
    ...names.flatMap((name) => [
      ...kind.links.map((link) => `link ${name} ${link} up`),
      `script api succeeds on ${name}`,
      ...(hasWeights(kind) ? [`script load succeeds on ${name}`] : []),
      ...(war.findLast((line) => line.includes(` reload ${name} `))?.endsWith('.wrong') === true
        ? [`reload ${name} with ${name}.right`]
        : []),
      `start ${name}`,
    ]),
  ];
  return repairs.map((line) => `at ${formatDuration(at)} ${line}`);
}

/** A whole number of milliseconds up to `max` microseconds, at least one. */
function milliseconds(random: Random, max: number): string {
  return `${random.integer(1, max / MILLISECOND)}ms`;
}
