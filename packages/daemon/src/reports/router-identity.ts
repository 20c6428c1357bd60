// What every report about a virtual router is read with: the names people know it by.

export interface RouterIdentity {
  readonly name: string;
  readonly vrid: number;
  readonly family: 4 | 6;
  readonly version: 2 | 3;
  readonly interface: string;
  /** The source address it is told to use (mcast_src_ip, unicast_src_ip). */
  readonly source?: string;
}
