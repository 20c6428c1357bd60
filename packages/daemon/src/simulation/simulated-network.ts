// What a simulated host is plugged into: the wires of its links, and the clock of them all. Data; nothing moves here.
import type { Lan, LanPort, VirtualClock } from '@vrrp/state-machine/sim';

/** A network segment: datagrams for VRRP, frames for announcements. */
export interface SimulatedWire {
  readonly datagrams: Lan;
  readonly frames: Lan;
}

/** The clock of every host, and the wire of every link that names none of its own. */
export interface SimulatedNetwork extends SimulatedWire {
  readonly clock: VirtualClock;
}

export interface SimulatedLink {
  readonly name: string;
  readonly mac: string;
  /** 'ADDRESS/PREFIX' each. */
  readonly addresses: readonly string[];
  readonly loopback?: boolean;
  /** What it is plugged into; the network's own wire when left out. */
  readonly wire?: SimulatedWire;
}

/** A host's end of a wire. */
export interface Plug {
  readonly wire: SimulatedWire;
  readonly port: LanPort;
  readonly framePort: LanPort;
}
