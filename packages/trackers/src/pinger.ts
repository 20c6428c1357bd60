// Echo requests over a raw ICMP socket that the program gives: any number of `builtin:ping` checks share one per family.
// It gives no check a time limit: an answer that does not come is the check's timeout.

import { decodeEchoReply, encodeEchoRequest } from './icmp-echo.js';
import type { PingResult, Prober } from './prober.js';

/** Implemented over netlink-native's raw sockets by the daemon, and in memory by tests. */
export interface IcmpSocket {
  readonly family: 4 | 6;
  /** Sends one ICMP message; what went wrong otherwise. */
  send(address: string, message: Uint8Array): string | undefined;
  /** Hears every ICMP message of this family that comes in, without its IP header, and from whom, as `send` names it. */
  receive(listener: (message: Uint8Array, source: string) => void): void;
}

/** Addresses are in canonical form. `identifier`: 0..65535, another for each pinger of this machine (a process number's low bits do). */
export function createPinger(sockets: readonly IcmpSocket[], identifier: number): Prober['ping'] {
  const waiting = new Map<string, Waiting>();
  const sequences = { 4: 0, 6: 0 };
  for (const socket of sockets) {
    socket.receive((message, source) => {
      const reply = decodeEchoReply(socket.family, message);
      if (reply?.identifier !== identifier) return;
      const asked = waiting.get(keyOf(socket.family, reply.sequence));
      // What another host says proves nothing about the one that was asked.
      if (asked?.address === source) asked.replied();
    });
  }
  return (address, onEnd) => {
    const family = address.includes(':') ? 6 : 4;
    const sequence = sequences[family];
    sequences[family] = (sequence + 1) & 0xffff;
    const key = keyOf(family, sequence);
    const end = (result: PingResult): void => {
      if (waiting.delete(key)) onEnd(result);
    };
    // The answer to a ping of this very machine may come from within `send`.
    waiting.set(key, { address, replied: () => queueMicrotask(() => end({ kind: 'replied' })) });
    const socket = sockets.find((one) => one.family === family);
    const problem =
      socket === undefined
        ? `no ICMP socket for IPv${family}`
        : socket.send(address, encodeEchoRequest(family, { identifier, sequence }));
    if (problem !== undefined) queueMicrotask(() => end(failureOf(problem, socket === undefined, address)));
    return () => waiting.delete(key);
  };
}

interface Waiting {
  readonly address: string;
  readonly replied: () => void;
}

function keyOf(family: 4 | 6, sequence: number): string {
  return `${family} ${sequence}`;
}

/** A route that is not there is the network's failure, a socket that is not there ours. */
function failureOf(problem: string, noSocket: boolean, address: string): PingResult {
  return noSocket
    ? { kind: 'cannot-run', message: problem }
    : { kind: 'failed', reason: 'unreachable', detail: `${address}: ${problem}` };
}
