// How a virtual router stands, as plain data for whoever asks. Reads; decides nothing.
import { explain, trackerFact } from '@vrrp/state-machine';
import type { DesiredAddress } from '../plan/desired.js';
import type { AddressStanding, RouterSnapshot, RouterStanding } from './messages.js';
import type { VirtualRouter } from './virtual-router.js';

export function snapshotOf({ desired, state }: VirtualRouter): RouterSnapshot {
  const { role, priority, faults, statistics } = state;
  return { key: desired.key, name: desired.config.name, role, priority, faults, statistics };
}

/** @param isPresent whether the kernel has this address. */
export function standingOf(router: VirtualRouter, isPresent: (address: DesiredAddress) => boolean): RouterStanding {
  const { state, desired } = router;
  const { vrid, family, version, preempt, syncGroup, trackedObjects } = state.config;
  const advertised = new Set(state.config.virtualAddresses);
  const describe = (one: DesiredAddress): AddressStanding => {
    const { address, prefixLength, link } = one;
    return { address, prefixLength, link, advertised: advertised.has(address), present: isPresent(one) };
  };
  return {
    ...snapshotOf(router),
    interface: state.config.interface,
    vrid,
    family,
    version,
    preempt,
    syncGroup,
    explanation: explain(state),
    intervals: {
      advertisement: state.config.advertisementInterval,
      masterAdvertisement: state.masterAdvertisementInterval,
      masterDown: state.masterDownInterval,
      skew: state.skewTime,
    },
    primaryAddress: state.facts.primaryAddress,
    masterHeardAt: router.masterHeardAt,
    addresses: desired.addresses.map(describe),
    tracked: trackedObjects.map(({ kind, name, weight, reverse }) => {
      return { kind, name, weight, reverse, status: trackerFact(state.facts, kind, name).status };
    }),
    announcementsSent: router.announcementsSent,
    repairs: router.repairs,
  };
}
