// What the keeper of network objects tells: as reports, as announcements, and to the virtual routers themselves.
import { nameOf, type DesiredObject } from '../reconcile/desired-object.js';
import type { KeeperListener } from '../reconcile/object-keeper.js';
import type { ObservedNetwork } from '../reconcile/observed.js';
import type { Announced, Announcer } from './announcer.js';
import { failureText, type EngineReport, type Untimed } from './messages.js';
import type { VirtualRouter } from './virtual-router.js';

export interface KeeperReportPorts {
  readonly announcer: Announcer<VirtualRouter>;
  readonly network: ObservedNetwork;
  now(): number;
  report(report: Untimed<EngineReport>): void;
}

export function keeperListener(ports: KeeperReportPorts): KeeperListener<VirtualRouter> {
  const { report, now } = ports;
  return {
    set: (router, objects) => report({ kind: 'addresses-set', router: router.desired.key, addresses: texts(objects) }),
    removed: (router, objects) =>
      report({ kind: 'addresses-removed', router: router.desired.key, addresses: texts(objects) }),
    announce: (router, objects, times) => announce(ports, router, objects, times),
    repaired(router, objects, by) {
      const addresses = texts(objects);
      const remover = by === undefined ? {} : { by };
      router.repairs = { count: router.repairs.count + objects.length, last: { at: now(), addresses, ...remover } };
      report({ kind: 'addresses-repaired', router: router.desired.key, addresses, ...remover });
      announce(ports, router, objects, router.desired.config.announcements.repeat);
    },
    refused(router, action, object, error) {
      const operation =
        router === undefined ? `remove leftover ${nameOf(object)}` : `${action}-addresses ${nameOf(object)}`;
      report({ kind: 'operation-failed', router: router?.desired.key, operation, error: failureText(error) });
      const failed = action === 'add' ? 'add-addresses' : 'remove-addresses';
      router?.deliver({ kind: 'action-failed', action: failed, reason: error.message });
    },
  };
}

/** Queues the announcements and says which they are. */
export function announce(
  { announcer, network, report }: KeeperReportPorts,
  router: VirtualRouter,
  addresses: readonly Announced[],
  times: number,
): void {
  const targets = announcer.announce(router, addresses, times, (name) => network.linkNamed(name));
  report({ kind: 'announced', router: router.desired.key, targets, times });
}

function texts(objects: readonly DesiredObject[]): readonly string[] {
  return objects.map(nameOf);
}
