// Runs the commands of a conversation against a cluster: each line is something an operator, a network or a failure does.
// The commands are listed in README.md, "Conversations"; faults are in the words of fault scripts. Output is the cluster's
// trace; script.ts puts the two together.
import type { VirtualRouterConfig } from '../config.js';
import { describeExplanation, explain } from '../explain.js';
import type { Micros, ReceivedAdvertisement } from '../types.js';
import { advertisementBytes } from './advertise.js';
import { settleTime } from './bounds.js';
import { Cluster } from './cluster.js';
import { applyFault, stageOf } from './cluster-faults.js';
import { viewOf } from './cluster-view.js';
import { isAction, readAction } from './fault-script.js';
import { Misread } from './fault-words.js';
import { Judges } from './judges.js';
import type { SimulatedRouter } from './router.js';
import { configFromWords, parseTrackerKind } from './script-config.js';
import { ScriptError, ScriptWords } from './script-words.js';

type Command = (session: ScriptSession, words: ScriptWords) => void;

export class ScriptSession {
  readonly cluster: Cluster;
  readonly judges: Judges;
  /** Which actions the output shows: everything, or only who is Master and who has the addresses. */
  shown: 'all' | 'transitions' = 'all';
  /** Lines that a command itself wants in the output. */
  readonly remarks: string[] = [];

  constructor(seed = 1) {
    this.cluster = new Cluster({ seed });
    this.judges = new Judges(viewOf(this.cluster));
  }

  /** @throws ScriptError when the line is no command or lacks something. */
  execute(line: string): void {
    const words = new ScriptWords(line);
    const command = COMMANDS[words.verb];
    if (command === undefined && !isAction(words.verb)) throw new ScriptError(`${words.verb} is not a command`);
    if (command === undefined) this.#fail(line, words);
    else {
      command(this, words);
      words.requireAllUsed();
    }
    this.judges.look();
  }

  /** A fault, now. `start a b c` is one for each. */
  #fail(line: string, words: ScriptWords): void {
    const lines = SEVERAL.has(words.verb) ? words.plain.map((name) => `${words.verb} ${name}`) : [line];
    if (lines.length === 0) throw new ScriptError(`${words.verb} needs a name`);
    for (const one of lines) {
      try {
        applyFault(this.cluster, readAction(one, stageOf(this.cluster)));
      } catch (error) {
        throw error instanceof Misread ? new ScriptError(error.message, { cause: error }) : error;
      }
    }
  }

  advanceTo(time: Micros): void {
    this.cluster.runUntil(time, () => this.judges.look());
  }

  routersOf(words: ScriptWords): readonly SimulatedRouter[] {
    if (words.plain.length === 0) throw new ScriptError(`${words.verb} needs a name`);
    return words.plain.map((name) => this.cluster.router(name));
  }

  routerOf(words: ScriptWords): SimulatedRouter {
    return this.cluster.router(words.name);
  }
}

/** Faults that may name several routers. */
const SEVERAL: ReadonlySet<string> = new Set(['start', 'stop', 'crash', 'kill', 'restart']);

const COMMANDS: Readonly<Record<string, Command>> = {
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
  advance(session, words) {
    const { clock, lan, routers } = session.cluster;
    const isSettling = words.plain[0] === 'settle';
    const settling = settleTime(
      routers.map((router) => router.config),
      lan.conditions.delay + lan.conditions.jitter,
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
    session.judges.checkSettled();
    session.remarks.push(session.judges.violations.length === 0 ? 'ok' : session.judges.violations.join('\n'));
  },
};

function each(session: ScriptSession, words: ScriptWords, action: (router: SimulatedRouter) => void): void {
  for (const router of session.routersOf(words)) action(router);
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
