// Exhaustive exploration of a small model: two routers, every pattern of lost advertisements, crashes and restarts, to a
// bounded depth. In no reachable state do two Masters that hear each other stay so beyond one advertisement, and none is
// stuck: once the network is quiet the better router is Master, alone. Uses `step` alone, not the simulator.
import { describe, expect, test } from '@jest/globals';
import type { VirtualRouterConfig } from '../src/config.js';
import { create, nextDeadline, step } from '../src/index.js';
import type { EventBody, ReceivedAdvertisement, VirtualRouterState } from '../src/index.js';
import { defaultConfig } from '../src/sim/index.js';
import { advertisement, SECOND } from './fixtures.js';

/** How long an advertisement is on its way. */
const DELAY = 1000;
/** Events after the start of both routers. */
const DEPTH = 10;
const CRASHES_MAX = 1;
/** A model that grows beyond this is no longer small. */
const WORLDS_MAX = 10_000;
const ADDRESSES = ['192.0.2.1', '192.0.2.2'] as const;

interface Message {
  readonly to: number;
  readonly priority: number;
  readonly arrival: number;
}

/** Two routers (a crashed one is undefined) and what is on its way between them. */
interface World {
  readonly now: number;
  readonly routers: readonly (VirtualRouterState | undefined)[];
  readonly messages: readonly Message[];
  readonly crashes: number;
}

type Configs = readonly VirtualRouterConfig[];

function startRouter(configs: Configs, world: World, index: number): World {
  const config = configs[index] ?? defaultConfig();
  const events: readonly EventBody[] = [
    { kind: 'link', up: true },
    { kind: 'primary-address', address: ADDRESSES[index] },
    { kind: 'startup' },
  ];
  let state = create(config);
  for (const event of events) ({ state } = step(state, { ...event, at: world.now }));
  return { ...world, routers: world.routers.with(index, state) };
}

/** The world after one event of one router, its advertisements on their way or lost. */
function react(world: World, index: number, event: EventBody, isLost: boolean): World & { readonly sent: number } {
  const before = world.routers[index];
  if (before === undefined) return { ...world, sent: 0 };
  const { state, actions } = step(before, { ...event, at: world.now });
  const sent = actions.flatMap((action) => (action.kind === 'send-advertisement' ? [action.priority] : []));
  const to = 1 - index;
  const messages = isLost ? [] : sent.map((priority) => ({ to, priority, arrival: world.now + DELAY }));
  return {
    ...world,
    routers: world.routers.with(index, state),
    messages: [...world.messages, ...messages],
    sent: sent.length,
  };
}

/** What happens next by itself: undefined when nothing does. */
function nextEvent(
  world: World,
): { readonly at: number; readonly index: number; readonly message?: Message } | undefined {
  const [message] = world.messages.toSorted((x, y) => x.arrival - y.arrival);
  const due = world.routers.flatMap((state, index) => {
    const at = state === undefined ? undefined : nextDeadline(state);
    return at === undefined ? [] : [{ at, index }];
  });
  const [timer] = due.toSorted((x, y) => x.at - y.at);
  if (message === undefined) return timer;
  return timer !== undefined && timer.at < message.arrival
    ? timer
    : { at: message.arrival, index: message.to, message };
}

/** Every world that may come next: by itself, with what is sent delivered or lost; or by a crash or a restart. */
function successors(configs: Configs, world: World): readonly World[] {
  const result: World[] = [advance(world, false) ?? world, advance(world, true) ?? world];
  for (const [index, state] of world.routers.entries()) {
    if (state === undefined) result.push(startRouter(configs, world, index));
    else if (world.crashes < CRASHES_MAX) {
      result.push({ ...world, routers: world.routers.with(index, undefined), crashes: world.crashes + 1 });
    }
  }
  return result;
}

const packets = new Map<string, ReceivedAdvertisement>();

/** What `index` hears from the other one; the same few packets again and again. */
function packetTo(index: number, config: VirtualRouterConfig, priority: number): ReceivedAdvertisement {
  const key = `${index} ${config.version} ${priority}`;
  const packet = packets.get(key) ?? advertisement(config, { source: ADDRESSES[1 - index] ?? '', priority });
  packets.set(key, packet);
  return packet;
}

/** The world after what happens next by itself; undefined when nothing does. */
function advance(world: World, isLost: boolean): World | undefined {
  const next = nextEvent(world);
  if (next === undefined) return undefined;
  const { at: now, index, message } = next;
  const messages = world.messages.filter((other) => other !== message);
  const at = { ...world, now, messages };
  const state = world.routers[index];
  if (message === undefined || state === undefined) return react(at, index, { kind: 'time' }, isLost);
  const packet = packetTo(index, state.config, message.priority);
  return react(at, index, { kind: 'packet', packet }, isLost);
}

/** The world after a while in which nothing is lost. */
function quiet(world: World, duration: number): World {
  const end = world.now + duration;
  let current = world;
  for (let next = nextEvent(current); next !== undefined && next.at <= end; next = nextEvent(current)) {
    current = advance(current, false) ?? current;
  }
  return { ...current, now: end };
}

function masters(world: World): readonly number[] {
  return [0, 1].filter((index) => world.routers[index]?.role === 'master');
}

/** Two worlds with the same key go on in the same way: times count from now, counters do not count. */
function keyOf({ now, routers, messages, crashes }: World): string {
  const times = (timers: object): unknown =>
    Object.values(timers).map((at: unknown) => (typeof at === 'number' ? at - now : null));
  const states = routers.map((state) =>
    state === undefined
      ? null
      : [
          state.role,
          times(state.timers),
          state.masterStopping,
          state.preemption,
          state.master?.priority,
          state.masterDownInterval,
        ],
  );
  return JSON.stringify([states, messages.map(({ arrival, ...rest }) => [arrival - now, rest]), crashes]);
}

function explore(configs: Configs, visit: (world: World) => void): number {
  const seen = new Set<string>();
  const nowhere: World = { now: 0, routers: [undefined, undefined], messages: [], crashes: 0 };
  const first = startRouter(configs, nowhere, 0);
  // The second router starts with the first, in between, or just before the first one's timer runs out.
  let frontier = [0, SECOND / 2, 3_609_000].map((now) => startRouter(configs, { ...quiet(first, now), now }, 1));
  for (let depth = 0; depth <= DEPTH; depth += 1) {
    const next: World[] = [];
    for (const world of frontier) {
      const key = keyOf(world);
      if (seen.has(key)) continue;
      seen.add(key);
      if (seen.size > WORLDS_MAX) throw new Error('the model is too large');
      visit(world);
      if (depth < DEPTH) next.push(...successors(configs, world));
    }
    frontier = next;
  }
  return seen.size;
}

describe.each([
  ['version 3, different priorities', { version: 3 }, [100, 90]],
  ['version 3, equal priorities', { version: 3 }, [100, 100]],
  ['version 2, different priorities', { version: 2 }, [200, 50]],
  ['an owner and another', { version: 3 }, [255, 100]],
] as const)('%s', (_title, changes, priorities) => {
  const configs = priorities.map((priority) => defaultConfig({ ...changes, priority }));
  const longest = 3 * SECOND + SECOND;

  test('no two Masters that hear each other, none stuck without the right one', () => {
    let withTwo = 0;
    const count = explore(configs, (world) => {
      const two = masters(world).length === 2;
      if (two) withTwo += 1;
      // One interval until somebody advertises, its delivery, and the delivery of an answer.
      if (two) expect(masters(quiet(world, SECOND + 2 * DELAY))).toHaveLength(1);
      const alive = world.routers.flatMap((state, index) => (state === undefined ? [] : [index]));
      const settled = masters(quiet(world, longest + SECOND + 4 * DELAY));
      expect(settled).toHaveLength(Math.min(1, alive.length));
      const isBest = alive.every((index) => (priorities[settled[0] ?? 0] ?? 0) >= (priorities[index] ?? 0));
      expect(isBest).toBe(true);
    });
    expect(count).toBeGreaterThan(500);
    // The exploration did reach split brains: loss makes them, hearing each other ends them.
    expect(withTwo).toBeGreaterThan(10);
  }, 60_000);
});
