// Advertisements for a VRID that nobody here runs (keepalived.conf(5), "log_unknown_vrids"): a cluster that was forgotten, a
// mistyped number. Each VRID of each sender is told once.
// COMPAT: keepalived logs every packet. docs/compatibility.md
import type { ReceivedDatagram, VrrpSocketOptions } from '@vrrp/netlink-native';
import type { EngineReport, Untimed } from './messages.js';

/** Senders and VRIDs remembered: whoever makes them up fills neither memory nor log. */
const REMEMBERED_MAX = 64;
/** A VRRP message begins with version and type, and the VRID. */
const VRID_OFFSET = 1;

type Unknown = Untimed<EngineReport & { readonly kind: 'unknown-vrid' }>;

export class UnknownVrids {
  readonly #report: (report: Unknown) => void;
  readonly #told = new Set<string>();
  tells = false;

  constructor(report: (report: Unknown) => void) {
    this.#report = report;
  }

  heard({ payload, source }: ReceivedDatagram, { family, linkName: link }: VrrpSocketOptions): void {
    const vrid = payload[VRID_OFFSET];
    if (!this.tells || vrid === undefined) return;
    const key = `${link} ${vrid} ${source}`;
    if (this.#told.has(key) || this.#told.size >= REMEMBERED_MAX) return;
    this.#told.add(key);
    this.#report({ kind: 'unknown-vrid', vrid, family, link, source });
  }
}
