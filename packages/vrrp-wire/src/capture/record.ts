// What reading a capture file gives: packets as they were captured, and the one issue that may end it. The vocabulary that
// the pcap and pcapng parsers share; nothing is read here.

/** When a packet was seen, since 1970 UTC. */
export interface CaptureTimestamp {
  readonly seconds: number;
  /** 0..999_999_999 unless the file says otherwise; as fine as its resolution goes. */
  readonly nanoseconds: number;
}

export interface CapturedPacket {
  readonly kind: 'packet';
  /** Counted from 1, as tcpdump and Wireshark number them. */
  readonly number: number;
  /** Undefined for pcapng's Simple Packet Blocks, which have none. */
  readonly timestamp: CaptureTimestamp | undefined;
  /** LINKTYPE_ number of the interface it was captured on. */
  readonly linkType: number;
  /** What was captured: a view that stays valid. */
  readonly bytes: Uint8Array;
  /** Bytes the packet had on the wire; more than `bytes` when it was cut by the snapshot length. */
  readonly originalLength: number;
}

export type CaptureIssueBody =
  | { readonly kind: 'unknown-format'; readonly magic: number }
  /** The file ends within a header, record or block. */
  | { readonly kind: 'file-truncated'; readonly missing: number }
  /** A length that no writer makes: the file is damaged. */
  | { readonly kind: 'bad-length'; readonly field: string; readonly received: number }
  /** pcapng: a packet of an interface that was not described. */
  | { readonly kind: 'unknown-interface'; readonly interface: number }
  /** pcapng: a section header whose byte order cannot be told. */
  | { readonly kind: 'bad-byte-order'; readonly magic: number };

/** Where a file stops making sense. All whole packets before it have been given. */
export type CaptureIssue = {
  /** Byte of the file. */
  readonly offset: number;
  /** Where the rule is written. */
  readonly section: string;
} & CaptureIssueBody;

export type CaptureRecord = CapturedPacket | { readonly kind: 'issue'; readonly issue: CaptureIssue };

/** A record without its number, or the issue that ends the file: what the format parsers give. */
export type ParsedPacket = Omit<CapturedPacket, 'kind' | 'number'>;

/** The largest record or block that is believed; tcpdump's largest snapshot length is 256 KiB. */
export const BLOCK_LENGTH_MAX = 16 * 1024 * 1024;

/**
 * A file format as a step machine: the reader gathers `needed` bytes, hands over exactly those, and asks again. So never
 * more than one block is held.
 */
export interface FormatParser {
  /** Where the format is described. */
  readonly section: string;
  /** Bytes of the next piece, at least 1. */
  readonly needed: number;
  /** Whether the file may end before this piece without being cut. */
  readonly mayEnd: boolean;
  /** Takes the piece that starts at byte `offset` of the file. */
  take(piece: Uint8Array, offset: number): ParsedPacket | CaptureIssue | undefined;
}
