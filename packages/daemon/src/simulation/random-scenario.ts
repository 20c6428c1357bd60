// A random cluster from a seed, as the files an operator would write: configurations of some nodes, and a fault script
// that ends in peace. Being text, a failing run can be read, shortened line by line and kept.
import { createRandom, formatDuration, type Random } from '@vrrp/state-machine/sim';

export interface Scenario {
  readonly seed: number;
  /** By name of the node. */
  readonly configurations: ReadonlyMap<string, string>;
  readonly script: readonly string[];
  /** When the last fault is repaired, in microseconds. */
  readonly peaceAt: number;
}

const NODES_MIN = 3;
const NODES_MAX = 7;
const FAULTS_MIN = 3;
const FAULTS_MAX = 14;
const OWNER = 255;
/** Microseconds. */
const MILLISECOND = 1_000;
const SECOND = 1_000_000;
const PAUSE_MAX = 3 * SECOND;
const STALL_MAX = 4 * SECOND;
const HICCUP_MAX = 10 * MILLISECOND;

/** What the whole cluster agrees on. */
interface Kind {
  readonly version: 2 | 3;
  readonly family: 4 | 6;
  readonly unicast: boolean;
  readonly links: readonly string[];
  /** A group of all instances, which therefore tracks without weights (keepalived.conf(5), track_script). */
  readonly grouped: boolean;
  /** Some of them own the addresses: weights would change nothing for those. */
  readonly owned: boolean;
}

type FaultLine = (random: Random, name: string, others: readonly string[], kind: Kind) => string;

const FAULTS: Readonly<Record<string, FaultLine>> = {
  crash: (_random, name) => `crash ${name}`,
  kill: (_random, name) => `kill ${name}`,
  stop: (_random, name) => `stop ${name}`,
  start: (_random, name) => `start ${name}`,
  restart: (_random, name) => `restart ${name}`,
  stall: (random, name) => `stall ${name} for ${milliseconds(random, STALL_MAX)}`,
  // As a busy host does: about as long as the arrival of what waits is believed, or a little longer.
  hiccup: (random, name) => `stall ${name} for ${milliseconds(random, HICCUP_MAX)}`,
  linkDown: (random, name, _others, { links }) => `link ${name} ${random.pick(links)} down`,
  linkUp: (random, name, _others, { links }) => `link ${name} ${random.pick(links)} up`,
  partition: (random, name, others) => `partition ${name} ${random.pick(['->', '<->'])} ${random.pick(others)}`,
  heal: () => 'heal',
  loss: (random, _name, _others, { links }) => `loss ${random.pick(['0%', '10%', '50%'])} on ${random.pick(links)}`,
  duplication: (random) => `duplication ${random.pick(['0%', '30%'])}`,
  delay: (random) => `delay ${milliseconds(random, 40 * MILLISECOND)} jitter ${milliseconds(random, 40 * MILLISECOND)}`,
  reorder: (random) => `reorder ${random.pick(['on', 'off'])}`,
  gate: (random, name) => `script api ${random.pick(['fails', 'succeeds'])} on ${name}`,
  weight: (random, name, _others, kind) =>
    `script ${hasWeights(kind) ? 'load' : 'api'} ${random.pick(['fails', 'succeeds'])} on ${name}`,
  remove: (random, name, _others, { family, links }) =>
    `remove ${virtualAddress(family, random.integer(0, links.length - 1))} on ${name}`,
  reload: (random, name) => `reload ${name} with ${name}.${random.pick(['low', 'high'])}`,
};

/** The same seed gives the same text. Files a `reload` names are among the configurations, as `a.low` and `a.high`. */
export function randomScenario(seed: number): Scenario {
  const random = createRandom(seed);
  const names = 'abcdefg'.slice(0, random.integer(NODES_MIN, NODES_MAX)).split('');
  const version = random.pick([2, 3] as const);
  const links = random.chance(0.4) ? ['eth0', 'eth1'] : ['eth0'];
  const kind: Kind = {
    version,
    family: version === 3 ? random.pick([4, 4, 6] as const) : 4,
    unicast: random.chance(0.25),
    links,
    grouped: links.length > 1 && random.chance(0.5),
    owned: random.chance(0.25),
  };
  // At most one: two owners that listen to nobody are two Masters, as configured.
  const deaf = kind.owned && random.chance(0.4) ? random.pick(names) : undefined;
  const configurations = new Map<string, string>();
  for (const [index, name] of names.entries()) {
    const taste = { ...randomTaste(random, kind), ...(name === deaf ? { priority: OWNER, isDeaf: true } : {}) };
    configurations.set(name, configuration(kind, taste, taste.priority, names.length, index));
    configurations.set(`${name}.low`, configuration(kind, taste, 20, names.length, index));
    configurations.set(`${name}.high`, configuration(kind, taste, 220, names.length, index));
  }
  const { lines, end } = warLines(random, names, kind);
  // The longest stall ends before anything is repaired.
  const peaceAt = end + STALL_MAX;
  return { seed, configurations, script: [...lines, ...peaceLines(names, kind, peaceAt)], peaceAt };
}

function warLines(random: Random, names: readonly string[], kind: Kind): { lines: readonly string[]; end: number } {
  const lines: string[] = [];
  // Not every run meets every kind of fault: some bugs show only while others are absent.
  const kinds = Object.keys(FAULTS).filter(() => random.chance(0.5));
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

function peaceLines(names: readonly string[], kind: Kind, peaceAt: number): readonly string[] {
  const repairs = [
    'loss 0%',
    'duplication 0%',
    'heal',
    ...names.flatMap((name) => [
      ...kind.links.map((link) => `link ${name} ${link} up`),
      `script api succeeds on ${name}`,
      ...(hasWeights(kind) ? [`script load succeeds on ${name}`] : []),
      `start ${name}`,
    ]),
  ];
  return repairs.map((line) => `at ${formatDuration(peaceAt)} ${line}`);
}

/** What a node decides for itself. */
interface Taste {
  readonly priority: number;
  readonly interval: string;
  readonly nopreempt: boolean;
  /** timer_expired_backup. */
  readonly givesWayLate: boolean;
  /** owner_ignore_adverts. */
  readonly isDeaf: boolean;
  readonly preemptDelay: number;
  readonly answersLower: boolean;
  readonly initFail: boolean;
}

function randomTaste(random: Random, { version, owned }: Kind): Taste {
  const priority = random.pick(owned ? [50, 100, 100, 200, OWNER] : [50, 100, 100, 150, 200, 254]);
  return {
    priority,
    // Version 3 may mix intervals: everybody learns the Master's.
    interval: version === 3 ? random.pick(['0.2', '0.5', '1']) : '1',
    nopreempt: priority !== OWNER && random.chance(0.2),
    givesWayLate: random.chance(0.5),
    isDeaf: false,
    preemptDelay: random.chance(0.2) ? 2 : 0,
    answersLower: random.chance(0.8),
    initFail: random.chance(0.2),
  };
}

function configuration(kind: Kind, taste: Taste, priority: number, nodes: number, index: number): string {
  const instances = kind.links.map((link, number) => instance(kind, taste, priority, nodes, index, link, number));
  const members = kind.links.map((_link, number) => `    VI_${number + 1}`);
  const group = ['vrrp_sync_group G1 {', '  group {', ...members, '  }', '}'];
  return [
    ...script('api', 0, taste),
    ...script('load', -30, taste),
    ...(kind.grouped ? group : []),
    ...instances.flat(),
    '',
  ].join('\n');
}

function hasWeights({ grouped, owned }: Kind): boolean {
  return !grouped && !owned;
}

function script(name: string, weight: number, { initFail }: Taste): readonly string[] {
  const lines = ['  script "/usr/bin/check"', '  interval 1', `  weight ${weight}`, '  fall 2', '  rise 2'];
  return [`vrrp_script ${name} {`, ...lines, ...(initFail ? ['  init_fail'] : []), '}'];
}

function instance(
  kind: Kind,
  taste: Taste,
  priority: number,
  nodes: number,
  index: number,
  link: string,
  number: number,
): readonly string[] {
  const peers = Array.from({ length: nodes }, (_, other) => other).filter((other) => other !== index);
  const address = (node: number): string => hostAddress(kind.family, number, node);
  const unicast = [
    `  unicast_src_ip ${address(index)}`,
    '  unicast_peer {',
    ...peers.map((peer) => `    ${address(peer)}`),
    '  }',
  ];
  return [
    `vrrp_instance VI_${number + 1} {`,
    `  state ${priority === OWNER ? 'MASTER' : 'BACKUP'}`,
    `  interface ${link}`,
    `  virtual_router_id ${51 + number}`,
    `  version ${kind.version}`,
    `  priority ${priority}`,
    `  advert_int ${taste.interval}`,
    ...(taste.nopreempt && priority !== OWNER ? ['  nopreempt'] : []),
    ...(taste.nopreempt && taste.givesWayLate && priority !== OWNER ? ['  timer_expired_backup'] : []),
    ...(taste.isDeaf && priority === OWNER ? ['  owner_ignore_adverts'] : []),
    ...(taste.preemptDelay > 0 ? [`  preempt_delay ${taste.preemptDelay}`] : []),
    ...(taste.answersLower ? [] : ['  lower_prio_no_advert true']),
    ...(kind.unicast ? unicast : []),
    '  track_script {',
    '    api',
    ...(hasWeights(kind) ? ['    load'] : []),
    '  }',
    '  virtual_ipaddress {',
    `    ${virtualAddress(kind.family, number)}`,
    '  }',
    '}',
  ];
}

function virtualAddress(family: 4 | 6, number: number): string {
  return family === 4 ? `192.0.2.${100 + number}` : `fe80::${number + 1}:100`;
}

function hostAddress(family: 4 | 6, number: number, node: number): string {
  return family === 4 ? `10.0.${number}.${node + 1}` : `fe80::${number + 1}:${node + 1}`;
}

/** A whole number of milliseconds up to `max` microseconds, at least one. */
function milliseconds(random: Random, max: number): string {
  return `${random.integer(1, max / MILLISECOND)}ms`;
}
