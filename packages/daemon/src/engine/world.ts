// Everything the engine may touch, as ports. Linux implements it in linux-world.ts, the simulator in ../simulation/;
// the engine itself runs unchanged on both.
import type {
  DeadlineTimer,
  FrameSocket,
  Kernel,
  ReceivedDatagram,
  VrrpSocket,
  VrrpSocketOptions,
} from '@vrrp/netlink-native';
import type { EngineReport } from './messages.js';

export interface World {
  /** Microseconds, monotonic. */
  now(): number;
  readonly kernel: Kernel;
  openTimer(listener: (now: number) => void): DeadlineTimer;
  openVrrpSocket(
    options: VrrpSocketOptions,
    listener: (batch: readonly ReceivedDatagram[]) => void,
    onError: (error: Error) => void,
  ): VrrpSocket;
  openFrameSocket(options: { readonly linkIndex: number }): FrameSocket;
  /** Whether the host forwards IPv6 on this link: decides the Router flag of a neighbour advertisement (RFC 4861 §4.4). */
  forwardsIpv6(link: string): boolean;
  /** The name of a process, if there is one of this number. */
  processName(pid: number): string | undefined;
  report(report: EngineReport): void;
}
