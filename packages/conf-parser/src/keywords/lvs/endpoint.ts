// Addresses of servers with a port, and the masks of clients, as keepalived reads them (keepalived.conf(5), "Virtual server(s)").
import { finding } from '../../bind/scope.js';
import type { Scope } from '../../bind/scope.js';
import { wordSpan } from '../../bind/statement.js';
import type { Word } from '../../bind/statement.js';
import { parseIpAddress } from '../../ip-address.js';
import type { IpAddress } from '../../ip-address.js';
import { parseInteger } from '../../values/numbers.js';

export interface Endpoint {
  readonly ip: IpAddress;
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
}

/** ADDR [PORT]; reported and undefined when it cannot be used. */
export function endpoint(scope: Scope, given: readonly Word[], what: string): Endpoint | undefined {
  const [address, port] = given;
  if (address === undefined) return undefined;
  // COMPAT: whatever stands behind a slash is not looked at.
  const ip = parseIpAddress(address.text.split('/')[0] ?? '');
  const number =
    port === undefined ? ({ kind: 'number', value: 0 } as const) : parseInteger(port.text, { min: 0, max: 65_535 });
  if (ip !== undefined && number.kind === 'number')
    return { ip, address: ip.text, family: ip.family, port: number.value };
  const at = ip === undefined ? address : (port ?? address);
  finding(
    scope,
    'conf/invalid-address',
    wordSpan(at),
    `the ${what} ${given.map(({ text }) => text).join(' ')} is not an address and a port; it is left out`,
  );
  return undefined;
}

/** As inet_aton(3) reads it: up to four numbers, the last of which fills what is left. */
export function isMask(text: string): boolean {
  const parts = text.split('.');
  if (parts.length > 4 || !parts.every((part) => /^(?:0[xX][\da-fA-F]+|\d+)$/.test(part))) return false;
  const last = 256 ** (5 - parts.length);
  return parts.every((part, index) => Number(part) < (index === parts.length - 1 ? last : 256));
}
