// A random cluster from a seed, as the files an operator would write: configurations of some nodes, a fault script, and
// what ends it in peace. Being text, a failing run can be read, shortened line by line and kept.
import { createRandom, type Random } from '@vrrp/state-machine/sim';
import { peaceLines, SPELL_MAX, warLines } from './random-faults.js';
import { configuration, OWNER, type Kind, type Mistake, type Taste } from './scenario-text.js';

export interface Scenario {
  readonly seed: number;
  /**
   * By name of the node. Files that a `reload` names are among them: `a.low` and `a.high` have other priorities, `a.wrong` a
   * mistake, `a.right` is the first one again.
   */
  readonly configurations: ReadonlyMap<string, string>;
  /** What goes wrong. */
  readonly script: readonly string[];
  /** What repairs it. */
  readonly peace: readonly string[];
  /** When that happens, in microseconds. */
  readonly peaceAt: number;
}

const NODES_MIN = 2;
const NODES_MAX = 6;

/** The same seed gives the same text. */
export function randomScenario(seed: number): Scenario {
  const random = createRandom(seed);
  const names = 'abcdef'.slice(0, random.integer(NODES_MIN, NODES_MAX)).split('');
  const kind = randomKind(random, names.length);
  const mistakes = mistakesFor(kind);
  // At most one: two owners that listen to nobody are two Masters, as configured.
  const deaf = kind.owned && random.chance(0.4) ? random.pick(names) : undefined;
  const configurations = new Map<string, string>();
  for (const [index, name] of names.entries()) {
    const taste = { ...randomTaste(random, kind), ...(name === deaf ? { priority: OWNER, isDeaf: true } : {}) };
    const right = configuration(kind, taste, index);
    configurations.set(name, right);
    configurations.set(`${name}.low`, configuration(kind, { ...taste, priority: 20 }, index));
    configurations.set(`${name}.high`, configuration(kind, { ...taste, priority: 220 }, index));
    configurations.set(`${name}.wrong`, configuration(kind, taste, index, random.pick(mistakes)));
    configurations.set(`${name}.right`, right);
  }
  const { lines, end } = warLines(random, names, kind);
  // Whatever ends by itself has ended before anything is repaired.
  const peaceAt = end + SPELL_MAX;
  return { seed, configurations, script: lines, peace: peaceLines(names, kind, lines, peaceAt), peaceAt };
}

function randomKind(random: Random, size: number): Kind {
  const version = random.pick([2, 3] as const);
  const links = random.chance(0.4) ? ['eth0', 'eth1'] : ['eth0'];
  return {
    version,
    family: version === 3 ? random.pick([4, 4, 6] as const) : 4,
    unicast: random.chance(0.25),
    checksPeers: random.chance(0.5),
    password: version === 2 && random.chance(0.5),
    links,
    grouped: links.length > 1 && random.chance(0.5),
    owned: random.chance(0.25),
    size,
  };
}

function mistakesFor({ version, family, unicast, password }: Kind): readonly Mistake[] {
  return [
    'addresses',
    'foreign',
    'unicast',
    ...(family === 4 ? (['version'] as const) : []),
    ...(version === 2 ? (['interval'] as const) : []),
    ...(unicast ? (['peer', 'peer'] as const) : []),
    ...(password ? (['password', 'no-password'] as const) : []),
  ];
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
    startupDelay: random.chance(0.15) ? 2 : 0,
    answersLower: random.chance(0.8),
    initFail: random.chance(0.2),
    fallsBack: random.chance(0.2),
  };
}
