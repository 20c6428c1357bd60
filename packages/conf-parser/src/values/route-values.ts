// The values of a route's options that are more than a plain word (keepalived.conf(5), "virtual_routes"; ip-route(8)):
// what each one takes, and the encapsulation, which is a small language of its own.
import { parseIpAddress } from '../ip-address.js';
import { isKnownDsfield, isNumber } from './route-names.js';

/** What the option takes, when the value is not that. */
export function routeValueProblem(kind: RouteValueKind, text: string): string | undefined {
  switch (kind) {
    case 'realms':
      return REALMS.test(text) && text.split('/').every((realm) => isNumber(realm, 255))
        ? undefined
        : 'one or two realms of up to 255, as 1/2';
    case 'features':
      return text === 'ecn' ? undefined : 'ecn';
    case 'ttl-propagate':
      return /^(?:en|dis)abled$/.test(text) ? undefined : 'enabled or disabled';
    case 'dsfield':
      return isNumber(text, 255) || isKnownDsfield(text) ? undefined : 'a number up to 255 or a name of rt_dsfield';
    case 'pref':
      return /^(?:low|medium|high)$/.test(text) || isDecimal(text, 255) ? undefined : 'low, medium or high';
  }
}

export type RouteValueKind = 'realms' | 'features' | 'ttl-propagate' | 'dsfield' | 'pref';

/** Decimal; a sign is let through. */
export function isDecimal(text: string, max: number): boolean {
  return /^(?:\+?\d{2,11}|\d)$/.test(text) && Number(text) <= max;
}

/** A time of up to so many seconds: `1.5s`, `1500ms`, or 1500 of a unit of the kernel's. */
export function isRoundTripTime(text: string, maxSeconds: number): boolean {
  const match = /^(\d+\.?|\d*\.\d{1,3}|\d+\.\d{1,3})(ms(?:ecs?)?|s(?:ecs?)?|)$/.exec(text.toLowerCase());
  if (match?.[1] === undefined) return false;
  const seconds = match[2]?.startsWith('s') === true;
  if (!seconds && !/^\d+\.?$/.test(match[1])) return false;
  return Number(match[1]) <= (seconds ? maxSeconds : maxSeconds * 1000);
}

export interface Encapsulation {
  /** How many words it takes. */
  readonly length: number;
  readonly problem?: string;
}

/** The words after `encap`. */
export function readEncapsulation(words: readonly string[]): Encapsulation {
  const [type = '', value] = words;
  if (type === 'mpls' || type === 'ila') {
    const accepted = value !== undefined && (type === 'mpls' ? isLabels(value) : LOCATOR.test(value));
    return accepted
      ? { length: 2 }
      : { length: 2, problem: `${type} takes ${type === 'mpls' ? 'labels' : 'a locator'}` };
  }
  if (type !== 'ip' && type !== 'ip6') return { length: 1, problem: 'an encapsulation is ip, ip6, mpls or ila' };
  let at = 1;
  let identified = false;
  for (let option = words[at]; option !== undefined && TUNNEL_OPTIONS.has(option); option = words[at]) {
    const argument = words[at + 1];
    if (argument === undefined || !isTunnelValue(type, option, argument)) {
      return { length: at + 2, problem: `${option} of the encapsulation cannot be read` };
    }
    identified ||= option === 'id' || option === 'dst';
    at += 2;
  }
  return identified ? { length: at } : { length: at, problem: 'the encapsulation needs an id or a dst' };
}

function isTunnelValue(type: 'ip' | 'ip6', option: string, text: string): boolean {
  if (option === 'dst' || option === 'src') return parseIpAddress(text)?.family === (type === 'ip' ? 4 : 6);
  if (option === 'tos' || option === 'tc') return routeValueProblem('dsfield', text) === undefined;
  return isNumber(text, option === 'id' ? Number.MAX_SAFE_INTEGER : 0xffff);
}

function isLabels(text: string): boolean {
  return text.split('/').every((label) => isDecimal(label, MAX_LABEL));
}

const REALMS = /^[^/]+(?:\/[^/]+)?$/;
const LOCATOR = /^[\da-f]{1,4}(?::[\da-f]{1,4}){3}$/i;
const TUNNEL_OPTIONS: ReadonlySet<string> = new Set(['id', 'dst', 'src', 'tos', 'tc', 'ttl', 'hoplimit', 'flags']);
/** A label has 20 bits. */
const MAX_LABEL = 0xf_ffff;
