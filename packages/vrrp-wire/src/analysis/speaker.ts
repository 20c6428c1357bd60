// What one router says about one virtual router, reduced to what all its speakers should agree on, and the differences
// between two of them. Pure comparison; nothing is remembered here.
import type { DecodeResult } from '../advertisement.js';
import type { FindingBody, SharedSetting } from './finding.js';

export interface Speaker {
  readonly source: string;
  readonly version: number;
  /** Microseconds. */
  readonly interval: number;
  readonly addresses: readonly string[];
  readonly authentication: string;
  /** The authentication data as text to compare, never to show. */
  readonly password: string;
  readonly checksum: string;
}

const MICROS_PER_SECOND = 1_000_000;
const MICROS_PER_CENTISECOND = 10_000;
const AUTHENTICATION_NAMES = ['none', 'simple password', 'authentication header'] as const;

/** What a message that was decoded says. Field by field: this runs for every packet, and copying objects is slow. */
export function speakerOf(source: string, result: DecodeResult & { readonly ok: true }): Speaker {
  const { value, checksum, trailer } = result;
  const { version, addresses } = value;
  const extension = trailer ? ', hmac' : '';
  if (version === 3) {
    const interval = value.maxAdvertiseInterval * MICROS_PER_CENTISECOND;
    return { source, version, interval, addresses, authentication: `none${extension}`, password: '', checksum };
  }
  const interval = value.advertiseInterval * MICROS_PER_SECOND;
  const authentication = `${AUTHENTICATION_NAMES[value.authType]}${extension}`;
  const password = value.authType === 1 ? String(value.authData) : '';
  return { source, version, interval, addresses, authentication, password, checksum };
}

/** Whether both say the same in the same words: the usual case, told without making any text. */
export function saysTheSame(speaker: Speaker, other: Speaker): boolean {
  return (
    speaker.version === other.version &&
    speaker.interval === other.interval &&
    speaker.authentication === other.authentication &&
    speaker.password === other.password &&
    speaker.checksum === other.checksum &&
    speaker.addresses.length === other.addresses.length &&
    speaker.addresses.every((address, index) => address === other.addresses[index])
  );
}

/** Everything two speakers of one virtual router do not agree on. */
export function differencesBetween(speaker: Speaker, other: Speaker): readonly FindingBody[] {
  const findings: FindingBody[] = [];
  const differ = (setting: SharedSetting, value: string, otherValue: string): void => {
    if (value === otherValue) return;
    findings.push({ kind: 'differing', setting, source: speaker.source, value, other: other.source, otherValue });
  };
  if (areStrangers(speaker, other)) {
    findings.push({
      kind: 'shared-vrid',
      source: speaker.source,
      addresses: speaker.addresses,
      other: other.source,
      otherAddresses: other.addresses,
    });
  } else differ('addresses', textOf(speaker.addresses), textOf(other.addresses));
  differ('version', String(speaker.version), String(other.version));
  differ('interval', `${speaker.interval / MICROS_PER_SECOND} s`, `${other.interval / MICROS_PER_SECOND} s`);
  differ('authentication', speaker.authentication, other.authentication);
  if (speaker.authentication === other.authentication) differ('password', speaker.password, other.password);
  // Version 2 has one form only, so a difference of versions is not also one of checksums.
  if (speaker.version === other.version) differ('checksum', speaker.checksum, other.checksum);
  return findings;
}

/** The order of the addresses does not matter to a receiver. */
function textOf(addresses: readonly string[]): string {
  return addresses.toSorted().join(' ');
}

function areStrangers(speaker: Speaker, other: Speaker): boolean {
  if (speaker.addresses.length === 0 || other.addresses.length === 0) return false;
  const own = new Set(speaker.addresses);
  return !other.addresses.some((address) => own.has(address));
}
