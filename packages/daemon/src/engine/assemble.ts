// Puts the parts of an engine together over a World. Each part has a file of its own and knows only what it is given here.
import { ObjectKeeper } from '../reconcile/object-keeper.js';
import { ObservedNetwork } from '../reconcile/observed.js';
import { Announcer } from './announcer.js';
import { Drift } from './drift.js';
import { announce, keeperListener } from './keeper-reports.js';
import { Lateness } from './lateness.js';
import { LanePatience } from './lane-patience.js';
import { LinkWatch } from './link-watch.js';
import { failureText, type EngineReport, type Untimed } from './messages.js';
import { NetworkFacts } from './network-facts.js';
import { NetworkNews } from './network-news.js';
import { ObjectLane } from './object-lane.js';
import { Outbox } from './outbox.js';
import { Resync } from './resync.js';
import { Roster } from './roster.js';
import { SyncGroups } from './sync-groups.js';
import { TrackerMemory } from './tracker-memory.js';
import { Turns } from './turns.js';
import type { VirtualRouter } from './virtual-router.js';
import type { World } from './world.js';

/** Waking later than this is worth a line: the protocol's shortest interval is 10 ms. */
const STALL_REPORT_MICROS = 100_000;

export type EngineParts = ReturnType<typeof assemble>;

export function assemble(world: World) {
  const report = (untimed: Untimed<EngineReport>): void => world.report({ ...untimed, at: world.now() });
  const base = { now: () => world.now(), report, network: new ObservedNetwork(), outbox: new Outbox() };
  const parts = assembleRouters(world, base, (body) => turns.run(body));
  const network = assembleNetwork(world, { ...base, ...parts }, (body) => turns.runBriefly(body));
  const lateness = new Lateness();
  const { links, facts, roster, announcer, keeper } = parts;
  const { news, lane, resync } = network;
  const patience = new LanePatience();
  const turns = new Turns({
    world,
    outbox: base.outbox,
    due(at) {
      noteLateness({ roster, lateness, report }, at);
      roster.passDeadlines(at);
      for (const name of links.expire(at)) news.linkExpired(name);
      facts.retry(at);
    },
    secondLane(at) {
      const workAt = earliest([lane.nextAt(), resync.nextAt()]);
      // What has to go goes at once: another router holds it already.
      if (!keeper.hasRemovals(at) && !patience.mayBegin(at, workAt, roster.nextDeadline())) return;
      lane.run(at);
      resync.run(at);
    },
    last: () => announcer.flush(),
    next: (at) =>
      announcer.isIdle
        ? earliest([
            roster.nextDeadline(),
            links.next(),
            facts.nextAt(),
            patience.nextAt(earliest([lane.nextAt(), resync.nextAt()])),
          ])
        : at,
  });
  return { world, ...base, ...parts, ...network, lateness, turns, trackers: new TrackerMemory(roster) };
}

interface Base {
  now(): number;
  report(report: Untimed<EngineReport>): void;
  readonly network: ObservedNetwork;
  readonly outbox: Outbox;
}

/** The virtual routers, and what their actions go to. */
function assembleRouters(world: World, base: Base, turn: (body: () => void) => void) {
  const { now, report, network, outbox } = base;
  const links = new LinkWatch((name) => network.linkNamed(name));
  const groups = new SyncGroups((observation) => report({ kind: 'group-observation', observation }));
  const announcer = new Announcer<VirtualRouter>(world, {
    failed: (router, error) => reportFailure(report, router, 'announce addresses', error),
    sent: (router) => (router.announcementsSent += 1),
  });
  const telling = { announcer, network, now, report };
  const keeper = new ObjectKeeper<VirtualRouter>(keeperListener(telling));
  const roster = new Roster({
    world,
    outbox,
    report,
    turn,
    want: (router, addresses) => keeper.want(router, addresses, now()),
    release(router, addresses) {
      announcer.cancel(router);
      keeper.release(router, addresses, now());
    },
    announce: (router, addresses, times) => keeper.announce(router, addresses, times),
    announceSource: (router, address) => announce(telling, router, [address], 1),
    announceGroup: (router) => groups.announce(router),
    stepped: (router) => groups.stepped(router),
  });
  const facts = new NetworkFacts({ network, links, outbox, now });
  return { links, groups, announcer, keeper, roster, facts };
}

/** What comes from the kernel and goes to it. Its answers are turns that do not ask for more at once. */
function assembleNetwork(
  world: World,
  parts: Base & ReturnType<typeof assembleRouters>,
  turn: (body: () => void) => void,
) {
  const { now, report, network, keeper } = parts;
  const { kernel } = world;
  const resync = new Resync({
    kernel,
    network,
    now,
    done: () => turn(() => news.readAnew()),
    failed: (error) => reportFailure(report, undefined, 'read the network anew', error),
  });
  const processName = (pid: number): string | undefined => world.processName(pid);
  const drift = new Drift({ keeper, network, now, processName, readAnew: () => resync.ask() });
  const news = new NetworkNews({ ...parts, drift, resync });
  const linkIndexes = (name: string): number | undefined => network.linkNamed(name)?.index;
  const lane = new ObjectLane({ kernel, keeper, network, linkIndexes, now, turn });
  return { resync, drift, news, lane };
}

function noteLateness(
  { roster, lateness, report }: { roster: Roster; lateness: Lateness; report: (report: Untimed<EngineReport>) => void },
  at: number,
): void {
  const due = roster.nextDeadline();
  if (due === undefined || due > at) return;
  lateness.add(at - due);
  if (at - due > STALL_REPORT_MICROS) report({ kind: 'stalled', lateness: at - due });
}

function reportFailure(
  report: (report: Untimed<EngineReport>) => void,
  router: VirtualRouter | undefined,
  operation: string,
  error: unknown,
): void {
  report({ kind: 'operation-failed', router: router?.desired.key, operation, error: failureText(error) });
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  let first: number | undefined;
  for (const time of times) if (time !== undefined && (first === undefined || time < first)) first = time;
  return first;
}
