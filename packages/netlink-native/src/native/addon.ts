// What the C++ addon exports (../../native/*.cc), as types. Statuses are 0 or a count when all is well, else a negative
// errno; only wrong arguments throw. Nothing outside this folder sees these.

/** The C names of the system's numbers. */
export type ConstantName =
  | 'AF_UNIX'
  | 'AF_INET'
  | 'AF_INET6'
  | 'AF_NETLINK'
  | 'AF_PACKET'
  | 'SOCK_RAW'
  | 'SOCK_DGRAM'
  | 'IPPROTO_IP'
  | 'IPPROTO_IPV6'
  | 'IPPROTO_RAW'
  | 'NETLINK_ROUTE'
  | 'NETLINK_CONNECTOR'
  | 'SOL_SOCKET'
  | 'SO_BINDTODEVICE'
  | 'SO_PRIORITY'
  | 'SO_RCVBUF'
  | 'SO_RCVBUFFORCE'
  | 'SO_TIMESTAMPNS'
  | 'IP_HDRINCL'
  | 'IP_MULTICAST_IF'
  | 'IP_MULTICAST_LOOP'
  | 'IPV6_CHECKSUM'
  | 'IPV6_MULTICAST_HOPS'
  | 'IPV6_MULTICAST_IF'
  | 'IPV6_MULTICAST_LOOP'
  | 'IPV6_UNICAST_HOPS'
  | 'IPV6_PKTINFO'
  | 'IPV6_RECVPKTINFO'
  | 'IPV6_HOPLIMIT'
  | 'IPV6_RECVHOPLIMIT'
  | 'IPV6_TCLASS'
  | 'MCAST_JOIN_GROUP'
  | 'SOL_NETLINK'
  | 'NETLINK_ADD_MEMBERSHIP'
  | 'NETLINK_DROP_MEMBERSHIP'
  | 'NETLINK_CAP_ACK'
  | 'NETLINK_EXT_ACK'
  | 'MSG_DONTROUTE'
  | 'MSG_TRUNC'
  | 'CLONE_NEWNET'
  | 'SCHED_OTHER'
  | 'SCHED_FIFO'
  | 'SCHED_RR'
  | 'SCHED_RESET_ON_FORK'
  | 'RLIMIT_RTTIME'
  | 'SIOCGIFFLAGS'
  | 'SIOCETHTOOL'
  | 'SIOCGMIIPHY'
  | 'SIOCGMIIREG';

/** Opaque: the sendmmsg(2)/recvmmsg(2) headers over memory that TypeScript owns (see slot-batch.ts). */
export interface NativeMessageBatch {
  readonly __native?: 'message-batch';
}

export interface NativeSocket {
  open(domain: number, type: number, protocol: number): number;
  setOption(level: number, name: number, value: Uint8Array): number;
  /** `program` is an array of struct sock_filter (classic BPF). */
  attachFilter(program: Uint8Array): number;
  bind(address: Uint8Array): number;
  /** The number of messages that failed; each slot's result says how. */
  send(batch: NativeMessageBatch, count: number, flags: number): number;
  /** The number of messages read; 0 when none waits. */
  receive(batch: NativeMessageBatch): number;
  /** The listener gets the number of messages now in the batch, or a negative errno. */
  start(batch: NativeMessageBatch, listener: (received: number) => void): number;
  stop(): void;
  close(): void;
  ref(): void;
  unref(): void;
}

export interface NativeProcess {
  /** The pid. `user` -1: nobody else. The listener gets the wait status, once, when it has ended. Only once. */
  start(
    argv: readonly string[],
    environment: readonly string[],
    user: number,
    group: number,
    groups: readonly number[],
    listener: (status: number) => void,
  ): number;
}

export interface NativeTimer {
  open(listener: (now: number) => void): number;
  /** Microseconds on CLOCK_MONOTONIC; negative disarms. */
  set(deadline: number): number;
  close(): void;
  ref(): void;
  unref(): void;
}

export interface NativeAddon {
  readonly constants: Readonly<Record<ConstantName, number>>;
  readonly MessageBatch: new (
    slab: Uint8Array,
    lengths: Int32Array,
    slots: number,
    nameBytes: number,
    controlBytes: number,
    payloadBytes: number,
  ) => NativeMessageBatch;
  readonly Process: new () => NativeProcess;
  readonly Socket: new () => NativeSocket;
  readonly Timer: new () => NativeTimer;
  monotonicMicros(): number;
  /** What CLOCK_REALTIME is ahead of CLOCK_MONOTONIC now, in microseconds; read with a delay between the two, too little. */
  realtimeOffsetMicros(): number;
  enterNamespace(fd: number, kind: number): number;
  /** The kernel's number of the calling thread. */
  threadId(): number;
  /** Thread 0 is the one that asks. */
  setScheduler(thread: number, policy: number, priority: number): number;
  /** A negative value lifts the soft limit as far as the hard one. */
  setSoftLimit(resource: number, value: number): number;
  /** Comes back only when it fails. */
  replaceProgram(
    program: string,
    argv: readonly string[],
    ignored: readonly number[],
    blocked: readonly number[],
    descriptors: readonly number[],
  ): number;
  /** One bit for each signal that was held; the hold ends. */
  releasedSignals(): number;
  noteSignals(numbers: readonly number[]): number;
  /** One bit for each signal that was noted since the last call. */
  notedSignals(): number;
  ignoreSignals(numbers: readonly number[]): void;
  makeFifo(path: string, mode: number): number;
  lockMemory(address: number, length: number): number;
  /** `ifreq` is a struct ifreq, answered in place; with `data`, its ifr_data points there and only `data` is answered. */
  interfaceRequest(request: number, ifreq: Uint8Array, data?: Uint8Array): number;
}
