// linkbeat_use_polling and linkbeat_interfaces, pure (keepalived.conf(5), "Linkbeat interfaces"): which links are polled.
import type { Config } from '@vrrp/conf-parser';
import type { PlanNote } from './admission.js';
import { linksOf, usesLink, type DesiredLinkbeat, type DesiredVirtualRouter } from './desired.js';

const METHODS = { MII: 'mii', ETHTOOL: 'ethtool', IOCTL: 'ioctl' } as const;

/** Only links that a virtual router uses: those that are named, and all of them with the global keyword. */
export function planLinkbeats(
  config: Config,
  routers: readonly DesiredVirtualRouter[],
  note: (note: PlanNote) => void,
): readonly DesiredLinkbeat[] {
  const planned = new Map<string, DesiredLinkbeat>();
  for (const { interface: link, method } of config.linkbeat_interfaces) {
    if (!routers.some((router) => usesLink(router, link)))
      note({ code: 'plan/unused-linkbeat', message: `Turning off linkbeat for ${link} since not used for tracking` });
    else planned.set(link, { link, ...(method === undefined ? {} : { method: METHODS[method] }) });
  }
  const own = config.vrrp_instance.flatMap(({ interface: link, linkbeat_use_polling: polled }) =>
    polled && link !== undefined ? [link] : [],
  );
  for (const link of config.linkbeat_use_polling ? routers.flatMap(linksOf) : own) {
    if (!planned.has(link)) planned.set(link, { link });
  }
  return [...planned.values()];
}
