// What the control thread counts of the engine's reports, for status and metrics: transitions by cause, and advertisements
// that a Master heard from others. Everything else is counted where it happens.
import type { Observation } from '@vrrp/state-machine';
import type { Report } from '../../reports/report.js';
import type { TransitionDocument } from './document.js';

export interface RouterCounts {
  /** By their names; from a closed set, so there are not many. */
  readonly transitions: ReadonlyMap<string, TransitionDocument>;
  readonly heardWhileMaster: number;
}

export const NO_COUNTS: RouterCounts = { transitions: new Map(), heardWhileMaster: 0 };

export class ReportCounts {
  readonly #routers = new Map<string, RouterCounts>();

  get byRouter(): ReadonlyMap<string, RouterCounts> {
    return this.#routers;
  }

  heard(report: Report): void {
    if (report.kind !== 'observation') return;
    const before = this.#routers.get(report.router) ?? NO_COUNTS;
    const after = counted(before, report.observation);
    if (after !== before) this.#routers.set(report.router, after);
  }

  /** Forgets all but these. */
  keep(routers: ReadonlySet<string>): void {
    for (const key of this.#routers.keys()) if (!routers.has(key)) this.#routers.delete(key);
  }
}

function counted(counts: RouterCounts, observation: Observation): RouterCounts {
  switch (observation.kind) {
    case 'transition': {
      const { from, to, cause } = observation;
      const key = `${from} ${to} ${cause}`;
      const count = (counts.transitions.get(key)?.count ?? 0) + 1;
      return { ...counts, transitions: new Map(counts.transitions).set(key, { from, to, cause, count }) };
    }
    case 'master-heard-lower':
    case 'master-heard-higher':
    case 'own-address-heard':
      return { ...counts, heardWhileMaster: counts.heardWhileMaster + 1 };
    case 'owner-conflict':
      // The one it yields to is observed as higher, too.
      return observation.yields ? counts : { ...counts, heardWhileMaster: counts.heardWhileMaster + 1 };
    default:
      return counts;
  }
}
