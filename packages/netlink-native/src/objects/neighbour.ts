// Neighbours as network objects (ip-neighbour(8)). Only those of our protocol are observed.

/** Who has an address on a link (ip-neighbour(8)), for ever. */
export interface NeighbourSpec {
  readonly kind: 'neighbour';
  readonly family: 4 | 6;
  readonly address: string;
  readonly linkIndex: number;
  readonly mac: string;
  /** NDA_PROTOCOL. @default VRRP_PROTOCOL */
  readonly protocol?: number;
}

export interface Neighbour extends NeighbourSpec {
  /** NUD_* bits: 0x80 permanent. */
  readonly state: number;
  readonly protocol: number;
}
