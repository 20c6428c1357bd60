// A random run as a script: from a seed, a few routers, a network, a while of faults, then peace and a check. Being a
// script, a failing run can be read, shortened line by line (shrink.ts) and kept as a golden.
import type { Micros } from '../types.js';
import { formatDuration } from './duration.js';
import { createRandom } from './random.js';
import type { Random } from './random.js';

const ROUTERS_MIN = 3;
const ROUTERS_MAX = 7;
const FAULTS_MIN = 5;
const FAULTS_MAX = 25;
const STALL_MAX: Micros = 5_000_000;
const PAUSE_MAX: Micros = 4_000_000;
const PRIORITIES = [1, 50, 100, 100, 150, 200, 254, 255] as const;

/** A kind of fault: one line of script about `name`, with the others as possible counterparts. */
type Fault = (random: Random, name: string, others: readonly string[]) => string;

const FAULTS: Readonly<Record<string, Fault>> = {
  crash: (_random, name) => `crash ${name}`,
  start: (_random, name) => `start ${name}`,
  stop: (_random, name) => `stop ${name}`,
  stall: (random, name) => `stall ${name} for=${milliseconds(random, STALL_MAX)}`,
  linkDown: (_random, name) => `link ${name} down`,
  linkUp: (_random, name) => `link ${name} up`,
  partition: (random, name, others) => `partition ${name} -> ${random.pick(others)}`,
  heal: () => 'heal',
  loss: (random) => `lan loss=${random.pick(['0', '0.1', '0.5'])}`,
  duplication: (random) => `lan duplication=${random.pick(['0', '0.3'])}`,
  delay: (random) => `lan delay=${milliseconds(random, 50_000)} jitter=${milliseconds(random, 50_000)}`,
  reorder: (random) => `lan reorder=${random.pick(['yes', 'no'])}`,
  gate: (random, name) => `tracker ${name} script:gate ${random.pick(['up', 'down'])}`,
  weight: (random, name) => `tracker ${name} script:weight ${random.pick(['up', 'down'])}`,
  addressLost: (_random, name) => `address-lost ${name}`,
  noAddress: (_random, name) => `primary-address ${name} none`,
  priority: (random, name) => `reconfigure ${name} priority=${random.pick([10, 100, 120, 254])}`,
};

/** The commands of one run. The same seed gives the same commands. */
export function randomScript(seed: number): readonly string[] {
  const random = createRandom(seed);
  const names = 'abcdefg'.slice(0, random.integer(ROUTERS_MIN, ROUTERS_MAX)).split('');
  const version = random.pick([2, 3]);
  const addresses = new Map(names.map((name, index) => [name, address(index)]));
  const lines = [
    'show transitions',
    `lan delay=${milliseconds(random, 5_000)} jitter=${milliseconds(random, 2_000)}`,
    ...names.flatMap((name) => routerLines(random, name, version, addresses)),
    // At most one: two owners that listen to nobody are two Masters, as configured.
    ...(random.chance(0.2) ? [`reconfigure ${random.pick(names)} priority=255 preempt=yes owner-ignores=yes`] : []),
  ];
  // Not every run meets every kind of fault: some bugs show only while others are absent.
  const kinds = Object.keys(FAULTS).filter(() => random.chance(0.5));
  const count = random.integer(FAULTS_MIN, FAULTS_MAX);
  for (let i = 0; i < count && kinds.length > 0; i += 1) {
    const name = random.pick(names);
    const others = names.filter((other) => other !== name);
    lines.push(FAULTS[random.pick(kinds)]?.(random, name, others) ?? '');
    lines.push(`advance by=${milliseconds(random, PAUSE_MAX)}`);
  }
  return [...lines, ...peaceLines(names, addresses)];
}

function routerLines(
  random: Random,
  name: string,
  version: number,
  addresses: ReadonlyMap<string, string>,
): readonly string[] {
  const priority = random.pick(PRIORITIES);
  const preempt = priority === 255 || random.chance(0.8);
  const fields = [
    `address=${addresses.get(name)}`,
    `version=${version}`,
    `priority=${priority}`,
    // Version 3 may mix intervals: everybody learns the Master's.
    `interval=${version === 3 ? random.pick(['100ms', '500ms', '1s']) : '1s'}`,
    `preempt=${preempt ? 'yes' : 'no'}`,
    ...(preempt || random.chance(0.2) ? [] : ['highest-other=254']),
    `preempt-delay=${random.chance(0.2) ? '2s' : '0s'}`,
    `startup-delay=${random.chance(0.1) ? '1s' : '0s'}`,
    `answer-lower=${random.chance(0.8) ? 'yes' : 'no'}`,
    `advertise-before-yielding=${random.chance(0.2) ? 'yes' : 'no'}`,
    'track=script:gate:0,script:weight:-30',
  ];
  return [
    `router ${name} ${fields.join(' ')}`,
    `tracker ${name} script:gate up`,
    `start ${name}`,
    `advance by=${milliseconds(random, 500_000)}`,
  ];
}

/** Everything is repaired; whoever is right about who should be Master has time to become it. */
function peaceLines(names: readonly string[], addresses: ReadonlyMap<string, string>): readonly string[] {
  return [
    // The longest stall ends.
    `advance by=${formatDuration(STALL_MAX)}`,
    'lan loss=0 duplication=0',
    'heal',
    ...names.flatMap((name) => [
      `link ${name} up`,
      `primary-address ${name} ${addresses.get(name)}`,
      `tracker ${name} script:gate up`,
      `start ${name}`,
    ]),
    'advance settle',
    'check settled',
    'advance by=2s',
    'check settled',
  ];
}

function address(index: number): string {
  // 9 and 10 and 100: in the order of numbers, not of text.
  return `192.0.2.${[9, 10, 100, 11, 2, 33, 254][index] ?? 1}`;
}

/** A whole number of milliseconds up to `max`, at least one. */
function milliseconds(random: Random, max: Micros): string {
  return `${random.integer(1, Math.max(1, Math.floor(max / 1000)))}ms`;
}
