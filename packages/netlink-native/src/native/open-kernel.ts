// The real Kernel: rtnetlink over two netlink sockets of the calling thread's network namespace.
import type { Kernel } from '../kernel.js';
import { RtnetlinkKernel } from '../rtnetlink-kernel.js';
import { MARKED_EVENTS } from '../rtnl/event-filter.js';
import { openNetlinkTransport } from './netlink-transport.js';

/**
 * Opens rtnetlink in the network namespace that the calling thread is in now; both sockets are open when the call returns.
 * Reading needs no privilege, changing needs CAP_NET_ADMIN.
 * Rejects with OperationError ERR_VRRP_NETLINK, ERR_VRRP_NATIVE_MISSING.
 */
export async function openKernel(): Promise<Kernel> {
  const requests = openNetlinkTransport('ask rtnetlink');
  try {
    return new RtnetlinkKernel(requests, openNetlinkTransport('watch rtnetlink', 'NETLINK_ROUTE', MARKED_EVENTS));
  } catch (error) {
    requests.close();
    throw error;
  }
}
