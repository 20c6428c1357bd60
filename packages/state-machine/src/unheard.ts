// Other routers of the same VRID whose advertisements are not used, and why: a second Master to whom nobody gives way, so
// whoever looks at this router must see it. A short list, kept per source; nothing is decided by it.
import { AdvertisementView as view } from '@vrrp/wire';
import { NOBODY_UNHEARD } from './state.js';
import type { DiscardEvidence } from './state.js';
import type { Turn } from './turn.js';
import type { DiscardReason, Micros, ReceivedAdvertisement } from './types.js';

/** Sources remembered at a time: a cluster is smaller, and whoever makes up addresses fills no memory. */
const UNHEARD_MAX = 8;
/** A source that was silent for this long is forgotten, in µs. */
export const UNHEARD_MEMORY: Micros = 60_000_000;

/** Its own doing, or another virtual router's packet: no sign of a second Master. */
const NO_RIVAL: ReadonlySet<DiscardReason> = new Set(['vrid', 'startup-delay', 'role']);

/** Remembers that a packet was not used. */
export function noteUnheard(
  turn: Turn,
  packet: ReceivedAdvertisement,
  reason: DiscardReason,
  evidence: DiscardEvidence,
): void {
  const { router, at } = turn;
  const { source, payload } = packet;
  if (NO_RIVAL.has(reason)) return;
  // Priority 0: it says that it stops.
  if (view.priority(payload) === 0) {
    forgetUnheard(turn, source);
    return;
  }
  const known = router.unheard.find((one) => one.source === source);
  const others = router.unheard.filter((one) => one !== known && at - one.last <= UNHEARD_MEMORY);
  if (known === undefined && others.length >= UNHEARD_MAX) return;
  const goesOn = known?.reason === reason && at - known.last <= UNHEARD_MEMORY ? known : undefined;
  router.unheard = [
    ...others,
    {
      source,
      reason,
      ...evidence,
      since: goesOn?.since ?? at,
      last: at,
      count: (goesOn?.count ?? 0) + 1,
    },
  ];
}

/** It is used, or has said that it stops. */
export function forgetUnheard({ router }: Turn, source: string): void {
  if (!router.unheard.some((one) => one.source === source)) return;
  const left = router.unheard.filter((one) => one.source !== source);
  router.unheard = left.length === 0 ? NOBODY_UNHEARD : left;
}
