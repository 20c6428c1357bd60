// The advertisement interval a version can carry: whole seconds in version 2 (RFC 3768 §5.3.7), hundredths of a second
// in twelve bits in version 3 (RFC 9568 §5.2.7).
import { finding } from '../bind/scope.js';
import { placeOf } from './settled.js';
import type { Settled } from './settled.js';

/** Seconds. */
export function settleInterval({ scope, draft, version }: Settled): number {
  const given = draft.advert_int;
  // In millionths: what the file can say, without the errors of binary fractions.
  const micros = Math.round(given * 1_000_000);
  const unit = version === 2 ? 1_000_000 : 10_000;
  const rounded = Math.max(unit, Math.round(micros / unit) * unit);
  const value = version === 3 && rounded > MAX_MICROS_V3 ? MAX_MICROS_V3 : rounded;
  if (value === micros) return given;
  const used = value / 1_000_000;
  const span = placeOf(draft, 'advert_int');
  finding(
    scope,
    'conf/interval-rounded',
    span,
    `VRRP version ${version} cannot advertise every ${given} s: ${used} s is used`,
    {
      detail:
        version === 2
          ? 'Version 2 has whole seconds only; version 3 has hundredths.'
          : 'Version 3 has hundredths of a second, up to 40.95 s.',
    },
  );
  return used;
}

const MAX_MICROS_V3 = 40_950_000;
