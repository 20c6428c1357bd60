// The World of a real Linux host: netlink-native's sockets, timer and rtnetlink, as they are.
import { readFileSync } from 'node:fs';
import { monotonicMicros, openDeadlineTimer, openFrameSocket, openKernel, openVrrpSocket } from '@vrrp/netlink-native';
import type { EngineReport } from './messages.js';
import type { World } from './world.js';

/** Opens the world in the network namespace of the calling thread. */
export async function openLinuxWorld(report: (report: EngineReport) => void): Promise<World> {
  const kernel = await openKernel();
  return {
    now: monotonicMicros,
    kernel,
    openTimer: openDeadlineTimer,
    openVrrpSocket,
    openFrameSocket,
    forwardsIpv6,
    processName,
    report,
  };
}

function forwardsIpv6(link: string): boolean {
  try {
    return readFileSync(`/proc/sys/net/ipv6/conf/${link}/forwarding`, 'utf8').trim() === '1';
  } catch {
    // No IPv6 on this link, or no /proc: then the host is no IPv6 router as far as anyone can tell.
    return false;
  }
}

function processName(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    // It has ended already.
    return undefined;
  }
}
