// Routes as network objects: what the kernel tells of one, and what may be asked of it. Only those of our protocol are observed.

/** rtnetlink(7), RTA_METRICS: what a route tells connections that use it. */
export type RouteMetric =
  | 'mtu'
  | 'window'
  | 'rtt'
  | 'rttvar'
  | 'ssthresh'
  | 'cwnd'
  | 'advmss'
  | 'reordering'
  | 'hoplimit'
  | 'initcwnd'
  | 'features'
  | 'rtoMin'
  | 'initrwnd'
  | 'quickack'
  | 'fastopenNoCookie';

export interface RouteMetrics {
  readonly values?: { readonly [M in RouteMetric]?: number };
  /** Those that the kernel may not learn better (`lock` of ip-route(8)). */
  readonly locked?: readonly RouteMetric[];
  readonly congestionControl?: string;
}

export interface Nexthop {
  readonly linkIndex?: number;
  /** Of the route's family, or of the other one (`via inet6` of ip-route(8)). */
  readonly gateway?: string;
  /** 1 to 256, among several. */
  readonly weight?: number;
  /** The gateway is on the link, whatever the addresses of the link say. */
  readonly onLink?: boolean;
  readonly realms?: number;
}

export type RouteType =
  | 'unicast'
  | 'local'
  | 'broadcast'
  | 'anycast'
  | 'multicast'
  | 'blackhole'
  | 'unreachable'
  | 'prohibit'
  | 'throw'
  | 'nat';

export interface RouteSpec {
  readonly kind: 'route';
  readonly family: 4 | 6;
  readonly destination: string;
  readonly prefixLength: number;
  /** @default 'unicast' */
  readonly type?: RouteType;
  /** @default 254, main */
  readonly table?: number;
  /** rtm_protocol. @default VRRP_PROTOCOL */
  readonly protocol?: number;
  /** rt_scope; left out, as ip-route(8) chooses: host for local routes, link without a gateway, else global. */
  readonly scope?: number;
  readonly tos?: number;
  /** The smaller wins. @default 0, for IPv6 1024 */
  readonly metric?: number;
  readonly source?: string;
  /** One, or several among which traffic is shared. */
  readonly nexthops?: readonly Nexthop[];
  readonly metrics?: RouteMetrics;
  /** RFC 4191, IPv6. */
  readonly preference?: 'low' | 'medium' | 'high';
  /** Seconds, IPv6. */
  readonly expires?: number;
  readonly ttlPropagate?: boolean;
}

/**
 * Linux tells of a route that goes when somebody removes it, or removes its source address, or (IPv6) when its link goes down.
 * It tells nothing when IPv4 routes go because their link goes down or loses its last IPv4 address. An IPv6 route of several
 * nexthops is told once for each of them.
 */
export interface Route extends RouteSpec {
  readonly type: RouteType;
  readonly table: number;
  readonly protocol: number;
  readonly scope: number;
  readonly tos: number;
  readonly metric: number;
  readonly nexthops: readonly Nexthop[];
}
