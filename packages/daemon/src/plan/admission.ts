// Which instances of a configuration can be run, pure, and a finding about each of the others. One that cannot be run never
// keeps another one from running, except in its sync group.
import type { Config, Place, VrrpInstance, VrrpSyncGroup } from '@vrrp/conf-parser';
import type { ConfigIssue } from '@vrrp/state-machine';
import type { PlanCode } from './finding-codes.js';
import type { Report } from './findings.js';

/** An instance with what is found out on the way to its virtual router. */
export interface Candidate {
  readonly instance: VrrpInstance;
  readonly link: string;
  /** undefined: its adverts go to unicast peers. */
  readonly multicastGroup: string | undefined;
  readonly group: VrrpSyncGroup | undefined;
}

/** What a candidate becomes, and why it cannot. */
export interface Judgement<Router> {
  readonly router: Router;
  readonly issues: readonly ConfigIssue[];
}

export type Admitted<Router> = Candidate & Pick<Judgement<Router>, 'router'>;

/** By the key of the virtual router that each becomes. */
export type Admission<Router> = ReadonlyMap<string, Admitted<Router>>;

/** Total: what cannot be run is left out and is reported. */
export function admitInstances<Router>(
  config: Config,
  judge: (candidate: Candidate) => Judgement<Router>,
  report: Report,
): Admission<Router> {
  const groups = groupsByMember(config);
  const admitted = new Map<string, Admitted<Router>>();
  const leftOut = new Set<string>();
  const leaveOut = ({ name }: VrrpInstance, { code, keyword, item, reason, detail }: Refusal): void => {
    leftOut.add(name);
    const place: Place = { block: 'vrrp_instance', name, keyword, ...(item === undefined ? {} : { item }) };
    report(code, place, `(${name}) is left out: ${reason}`, detail === undefined ? {} : { detail });
  };
  for (const instance of config.vrrp_instance) {
    const candidate = candidateOf(config, instance, groups.get(instance.name));
    if ('reason' in candidate) {
      leaveOut(instance, candidate);
      continue;
    }
    const { router, issues } = judge(candidate);
    const key = keyOf(candidate, admitted);
    const twin = admitted.get(key)?.instance.name;
    if (issues[0] !== undefined) leaveOut(instance, impossible(issues[0], instance));
    else if (twin === undefined) admitted.set(key, { ...candidate, router });
    else leaveOut(instance, { code: 'plan/duplicate-vrid', keyword: 'virtual_router_id', reason: `(${twin}) ${SAME}` });
  }
  return leftOut.size === 0 ? admitted : withoutBrokenGroups(config, admitted, leftOut, report);
}

/** Why an instance is left out; the keyword and its item are where. */
interface Refusal {
  readonly code: PlanCode;
  readonly keyword: string;
  readonly item?: string;
  readonly reason: string;
  readonly detail?: string;
}

const SAME = 'has the same virtual router id, interface and family, and nothing tells their adverts apart';

/** The refusal of one that cannot be run whatever the others are. */
function candidateOf(config: Config, instance: VrrpInstance, group: VrrpSyncGroup | undefined): Candidate | Refusal {
  const { interface: link, authentication, version } = instance;
  if (link === undefined) {
    const reason = 'it has no interface; unicast without an interface is not supported yet';
    return { code: 'plan/no-interface', keyword: '', reason };
  }
  if (version === 2 && authentication?.auth_type === 'AH') {
    const reason = 'auth_type AH is not supported yet';
    return { code: 'plan/unsupported-authentication', keyword: 'auth_type', reason, detail: UNHEARD };
  }
  return { instance, link, multicastGroup: multicastGroupOf(config, instance), group };
}

const UNHEARD =
  'Without it the other routers of the cluster would discard its adverts, and it theirs: there would be two Masters.';

function impossible(issue: ConfigIssue, instance: VrrpInstance): Refusal {
  const { message: reason, item } = issue;
  const keyword = keywordOf(issue, instance);
  return { code: 'plan/impossible-router', keyword, reason, ...(item === undefined ? {} : { item }) };
}

/** The keyword that says what is wrong: '' for the name of the instance. */
function keywordOf({ field, item }: ConfigIssue, instance: VrrpInstance): string {
  if (field !== 'trackedObjects') return KEYWORDS[field] ?? '';
  return TRACKING.find((keyword) => instance[keyword].some(({ name }) => name === item)) ?? '';
}

const TRACKING = ['track_interface', 'track_script', 'track_process', 'track_file'] as const;

const KEYWORDS: Readonly<Partial<Record<ConfigIssue['field'], string>>> = {
  version: 'version',
  priority: 'priority',
  advertisementInterval: 'advert_int',
  downTimerAdverts: 'down_timer_adverts',
  preemptDelay: 'preempt_delay',
  virtualAddresses: 'virtual_ipaddress',
  multicastGroup: 'mcast_dst_ip',
  unicast: 'unicast_peer',
  authentication: 'auth_pass',
  highestOtherPriority: 'timer_expired_backup',
};

/**
 * The members of a group change together: a fault of one is a fault of all. One that cannot run at all is in fault for good,
 * so none of them runs here, and another node can be Master of all of them. With the others running here and this one
 * elsewhere, traffic would go one way through this node and the other way through that one.
 */
function withoutBrokenGroups<Router>(
  config: Config,
  admitted: Admission<Router>,
  leftOut: ReadonlySet<string>,
  report: Report,
): Admission<Router> {
  const lost = new Set<string>();
  for (const { name: group, group: members } of config.vrrp_sync_group) {
    const broken = members.find((member) => leftOut.has(member));
    if (broken === undefined) continue;
    for (const name of members) {
      if (leftOut.has(name) || lost.has(name)) continue;
      lost.add(name);
      const place: Place = { block: 'vrrp_sync_group', name: group, item: name };
      const summary = `(${name}) is left out: (${broken}) of its sync group ${group} cannot run`;
      report('plan/group-left-out', place, summary, { detail: TOGETHER });
    }
  }
  return new Map([...admitted].filter(([, { instance }]) => !lost.has(instance.name)));
}

const TOGETHER = 'The members of a sync group are Master together or not at all.';

/**
 * Unicast virtual routers with the same VRID, link and family are told apart by their source and their peers, as keepalived
 * does; the first of them keeps the key it has when it is alone, so that a reload that adds another leaves it as it is.
 */
function keyOf({ instance, link, multicastGroup }: Candidate, admitted: Admission<unknown>): string {
  const { family, virtual_router_id: vrid, unicast_src_ip, mcast_src_ip, unicast_peer } = instance;
  const key = `${link}/${family}/${vrid}/${multicastGroup ?? 'unicast'}`;
  if (multicastGroup !== undefined || !admitted.has(key)) return key;
  const source = unicast_src_ip ?? mcast_src_ip ?? '';
  const peers = unicast_peer.map(({ address }) => address).toSorted();
  const twin = admitted.get(key)?.instance;
  const isSame =
    (twin?.unicast_src_ip ?? twin?.mcast_src_ip ?? '') === source &&
    twin?.unicast_peer.some(({ address }) => peers.includes(address)) === true;
  return isSame ? key : `${key}/${source}/${peers.join(',')}`;
}

function multicastGroupOf({ global_defs: globals }: Config, instance: VrrpInstance): string | undefined {
  if (instance.unicast_peer.length > 0) return undefined;
  return instance.mcast_dst_ip ?? (instance.family === 4 ? globals.vrrp_mcast_group4 : globals.vrrp_mcast_group6);
}

/** The sync group of each instance: the first that names it, as keepalived takes no second one. */
function groupsByMember({ vrrp_sync_group: groups }: Config): ReadonlyMap<string, VrrpSyncGroup> {
  return new Map(groups.toReversed().flatMap((group) => group.group.map((member) => [member, group] as const)));
}
