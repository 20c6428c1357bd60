// Links as network objects: what the kernel tells of one, and which may be made.

export interface Link {
  readonly kind: 'link';
  readonly index: number;
  readonly name: string;
  /** Lower-case colon form, '' where the link has none. */
  readonly mac: string;
  readonly mtu: number;
  /** IFF_UP: an administrator wants it up. */
  readonly adminUp: boolean;
  /** IFF_RUNNING: it has carrier. A link is usable when both hold. */
  readonly running: boolean;
  readonly multicast: boolean;
  readonly loopback: boolean;
  /** IFF_NOARP: announcements make no sense on it. */
  readonly noArp: boolean;
  /** rtnetlink's IFLA_INFO_KIND, `type` of ip-link(8) ('veth', 'macvlan', …), '' for plain devices. */
  readonly type: string;
  /** IFLA_LINK: the link of this namespace that this one lives on. */
  readonly parentIndex?: number;
  readonly macvlanMode?: MacvlanMode;
}

/** ip-link(8): which of the links on one parent hear each other. */
export type MacvlanMode = 'private' | 'vepa' | 'bridge' | 'passthru';

/** A macvlan to make, or any link to remove: by its index where that is given, else by its name. */
export interface LinkSpec {
  readonly kind: 'link';
  readonly name: string;
  readonly index?: number;
  readonly type: 'macvlan';
  readonly parentIndex: number;
  readonly macvlanMode: MacvlanMode;
  readonly mac?: string;
  readonly mtu?: number;
  /** IFF_UP from the start. */
  readonly adminUp?: boolean;
}
