// The configuration file of one node of a random cluster, as an operator would write it. Pure: what the cluster agrees on
// (Kind), what the node decides for itself (Taste), and what is wrong with the file (Mistake) -> text.

/** What the whole cluster agrees on. */
export interface Kind {
  readonly version: 2 | 3;
  readonly family: 4 | 6;
  readonly unicast: boolean;
  /** check_unicast_src, and limits to what a peer's TTL may be. */
  readonly checksPeers: boolean;
  /** auth_type PASS, version 2 only. */
  readonly password: boolean;
  readonly links: readonly string[];
  /** A group of all instances, which therefore tracks without weights (keepalived.conf(5), track_script). */
  readonly grouped: boolean;
  /** Some of them own the addresses: weights would change nothing for those. */
  readonly owned: boolean;
  /** How many nodes there are. */
  readonly size: number;
}

/** What a node decides for itself. */
export interface Taste {
  readonly priority: number;
  readonly interval: string;
  readonly nopreempt: boolean;
  /** timer_expired_backup. */
  readonly givesWayLate: boolean;
  /** owner_ignore_adverts. */
  readonly isDeaf: boolean;
  readonly preemptDelay: number;
  readonly startupDelay: number;
  readonly answersLower: boolean;
  readonly initFail: boolean;
  /** vrrp_drift_fallback. */
  readonly fallsBack: boolean;
}

/** What somebody got wrong in a file, by the line that is another. */
export type Mistake =
  | 'version'
  | 'password'
  | 'no-password'
  | 'interval'
  | 'unicast'
  /** One peer is forgotten. */
  | 'peer'
  /** One address too many. */
  | 'addresses'
  /** Addresses that nobody else has. */
  | 'foreign';

export const OWNER = 255;

export function hasWeights({ grouped, owned }: Kind): boolean {
  return !grouped && !owned;
}

export function virtualAddress(family: 4 | 6, number: number): string {
  return family === 4 ? `192.0.2.${100 + number}` : `fe80::${number + 1}:100`;
}

/** @param index of the node. */
export function configuration(kind: Kind, taste: Taste, index: number, mistake?: Mistake): string {
  const instances = kind.links.map((link, number) => instance({ kind, taste, index, link, number, mistake }));
  const members = kind.links.map((_link, number) => `    VI_${number + 1}`);
  const group = ['vrrp_sync_group G1 {', '  group {', ...members, '  }', '}'];
  const globals = [
    ...(taste.startupDelay > 0 ? [`  vrrp_startup_delay ${taste.startupDelay}`] : []),
    ...(taste.fallsBack ? ['  vrrp_drift_fallback'] : []),
  ];
  return [
    ...(globals.length > 0 ? ['global_defs {', ...globals, '}'] : []),
    ...script('api', 0, taste),
    ...script('load', -30, taste),
    ...(kind.grouped ? group : []),
    ...instances.flat(),
    '',
  ].join('\n');
}

function script(name: string, weight: number, { initFail }: Taste): readonly string[] {
  const lines = ['  script "/usr/bin/check"', '  interval 1', `  weight ${weight}`, '  fall 2', '  rise 2'];
  return [`vrrp_script ${name} {`, ...lines, ...(initFail ? ['  init_fail'] : []), '}'];
}

interface Place {
  readonly kind: Kind;
  readonly taste: Taste;
  readonly index: number;
  readonly link: string;
  /** Of the link. */
  readonly number: number;
  readonly mistake: Mistake | undefined;
}

function instance(place: Place): readonly string[] {
  const { kind, taste, link, number, mistake } = place;
  const version = mistake === 'version' ? 5 - kind.version : kind.version;
  // Seconds in version 2, whatever the file says to version 3.
  const interval = mistake === 'interval' ? '2' : version === 2 ? '1' : taste.interval;
  return [
    `vrrp_instance VI_${number + 1} {`,
    `  state ${taste.priority === OWNER ? 'MASTER' : 'BACKUP'}`,
    `  interface ${link}`,
    `  virtual_router_id ${51 + number}`,
    `  version ${version}`,
    `  priority ${taste.priority}`,
    `  advert_int ${interval}`,
    ...electionLines(taste),
    ...passwordLines(place),
    ...unicastLines(place),
    '  track_script {',
    '    api',
    ...(hasWeights(kind) ? ['    load'] : []),
    '  }',
    '  virtual_ipaddress {',
    ...(mistake === 'foreign' ? [] : [`    ${virtualAddress(kind.family, number)}`]),
    ...(mistake === 'addresses' || mistake === 'foreign' ? [`    ${virtualAddress(kind.family, number + 50)}`] : []),
    '  }',
    '}',
  ];
}

function electionLines({ priority, nopreempt, givesWayLate, isDeaf, preemptDelay, answersLower }: Taste): string[] {
  const isOwner = priority === OWNER;
  return [
    ...(nopreempt && !isOwner ? ['  nopreempt'] : []),
    ...(nopreempt && givesWayLate && !isOwner ? ['  timer_expired_backup'] : []),
    ...(isDeaf && isOwner ? ['  owner_ignore_adverts'] : []),
    ...(preemptDelay > 0 ? [`  preempt_delay ${preemptDelay}`] : []),
    ...(answersLower ? [] : ['  lower_prio_no_advert true']),
  ];
}

function passwordLines({ kind, mistake }: Place): readonly string[] {
  if (!kind.password || mistake === 'no-password' || mistake === 'version') return [];
  const password = mistake === 'password' ? 'other' : 'secret';
  return ['  authentication {', '    auth_type PASS', `    auth_pass ${password}`, '  }'];
}

function unicastLines({ kind, index, number, mistake }: Place): readonly string[] {
  // The mistake is to differ from the others.
  if (kind.unicast === (mistake === 'unicast')) return [];
  const others = Array.from({ length: kind.size }, (_, other) => other).filter((other) => other !== index);
  const peers = mistake === 'peer' ? others.slice(1) : others;
  const limits = kind.checksPeers ? ' min_ttl 250 max_ttl 255' : '';
  return [
    ...(kind.checksPeers ? ['  check_unicast_src'] : []),
    `  unicast_src_ip ${hostAddress(kind.family, number, index)}`,
    '  unicast_peer {',
    ...peers.map((peer) => `    ${hostAddress(kind.family, number, peer)}${limits}`),
    '  }',
  ];
}

function hostAddress(family: 4 | 6, number: number, node: number): string {
  return family === 4 ? `10.0.${number}.${node + 1}` : `fe80::${number + 1}:${node + 1}`;
}
