// What can be wrong with received bytes, as values with a position and the section of the rule that was broken.
// Text for people is made by formatIssue in format.ts; nothing here throws or prints.

export interface IssuePosition {
  /** First byte concerned, counted from the start of what was decoded. */
  readonly offset: number;
  /** Bytes concerned; 0 when the place lies behind the last byte. */
  readonly length: number;
  /** Where the rule is written: `RFC 9568 §5.2.3`. */
  readonly section: string;
}

export type IssueBody =
  /** Fewer bytes than the header, or than its address count, announces. */
  | { readonly kind: 'truncated'; readonly expected: number; readonly received: number }
  /** More bytes than announced, and not Ethernet padding. */
  | { readonly kind: 'trailing-bytes'; readonly expected: number; readonly received: number }
  /** Ethernet padding counted into the datagram; harmless. */
  | { readonly kind: 'padding'; readonly expected: number; readonly received: number }
  | { readonly kind: 'unsupported-version'; readonly version: number }
  | { readonly kind: 'unsupported-type'; readonly type: number }
  /** Version 2 knows IPv4 only. */
  | { readonly kind: 'version-family'; readonly version: number; readonly family: 4 | 6 }
  | { readonly kind: 'vrid-zero' }
  | { readonly kind: 'unknown-auth-type'; readonly authType: number }
  | { readonly kind: 'bad-checksum'; readonly received: number; readonly expected: number }
  | { readonly kind: 'reserved-bits'; readonly value: number }
  | { readonly kind: 'no-addresses' }
  | { readonly kind: 'interval-zero' }
  /** The frame or datagram is not what the decoder is for; `field` says what gave it away. */
  | { readonly kind: 'unexpected-value'; readonly field: string; readonly expected: number; readonly received: number }
  /** An ARP packet whose sender asks for somebody else's address, so it announces nothing. */
  | { readonly kind: 'not-gratuitous'; readonly sender: string; readonly target: string }
  /** A capture of a kind of link that is not read. */
  | { readonly kind: 'unsupported-link-type'; readonly linkType: number }
  /** Fragments are never reassembled. */
  | { readonly kind: 'fragment'; readonly fragmentOffset: number; readonly moreFragments: boolean };

export type DecodeIssue = IssuePosition & IssueBody;

/** What decoders of the frames around VRRP return: the value, or the one issue that stopped them. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly issue: DecodeIssue };

/** Marks the place in a switch that no value reaches. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected value: ${JSON.stringify(value)}`);
}
