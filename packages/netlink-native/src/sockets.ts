// The sockets a VRRP router needs, as interfaces: the native ones are in ./native/, those of the simulated LAN in the daemon.
// Every received batch is one JavaScript call; payloads are views into one slab, valid only during that call.

export interface ReceivedDatagram {
  /** What follows the IP header (IPv4) or the raw payload (IPv6): the VRRP message. */
  readonly payload: Uint8Array;
  readonly source: string;
  readonly destination: string;
  /** TTL or hop limit. */
  readonly ttl: number;
  readonly linkIndex: number;
  /**
   * When the kernel took it from the link: microseconds of `monotonicMicros()`, not after the call that delivers it. Believe
   * it for a bounded age only: setting the time of day between arrival and reading makes it look that much older.
   */
  readonly arrivedAt: number;
}

export interface OutgoingDatagram {
  /** IPv4: the whole datagram with its IP header (IP_HDRINCL). IPv6: the VRRP message; the kernel fills in the checksum. */
  readonly bytes: Uint8Array;
  readonly destination: string;
}

export interface VrrpSocketOptions {
  readonly family: 4 | 6;
  readonly linkIndex: number;
  readonly linkName: string;
  /** Joined on the link when given; loopback of own packets is off. */
  readonly multicastGroup?: string;
  /** IPv6: the source to send from. IPv4 sources are in the header. */
  readonly source?: string;
  /** IP protocol number, 112 unless told otherwise. */
  readonly protocol?: number;
  /** IPv6 only: hop limit of what is sent, default 255. */
  readonly hopLimit?: number;
}

/** Raw IP socket for VRRP on one link. */
export interface VrrpSocket {
  /** Sends as one batch; one entry per datagram in order: 0 or a positive errno. */
  send(datagrams: readonly OutgoingDatagram[]): readonly number[];
  /** Reads everything that waits now, through the listener, before returning; the number of datagrams. Used after a stall. */
  drain(): number;
  close(): void;
}

/** AF_PACKET socket that sends ready-made Ethernet frames on one link. */
export interface FrameSocket {
  send(frames: readonly Uint8Array[]): readonly number[];
  close(): void;
}

/** One absolute deadline on CLOCK_MONOTONIC with microsecond resolution (timerfd). */
export interface DeadlineTimer {
  /** Microseconds of `monotonicMicros()`; undefined disarms. A past deadline fires at once. */
  set(deadline: number | undefined): void;
  close(): void;
}

/** What holds the event loop: a program ends when everything it holds is closed or unreferenced. */
export interface Referenced {
  /** Keeps the process alive, as it does when opened. */
  ref(): void;
  /** Lets the process end although this is open. */
  unref(): void;
}
