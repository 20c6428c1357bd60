// A message from one of rtnetlink's groups as a network event (rtnetlink(7)): links and addresses that came, changed, went.
import type { NetlinkMessage } from '../codec/netlink-message.js';
import type { NetworkEvent } from '../kernel.js';
import { decodeAddress, RTM_DELADDR, RTM_NEWADDR } from './address.js';
import { decodeLink, RTM_DELLINK, RTM_NEWLINK } from './link.js';

/** enum rtnetlink_groups: what a watcher joins. */
export const EVENT_GROUPS: readonly number[] = [
  /* RTNLGRP_LINK */ 1, /* RTNLGRP_IPV4_IFADDR */ 5, /* RTNLGRP_IPV6_IFADDR */ 9,
];

/** Undefined for messages that are of no concern. */
export function decodeNetworkEvent(message: NetlinkMessage): NetworkEvent | undefined {
  switch (message.type) {
    case RTM_NEWLINK: {
      const link = decodeLink(message.payload);
      return link && { kind: 'link', link };
    }
    case RTM_DELLINK: {
      const link = decodeLink(message.payload);
      return link && { kind: 'link-removed', index: link.index, name: link.name };
    }
    case RTM_NEWADDR: {
      const address = decodeAddress(message.payload);
      return address && { kind: 'address', address };
    }
    case RTM_DELADDR: {
      const address = decodeAddress(message.payload);
      return address && { kind: 'address-removed', address };
    }
    default:
      return undefined;
  }
}
