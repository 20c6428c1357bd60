// The options of a route line: what kind of value each takes (keepalived.conf(5), "virtual_routes"; ip-route(8)).
import type { RouteValueKind } from './route-values.js';

export interface RouteOption {
  readonly kind:
    | 'destination'
    | 'address'
    | 'number'
    | 'table'
    | 'scope'
    | 'protocol'
    | 'from'
    | 'time'
    | 'weight'
    | 'vrf'
    | 'encap'
    | 'interface'
    | 'word'
    | 'flag'
    | 'family'
    | RouteValueKind;
  /** The family it belongs to. */
  readonly only?: 4 | 6;
  /** `inet` or `inet6` may stand before the value. */
  readonly familyFirst?: true;
  readonly deprecated?: string;
  readonly lockable?: true;
  readonly max?: number;
}

export const MAX_UINT32 = 4_294_967_295;

const of = (kind: RouteOption['kind'], ...names: readonly string[]): readonly (readonly [string, RouteOption])[] =>
  names.map((name) => [name, { kind }]);
const lockable = (...names: readonly string[]): readonly (readonly [string, RouteOption])[] =>
  names.map((name) => [name, { kind: 'number', lockable: true }]);
const upTo = (max: number, ...names: readonly string[]): readonly (readonly [string, RouteOption])[] =>
  names.map((name) => [name, { kind: 'number', max }]);

export const ROUTE_OPTIONS: ReadonlyMap<string, RouteOption> = new Map([
  ...of('destination', 'to'),
  ...of('family', 'inet', 'inet6'),
  ...of('flag', 'onlink', 'add', 'append', 'prepend', 'no_track', 'nexthop'),
  ['via', { kind: 'address', familyFirst: true }],
  ...of('address', 'src'),
  ['gw', { kind: 'address', deprecated: 'via', familyFirst: true }],
  ['or', { kind: 'address', deprecated: 'nexthop' }],
  ...of('interface', 'dev', 'oif'),
  ...of('table', 'table'),
  ...of('scope', 'scope'),
  ...of('protocol', 'protocol'),
  ['from', { kind: 'from', only: 6 }],
  ['expires', { kind: 'number', only: 6 }],
  ['pref', { kind: 'pref', only: 6 }],
  ['realms', { kind: 'realms', only: 4 }],
  ...of('dsfield', 'tos', 'dsfield'),
  ...of('features', 'features'),
  ...of('ttl-propagate', 'ttl-propagate'),
  ...of('vrf', 'vrf'),
  ...of('encap', 'encap'),
  ...of('weight', 'weight'),
  ...upTo(MAX_UINT32, 'metric', 'priority', 'preference', 'initcwnd', 'initrwnd', 'window'),
  ...upTo(1, 'quickack', 'fastopen_no_cookie'),
  ...upTo(255, 'hoplimit'),
  ...lockable('mtu', 'advmss', 'reordering', 'cwnd', 'ssthresh'),
  ['congctl', { kind: 'word', lockable: true }],
  ['rtt', { kind: 'time', lockable: true, max: 960 }],
  ['rttvar', { kind: 'time', lockable: true, max: 480 }],
  ['rto_min', { kind: 'time', lockable: true, max: 120 }],
]);
