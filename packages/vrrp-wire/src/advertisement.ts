// The meaning of a VRRP advertisement, version 2 (RFC 3768 §5, RFC 2338 §5) and version 3 (RFC 9568 §5), as plain data,
// and what decoding gives. No bytes here: decode.ts and encode.ts.
import type { HmacTrailer } from './auth/hmac-trailer.js';
import { AUTH_DATA_LENGTH } from './constants.js';
import { addressLength, HEADER_LENGTH } from './fields.js';
import type { ChecksumForm, ChecksumMode } from './checksum.js';
import type { IpInput } from './ip.js';
import type { DecodeIssue } from './issue.js';

/** Discriminated on `version`. */
export type Advertisement = AdvertisementV2 | AdvertisementV3;

export interface AdvertisementV3 {
  readonly version: 3;
  readonly family: 4 | 6;
  /** 1..255 */
  readonly vrid: number;
  /** 0..255; 0 means the Master stops, 255 the address owner (RFC 9568 §5.2.4). */
  readonly priority: number;
  /** Centiseconds, 0..4095 (RFC 9568 §5.2.7). */
  readonly maxAdvertiseInterval: number;
  /** Canonical text, in packet order. */
  readonly addresses: readonly string[];
}

export interface AdvertisementV2 {
  readonly version: 2;
  readonly family: 4;
  /** 1..255 */
  readonly vrid: number;
  /** 0..255; 0 means the Master stops, 255 the address owner (RFC 3768 §5.3.4). */
  readonly priority: number;
  /** Seconds, 0..255 (RFC 3768 §5.3.7). */
  readonly advertiseInterval: number;
  /** 0 none, 1 simple password, 2 IP authentication header (RFC 2338 §5.3.6). */
  readonly authType: 0 | 1 | 2;
  /** The 8 bytes that end the message; present when `authType` is 1 or a byte differs from zero. */
  readonly authData?: Uint8Array;
  /** Canonical text, in packet order. */
  readonly addresses: readonly string[];
}

/** What the IP header around a message said, needed for the pseudo header. */
export interface PacketContext {
  readonly source: string;
  readonly destination: string;
  readonly checksum: ChecksumMode;
}

/** An advertisement whose addresses may already be bytes: what encoding takes. Every `Advertisement` is one. */
export type EncodableAdvertisement = WithInputs<AdvertisementV2> | WithInputs<AdvertisementV3>;
type WithInputs<T extends Advertisement> = Omit<T, 'addresses'> & { readonly addresses: readonly IpInput[] };

/** As `PacketContext`, with addresses that may already be bytes: what encoding and decoding take. */
export interface EncodeContext {
  readonly source: IpInput;
  readonly destination: IpInput;
  readonly checksum: ChecksumMode;
}

export type DecodeResult =
  | {
      readonly ok: true;
      readonly value: Advertisement;
      /** Bytes of the message; what follows it is padding. */
      readonly length: number;
      readonly checksum: ChecksumForm;
      /** Oddities that receivers accept: padding, reserved bits, no addresses, interval zero. */
      readonly remarks: readonly DecodeIssue[];
      /** keepalived's authentication extension, when the message carries it; see `judgeHmac` in ./auth. */
      readonly trailer?: HmacTrailer;
    }
  | {
      readonly ok: false;
      readonly issue: DecodeIssue;
      /** What the fields say, when only the checksum is wrong. */
      readonly value?: Advertisement;
    };

/** Bytes of the encoded message: header, addresses and, in version 2, the authentication data. */
export function advertisementLength(value: EncodableAdvertisement): number {
  return messageLength(value.version, value.family, value.addresses.length);
}

/** As `advertisementLength`, from the three numbers it depends on. */
export function messageLength(version: number, family: 4 | 6, count: number): number {
  return HEADER_LENGTH + count * addressLength(family) + (version === 2 ? AUTH_DATA_LENGTH : 0);
}
