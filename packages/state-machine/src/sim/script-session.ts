// Runs the commands of a script against a cluster: each line is something an operator, a network or a failure does.
// The commands are listed in README.md, "Scripts". Output is the cluster's trace; script.ts puts the two together.
import type { VirtualRouterConfig } from '../config.js';
import { describeExplanation, explain } from '../explain.js';
import type { Micros, ReceivedAdvertisement } from '../types.js';
import { advertisementBytes } from './advertise.js';
import { Checkers, settleTime } from './checkers.js';
import { Cluster } from './cluster.js';
import type { LanConditions } from './lan.js';
import type { SimulatedRouter } from './router.js';
import { configFromWords, parseTrackerKind } from './script-config.js';
import { ScriptError, ScriptWords } from './script-words.js';

type Command = (session: ScriptSession, words: ScriptWords) => void;

export class ScriptSession {
  readonly cluster: Cluster;
  readonly checkers: Checkers;
  /** Which actions the output shows: everything, or only who is Master and who has the addresses. */
  shown: 'all' | 'transitions' = 'all';
  /** Lines that a command itself wants in the output. */
  readonly remarks: string[] = [];

  constructor(seed = 1) {
    this.cluster = new Cluster({ seed });
    this.checkers = new Checkers(this.cluster);
  }

  /** @throws ScriptError when the line is no command or lacks something. */
  execute(line: string): void {
    const words = new ScriptWords(line);
    const command = COMMANDS[words.verb];
    if (command === undefined) throw new ScriptError(`${words.verb} is not a command`);
    command(this, words);
    words.requireAllUsed();
    this.checkers.look();
  }

  advanceTo(time: Micros): void {
    this.cluster.runUntil(time, () => this.checkers.look());
  }

  routersOf(words: ScriptWords): readonly SimulatedRouter[] {
    if (words.plain.length === 0) throw new ScriptError(`${words.verb} needs a name`);
    return words.plain.map((name) => this.cluster.router(name));
  }

  routerOf(words: ScriptWords): SimulatedRouter {
    return this.cluster.router(words.name);
  }
}

const COMMANDS: Readonly<Record<string, Command>> = {
  lan: (session, words) => session.cluster.lan.setConditions(conditions(words)),
  router(session, words) {
    const config = configFromWords(words);
    session.cluster.add(words.name, config, words.text('address') ?? '192.0.2.1');
  },
  group(session, words) {
    const [name, ...members] = words.plain;
    if (name === undefined || members.length === 0) fail('group needs a name and members');
    session.cluster.addGroup(name, members);
  },
  explain(session, words) {
    const { state } = session.routerOf(words);
    session.remarks.push(...(state === undefined ? ['not running'] : describeExplanation(explain(state))));
  },
  start: (session, words) => each(session, words, (router) => router.start()),
  stop: (session, words) => each(session, words, (router) => router.stop()),
  crash: (session, words) => each(session, words, (router) => router.crash()),
  stall(session, words) {
    const duration = words.duration('for') ?? fail('stall needs for=');
    each(session, words, (router) => router.stall(duration));
  },
  link(session, words) {
    session.routerOf(words).setLink(isUp(words));
  },
  'primary-address'(session, words) {
    const [, address] = words.plain;
    session.routerOf(words).setPrimaryAddress(address === 'none' ? undefined : address);
  },
  tracker(session, words) {
    const [, what = '', status = ''] = words.plain;
    const [kind = '', tracker = ''] = what.split(':');
    if (status !== 'up' && status !== 'down' && status !== 'unknown') fail(`${status} is not up, down or unknown`);
    const value = words.number('value');
    session.routerOf(words).setTracker({
      kind: 'tracker',
      trackerKind: parseTrackerKind(kind),
      tracker,
      status,
      ...(value === undefined ? {} : { value }),
    });
  },
  'address-lost'(session, words) {
    const router = session.routerOf(words);
    const [, address = router.config.virtualAddresses[0] ?? ''] = words.plain;
    router.handle({ kind: 'address-lost', address, interface: router.config.interface });
  },
  'route-lost'(session, words) {
    session.routerOf(words).handle({ kind: 'route-lost', route: words.plain[1] ?? 'default' });
  },
  'rule-lost'(session, words) {
    session.routerOf(words).handle({ kind: 'rule-lost', rule: words.plain[1] ?? 'table 1' });
  },
  reconfigure(session, words) {
    const router = session.routerOf(words);
    router.reconfigure(configFromWords(words, router.config));
  },
  hear: (session, words) => hear(session, words),
  partition(session, words) {
    const [from, to] = direction(words);
    session.cluster.lan.partition(from, to);
  },
  heal(session, words) {
    if (words.plain.length === 0) session.cluster.lan.heal();
    else session.cluster.lan.heal(...direction(words));
  },
  advance(session, words) {
    const { clock, lan, routers } = session.cluster;
    const isSettling = words.plain[0] === 'settle';
    const settling = settleTime(
      routers.map((router) => router.config),
      lan.conditions,
    );
    const by = isSettling ? settling : words.duration('by');
    const to = by === undefined ? words.duration('to') : clock.now() + by;
    session.advanceTo(to ?? fail('advance needs to=, by= or settle'));
  },
  show(session, words) {
    if (words.name !== 'all' && words.name !== 'transitions') fail('show all, or show transitions');
    session.shown = words.name === 'all' ? 'all' : 'transitions';
  },
  statistics: (session, words) => each(session, words, (router) => session.remarks.push(statisticsLine(router))),
  check(session, words) {
    if (words.name !== 'settled') fail('check settled');
    session.checkers.checkSettled();
    session.remarks.push(session.checkers.violations.length === 0 ? 'ok' : session.checkers.violations.join('\n'));
  },
};

function each(session: ScriptSession, words: ScriptWords, action: (router: SimulatedRouter) => void): void {
  for (const router of session.routersOf(words)) action(router);
}

function conditions(words: ScriptWords): Partial<LanConditions> {
  const values = {
    delay: words.duration('delay'),
    jitter: words.duration('jitter'),
    loss: words.number('loss'),
    duplication: words.number('duplication'),
    reorder: words.flag('reorder'),
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** `a -> b`. */
function direction(words: ScriptWords): readonly [string, string] {
  const [from, arrow, to] = words.plain;
  if (from === undefined || arrow !== '->' || to === undefined) return fail(`${words.verb} needs: a -> b`);
  return [from, to];
}

function isUp(words: ScriptWords): boolean {
  const state = words.plain[1];
  if (state !== 'up' && state !== 'down') return fail(`link ${words.name} up, or link ${words.name} down`);
  return state === 'up';
}

/** An advertisement made by hand: what the line names differs from what the listener itself would send. */
function hear(session: ScriptSession, words: ScriptWords): void {
  const router = session.routerOf(words);
  const source = words.requiredText('source');
  const sent: VirtualRouterConfig = configFromWords(words, router.config);
  const destination = words.text('destination') ?? router.config.multicastGroup;
  const payload = advertisementBytes(sent, words.number('priority') ?? sent.priority, source, destination);
  const damage = words.number('damage');
  if (damage !== undefined) payload[damage] = (payload[damage] ?? 0) ^ 0xff;
  const multicast = destination === router.config.multicastGroup;
  const packet: ReceivedAdvertisement = { source, destination, multicast, ttl: words.number('ttl') ?? 255, payload };
  router.handle({ kind: 'packet', packet });
}

/** Every counter that is not zero. */
function statisticsLine(router: SimulatedRouter): string {
  const { discards = {}, ...counters } = router.state?.statistics ?? {};
  const numbers = [...Object.entries(counters), ...Object.entries(discards).map(([k, v]) => [`discards.${k}`, v])];
  const shown = numbers.filter(([, value]) => value !== 0).map(([name, value]) => `${name}=${value}`);
  return `${router.name} statistics: ${shown.join(' ')}`;
}

function fail(message: string): never {
  throw new ScriptError(message);
}
