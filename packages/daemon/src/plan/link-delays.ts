// interface_up_down_delays, pure (keepalived.conf(5), "Interface up/down status change debouncing"): which links have
// delays, and how long they may be.
import type { Config } from '@vrrp/conf-parser';
import { usesLink, type DesiredLinkbeat, type DesiredLinkDelays, type DesiredVirtualRouter } from './desired.js';
import type { Report } from './findings.js';
import { micros } from './micros.js';

/** The skew of the highest priority: 1/256 of the interval. */
const SKEW_PARTS = 256;

/**
 * Only links that a virtual router uses. A delay is less than the time after which a Backup takes over, as with
 * keepalived: a router whose link is down must be in fault before it would think that its Master is gone.
 */
export function planLinkDelays(
  config: Config,
  routers: readonly DesiredVirtualRouter[],
  linkbeats: readonly DesiredLinkbeat[],
  report: Report,
): readonly DesiredLinkDelays[] {
  return config.interface_up_down_delays.flatMap(({ interface: link, up, down }) => {
    if (linkbeats.some((polled) => polled.link === link)) {
      // Seen on keepalived 2.2.7, which says nothing of it.
      const summary = `the delays of ${link} have no effect, because its link beat is polled`;
      report('plan/delays-of-polled-link', { block: 'root', keyword: 'interface_up_down_delays', item: link }, summary);
      return [];
    }
    const users = routers.filter((router) => usesLink(router, link));
    if (users.length === 0) return [];
    const limit = Math.min(...users.map(delayLimit));
    return [{ link, upDelay: Math.min(micros(up), limit), downDelay: Math.min(micros(down), limit) }];
  });
}

/** Seen on keepalived 2.2.7: (down_timer_adverts - 1) intervals, less 1/256 of one. */
function delayLimit({ config: { advertisementInterval, downTimerAdverts } }: DesiredVirtualRouter): number {
  const limit = (downTimerAdverts - 1) * advertisementInterval - Math.floor(advertisementInterval / SKEW_PARTS);
  return Math.max(limit, 0);
}
