// linkbeat_use_polling and linkbeat_interfaces, pure (keepalived.conf(5), "Linkbeat interfaces"): which links are polled.
import type { Config } from '@vrrp/conf-parser';
import { linksOf, usesLink, type DesiredLinkbeat, type DesiredVirtualRouter } from './desired.js';
import type { Report } from './findings.js';

const METHODS = { MII: 'mii', ETHTOOL: 'ethtool', IOCTL: 'ioctl' } as const;

/** Only links that a virtual router uses: those that are named, and all of them with the global keyword. */
export function planLinkbeats(
  config: Config,
  routers: readonly DesiredVirtualRouter[],
  report: Report,
): readonly DesiredLinkbeat[] {
  const planned = new Map<string, DesiredLinkbeat>();
  for (const { interface: link, method } of config.linkbeat_interfaces) {
    if (!routers.some((router) => usesLink(router, link))) {
      const place = { block: 'root', keyword: 'linkbeat_interfaces', item: link } as const;
      report('plan/unused-linkbeat', place, `Turning off linkbeat for ${link} since not used for tracking`);
    } else planned.set(link, { link, ...(method === undefined ? {} : { method: METHODS[method] }) });
  }
  const own = config.vrrp_instance.flatMap(({ interface: link, linkbeat_use_polling: polled }) =>
    polled && link !== undefined ? [link] : [],
  );
  for (const link of config.linkbeat_use_polling ? routers.flatMap(linksOf) : own) {
    if (!planned.has(link)) planned.set(link, { link });
  }
  return [...planned.values()];
}
