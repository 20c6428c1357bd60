// Echo requests of `builtin:ping` without a fork: one raw socket for each family, opened when the first check sends one.
import { openIcmpSocket } from '@vrrp/netlink-native';
import { createPinger, type Prober } from '@vrrp/trackers';
import { normalizeIp } from '@vrrp/wire';
import { failureText } from '../engine/messages.js';

export function createEchoRequests(): Prober['ping'] {
  let ping: Prober['ping'] | undefined;
  return (address, onEnd) => {
    ping ??= openPinger();
    return ping(normalizeIp(address) ?? address, onEnd);
  };
}

/** A machine without IPv6 has one socket; without any, every ping says why it cannot be sent. */
function openPinger(): Prober['ping'] {
  const problems: string[] = [];
  const sockets = ([4, 6] as const).flatMap((family) => {
    try {
      const socket = openIcmpSocket(family);
      socket.unref();
      return [socket];
    } catch (error) {
      problems.push(failureText(error).message);
      return [];
    }
  });
  if (sockets.length > 0) return createPinger(sockets, process.pid & 0xffff);
  return (_address, onEnd) => {
    const failed = setImmediate(() => onEnd({ kind: 'cannot-run', message: problems.join('; ') }));
    return () => clearImmediate(failed);
  };
}
