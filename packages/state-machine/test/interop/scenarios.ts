// What happens to real keepalived and to our machine alike, in keepalived's terms. Intervals are short so that all of it
// takes a minute; times are milliseconds since the step before.
import { encodePassword } from '@vrrp/wire';
import type { VirtualRouterConfig } from '../../src/config.js';
import { defaultConfig } from '../../src/sim/index.js';

export interface Scenario {
  readonly title: string;
  /** Instances by node; a node's first letter is its name. */
  readonly nodes: Readonly<Record<string, readonly VirtualRouterConfig[]>>;
  /** `[wait, command]`; the last one may be `end`. */
  readonly steps: readonly (readonly [number, string])[];
  /** How many announcements there are depends on which of two Masters speaks first: chance. */
  readonly announcesByChance?: boolean;
}

const INTERVAL = 300_000;
const ANNOUNCEMENTS = { ...defaultConfig().announcements, delay: 1_000_000, lowerPriorityDelay: 0 };

function instance(name: string, changes: Partial<VirtualRouterConfig> = {}): VirtualRouterConfig {
  return defaultConfig({ name, advertisementInterval: INTERVAL, announcements: ANNOUNCEMENTS, ...changes });
}

/** Routers a, b, c ... with one instance each. */
function routers(...changes: readonly Partial<VirtualRouterConfig>[]): Scenario['nodes'] {
  return Object.fromEntries(changes.map((own, index) => ['abc'.charAt(index), [instance('abc'.charAt(index), own)]]));
}

const HIGH = { priority: 150 } as const;
const LOW = { priority: 100 } as const;
const V2 = { version: 2, advertisementInterval: 1_000_000 } as const;

function password(text: string): Partial<VirtualRouterConfig> {
  return { ...V2, authentication: { kind: 'simple-password', password: encodePassword(text) } };
}

function tracking(weight: number): Partial<VirtualRouterConfig> {
  return { trackedObjects: [{ kind: 'file', name: 'number', weight, reverse: false }] };
}

/** Unicast to these nodes: a is the first, b the second. */
function peers(...names: readonly ('a' | 'b' | 'c')[]): Partial<VirtualRouterConfig> {
  const addresses = { a: '192.0.2.9', b: '192.0.2.10', c: '192.0.2.11' } as const;
  return { unicast: { peers: names.map((name) => ({ address: addresses[name] })), checkSource: false } };
}

/** Long enough for the number of advertisements in a time not to be chance. */
const SLOW = { advertisementInterval: 1_000_000 } as const;

/** The better one first: otherwise it is chance whether both are Master for a moment. */
const bothStarted = [
  [0, 'start a'],
  [0, 'start b'],
] as const;
/** Nobody hears anybody, both become Master, then the network heals. */
const splitAndHealed = [
  [0, 'partition a -> b'],
  [0, 'partition b -> a'],
  ...bothStarted,
  [2500, 'heal'],
  [1500, 'end'],
] as const;

export const SCENARIOS: readonly Scenario[] = [
  {
    title: 'alone, version 3',
    nodes: routers(LOW),
    steps: [
      [0, 'start a'],
      [3000, 'end'],
    ],
  },
  {
    title: 'alone, version 2',
    nodes: routers({ ...V2, ...HIGH }),
    steps: [
      [0, 'start a'],
      [6000, 'end'],
    ],
  },
  {
    title: 'the owner does not wait',
    nodes: routers({ priority: 255 }),
    steps: [
      [0, 'start a'],
      [2000, 'end'],
    ],
  },
  {
    title: 'an owner that begins as Backup does',
    nodes: routers({ priority: 255, listensFirst: true }),
    steps: [
      [0, 'start a'],
      [2500, 'end'],
    ],
  },
  { title: 'the better one wins', nodes: routers(HIGH, LOW), steps: [...bothStarted, [4000, 'end']] },
  {
    title: 'down_timer_adverts',
    nodes: routers({ downTimerAdverts: 6 }),
    steps: [
      [0, 'start a'],
      [4000, 'end'],
    ],
  },
  {
    title: 'startup delay',
    nodes: routers({ startupDelay: 1_500_000 }),
    steps: [
      [0, 'start a'],
      [4500, 'end'],
    ],
  },
  {
    title: 'the Master crashes',
    nodes: routers(HIGH, LOW),
    steps: [...bothStarted, [2500, 'crash a'], [3000, 'end']],
  },
  {
    title: 'the Master stops: priority 0',
    nodes: routers(HIGH, LOW),
    steps: [...bothStarted, [2500, 'stop a'], [2500, 'end']],
  },
  {
    title: 'priority 0 in version 2',
    nodes: routers({ ...V2, ...HIGH }, { ...V2, ...LOW }),
    steps: [...bothStarted, [5500, 'stop a'], [3000, 'end']],
  },
  {
    title: 'preemption waits for its own timer',
    nodes: routers(HIGH, LOW),
    steps: [
      [0, 'start b'],
      [2500, 'start a'],
      [3000, 'end'],
    ],
  },
  {
    title: 'nopreempt',
    nodes: routers({ ...HIGH, preempt: false }, LOW),
    steps: [
      [0, 'start b'],
      [2500, 'start a'],
      [3000, 'crash b'],
      [2500, 'end'],
    ],
  },
  {
    title: 'preempt_delay',
    nodes: routers({ ...HIGH, preemptDelay: 2_000_000 }, LOW),
    steps: [
      [0, 'start b'],
      [2000, 'start a'],
      [6000, 'end'],
    ],
  },
  {
    title: 'equal priorities: who is Master stays Master',
    nodes: routers(LOW, LOW),
    steps: [
      [0, 'start a'],
      [2000, 'start b'],
      [3000, 'end'],
    ],
  },
  {
    title: 'two Masters, equal priorities: the higher address stays',
    nodes: routers(LOW, LOW),
    steps: splitAndHealed,
    announcesByChance: true,
  },
  {
    title: 'two Masters: the better one stays and answers',
    nodes: routers(HIGH, LOW),
    steps: splitAndHealed,
    announcesByChance: true,
  },
  {
    title: 'lower_prio_no_advert',
    nodes: routers({ ...HIGH, answerLowerPriority: false }, LOW),
    steps: splitAndHealed,
    announcesByChance: true,
  },
  {
    title: 'higher_prio_send_advert',
    nodes: routers(HIGH, { ...LOW, advertiseBeforeYielding: true }),
    steps: splitAndHealed,
    announcesByChance: true,
  },
  {
    title: 'one-way partition: the deaf one takes over, the other stays',
    nodes: routers(HIGH, LOW),
    steps: [...bothStarted, [2500, 'partition a -> b'], [3000, 'heal'], [1500, 'end']],
    announcesByChance: true,
  },
  {
    title: 'the Master’s link fails and comes back',
    nodes: routers(HIGH, LOW),
    steps: [...bothStarted, [2500, 'link a down'], [2500, 'link a up'], [3000, 'end']],
  },
  {
    title: 'the owner’s link fails and comes back: no fast way',
    nodes: routers({ priority: 255 }, LOW),
    steps: [...bothStarted, [2500, 'link a down'], [2500, 'link a up'], [3000, 'end']],
  },
  {
    title: 'version 3 goes by the Master’s interval',
    nodes: routers({ ...HIGH, advertisementInterval: 700_000 }, LOW),
    steps: [...bothStarted, [4500, 'crash a'], [4500, 'end']],
  },
  {
    title: 'version 2 with different intervals: two Masters',
    nodes: routers({ ...V2, ...HIGH }, { ...V2, ...LOW, advertisementInterval: 2_000_000 }),
    steps: [...bothStarted, [9000, 'end']],
  },
  {
    title: 'different passwords: two Masters',
    nodes: routers({ ...HIGH, ...password('one') }, { ...LOW, ...password('two') }),
    steps: [...bothStarted, [6000, 'end']],
  },
  {
    title: 'the same password',
    nodes: routers({ ...HIGH, ...password('one') }, { ...LOW, ...password('one') }),
    steps: [...bothStarted, [6000, 'end']],
  },
  {
    title: 'a weight decides',
    nodes: routers({ ...HIGH, ...tracking(-1) }, LOW),
    steps: [...bothStarted, [2500, 'file a number 80'], [3000, 'file a number 0'], [3000, 'end']],
  },
  {
    title: 'a file asks for a fault',
    nodes: routers({ ...HIGH, ...tracking(1) }, LOW),
    steps: [...bothStarted, [2500, 'file a number -254'], [2500, 'file a number 0'], [3000, 'end']],
  },
  {
    title: 'somebody removes the address',
    nodes: routers(LOW),
    steps: [
      [0, 'start a'],
      [2500, 'address-lost a'],
      [2500, 'end'],
    ],
  },
  {
    title: 'announcements are refreshed',
    nodes: routers({ ...LOW, announcements: { ...ANNOUNCEMENTS, refresh: 1_000_000, refreshRepeat: 3, repeat: 2 } }),
    steps: [
      [0, 'start a'],
      [4200, 'end'],
    ],
  },
  {
    title: 'three routers, one after the other',
    nodes: routers(HIGH, { priority: 120 }, LOW),
    steps: [...bothStarted, [0, 'start c'], [2500, 'crash a'], [2500, 'stop b'], [2500, 'end']],
  },
  {
    title: 'a sync group is Master as a whole',
    nodes: {
      a: [
        instance('a1', { ...HIGH, vrid: 1, syncGroup: 'G' }),
        instance('a2', { priority: 110, vrid: 2, syncGroup: 'G' }),
      ],
      b: [instance('b1', { ...LOW, vrid: 1, syncGroup: 'G' }), instance('b2', { ...LOW, vrid: 2, syncGroup: 'G' })],
    },
    steps: [...bothStarted, [3500, 'crash a'], [3500, 'end']],
  },
  {
    title: 'a sync group is in fault as a whole',
    nodes: {
      a: [
        instance('a1', { ...HIGH, ...tracking(1), vrid: 1, syncGroup: 'G' }),
        instance('a2', { ...HIGH, vrid: 2, syncGroup: 'G', virtualAddresses: ['198.51.100.2'] }),
      ],
    },
    steps: [
      [0, 'start a'],
      [2500, 'file a number -254'],
      [1500, 'file a number 0'],
      [3000, 'end'],
    ],
  },
  {
    title: 'a lower priority makes the whole sync group announce',
    nodes: {
      a: [
        instance('a1', { ...HIGH, ...SLOW, vrid: 1, syncGroup: 'G' }),
        instance('a2', { ...HIGH, ...SLOW, vrid: 2, syncGroup: 'G', virtualAddresses: ['198.51.100.2'] }),
      ],
      b: [instance('b1', { ...LOW, ...SLOW, vrid: 1 })],
    },
    steps: [[0, 'partition a -> b'], ...bothStarted, [6100, 'end']],
  },
  {
    title: 'unicast, version 3',
    nodes: routers({ ...HIGH, ...peers('b') }, { ...LOW, ...peers('a') }),
    steps: [...bothStarted, [2500, 'crash a'], [2500, 'start a'], [3000, 'stop a'], [2000, 'end']],
  },
  {
    title: 'unicast, version 2',
    nodes: routers({ ...V2, ...HIGH, ...peers('b') }, { ...V2, ...LOW, ...peers('a') }),
    steps: [...bothStarted, [5000, 'crash a'], [5500, 'end']],
  },
  {
    title: 'unicast: an old checksum is understood',
    nodes: routers({ ...HIGH, ...peers('b'), oldUnicastChecksum: 'always' }, { ...LOW, ...peers('a') }),
    steps: [...bothStarted, [2500, 'crash a'], [2500, 'end']],
  },
  {
    title: 'unicast: the Master’s link fails and comes back, and says where its own address is',
    nodes: routers({ ...HIGH, ...peers('b') }, { ...LOW, ...peers('a') }),
    steps: [...bothStarted, [2500, 'link a down'], [2500, 'link a up'], [3000, 'end']],
  },
  {
    title: 'unicast: an old checksum is not to be understood: two Masters',
    nodes: routers(
      { ...HIGH, ...peers('b'), oldUnicastChecksum: 'always' },
      { ...LOW, ...peers('a'), oldUnicastChecksum: 'never' },
    ),
    steps: [...bothStarted, [4000, 'end']],
    announcesByChance: true,
  },
  {
    title: 'unicast: a stranger is not listened to',
    nodes: routers(
      { ...HIGH, ...peers('b') },
      { ...LOW, unicast: { peers: [{ address: '192.0.2.9' }], checkSource: true } },
      { priority: 200, ...peers('b') },
    ),
    steps: [...bothStarted, [0, 'start c'], [2500, 'crash a'], [2500, 'end']],
    announcesByChance: true,
  },
  {
    title: 'different versions: two Masters',
    nodes: routers({ ...HIGH, ...SLOW }, { ...V2, ...LOW }),
    steps: [...bothStarted, [6000, 'end']],
  },
  {
    title: 'a reload lowers the priority of the Master',
    nodes: routers(HIGH, LOW),
    steps: [...bothStarted, [2500, 'reload a 80'], [3000, 'end']],
  },
  {
    title: 'a reload raises the priority of the Backup',
    nodes: routers(HIGH, LOW),
    steps: [...bothStarted, [2500, 'reload b 200'], [3000, 'end']],
  },
  {
    title: 'a reload makes the Backup the owner: no fast way',
    nodes: routers(HIGH, LOW),
    steps: [...bothStarted, [2500, 'reload b 255'], [3000, 'end']],
  },
  {
    title: 'a better Master in between ends the preempt delay',
    nodes: routers({ ...HIGH, preemptDelay: 3_000_000 }, LOW, { priority: 200 }),
    steps: [
      [0, 'start b'],
      [2000, 'start a'],
      [500, 'start c'],
      [3500, 'crash c'],
      [3000, 'end'],
    ],
  },
  {
    title: 'a weight lifts a Backup over the Master',
    nodes: routers(HIGH, { ...LOW, ...tracking(1) }),
    steps: [...bothStarted, [2500, 'file b number 80'], [3000, 'end']],
  },
];
