// Whether the authentication of an instance can be used (keepalived.conf(5), "authentication"; RFC 5798 §9: version 3
// has none).
import { finding } from '../bind/scope.js';
import type { VrrpInstance } from '../model.js';
import { placeOf } from './settled.js';
import type { Settled } from './settled.js';

export function settleAuthentication(settled: Settled): VrrpInstance['authentication'] {
  const { scope, draft, version, family, strict, priority } = settled;
  const { auth_type, auth_pass } = draft;
  if (auth_type === undefined) {
    if (auth_pass !== undefined) {
      finding(
        scope,
        'conf/authentication-dropped',
        placeOf(draft, 'auth_pass'),
        'auth_pass without auth_type has no effect',
        { severity: 'warning' },
      );
    }
    return undefined;
  }
  const reason = unusable({
    version,
    family,
    strict,
    hasPassword: auth_pass !== undefined && auth_pass !== '',
    type: auth_type,
  });
  if (reason !== undefined || auth_pass === undefined) {
    finding(
      scope,
      'conf/authentication-dropped',
      placeOf(draft, 'auth_type'),
      `${draft.name} runs without authentication: ${reason ?? 'no password'}`,
    );
    return undefined;
  }
  if (auth_type === 'AH' && settled.state === 'MASTER' && priority !== 255) {
    finding(
      scope,
      'conf/authentication-dropped',
      placeOf(draft, 'state'),
      'state MASTER does not go with AH: BACKUP is used',
    );
    settled.state = 'BACKUP';
  }
  return { auth_type, auth_pass };
}

interface Facts {
  readonly version: 2 | 3;
  readonly family: 4 | 6;
  readonly strict: boolean;
  readonly hasPassword: boolean;
  readonly type: 'PASS' | 'AH';
}

function unusable({ version, family, strict, hasPassword, type }: Facts): string | undefined {
  if (strict) return 'strict mode has none';
  if (version === 3) return 'VRRP version 3 has none';
  if (!hasPassword) return 'auth_pass is missing';
  return type === 'AH' && family === 6 ? 'AH is not there for IPv6' : undefined;
}
