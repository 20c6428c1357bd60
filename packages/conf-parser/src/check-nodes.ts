// The configurations of several nodes side by side: what has to be the same on all of them for a virtual router to
// work, and what has to differ. keepalived cannot say any of it, because it sees one node.
import { MAX_WEIGHTED_PRIORITY } from './advice.js';
import { DIAGNOSTIC_CODES } from './diagnostic-codes.js';
import type { DiagnosticCode } from './diagnostic-codes.js';
import type { Diagnostic } from './diagnostic.js';
import { effectiveWeight } from './effective-weight.js';
import type { TrackReference, VrrpInstance } from './model.js';
import type { ParsedConfig } from './parse-config.js';
import type { Span } from './source.js';

/** One instance as one node has it. */
interface Member {
  readonly parsed: ParsedConfig;
  readonly instance: VrrpInstance;
}

/**
 * What is wrong between nodes, beyond what is wrong with each. Instances belong together when they have VRID and
 * address family in common. One node has nothing to be compared with.
 */
export function checkNodes(nodes: readonly ParsedConfig[]): readonly Diagnostic[] {
  if (nodes.length < 2) return [];
  const routers = new Map<string, Member[]>();
  for (const parsed of nodes) {
    for (const instance of parsed.model?.vrrp_instance ?? []) {
      const key = `${instance.virtual_router_id} ${instance.family}`;
      const members = routers.get(key);
      if (members === undefined) routers.set(key, [{ parsed, instance }]);
      else members.push({ parsed, instance });
    }
  }
  return [...routers.values()].flatMap(checkRouter);
}

function checkRouter(members: readonly Member[]): readonly Diagnostic[] {
  const [first, ...others] = members;
  if (first === undefined) return [];
  if (others.every(({ parsed }) => parsed === first.parsed)) return [alone(first)];
  return [
    ...others.flatMap((other) => compare(first, other)),
    ...checkPriorities(members),
    ...checkPeers(members),
    ...checkWeights(members),
  ];
}

function alone(member: Member): Diagnostic {
  const { name, virtual_router_id } = member.instance;
  return report(
    member,
    'virtual_router_id',
    'conf/node-missing',
    `no other node has VRID ${virtual_router_id}, so nobody takes over from ${name}`,
  );
}

/** What every node has to agree on, and what happens when they do not. */
function compare(first: Member, other: Member): readonly Diagnostic[] {
  const [a, b] = [first.instance, other.instance];
  const differs = (keyword: string, one: unknown, two: unknown, consequence: string): readonly Diagnostic[] =>
    one === two
      ? []
      : [mismatch(other, first, keyword, `${keyword} is ${String(two)} here and ${String(one)} there: ${consequence}`)];
  if (a.version !== b.version) {
    return differs('version', a.version, b.version, 'neither node accepts the other, and both become Master');
  }
  const interval =
    a.version === 2
      ? 'neither node accepts the other, and both become Master'
      : 'a Backup follows the interval of the Master';
  return [
    ...differs('advert_int', a.advert_int, b.advert_int, interval),
    ...compareAuthentication(first, other),
    ...compareAddresses(first, other),
    ...differs('unicast_peer', isUnicast(a), isUnicast(b), 'one node sends unicast and the other multicast').map(
      withSummary('one node sends unicast and the other multicast'),
    ),
  ];
}

function withSummary(summary: string): (diagnostic: Diagnostic) => Diagnostic {
  return (diagnostic) => ({ ...diagnostic, summary });
}

function isUnicast(instance: VrrpInstance): boolean {
  return instance.unicast_peer.length > 0;
}

/** The password itself is shown nowhere. */
function compareAuthentication(first: Member, other: Member): readonly Diagnostic[] {
  const [a, b] = [first.instance.authentication, other.instance.authentication];
  if (a?.auth_type === b?.auth_type && a?.auth_pass === b?.auth_pass) return [];
  const keyword = a?.auth_type === b?.auth_type ? 'auth_pass' : 'auth_type';
  return [
    mismatch(other, first, keyword, `${keyword} differs: neither node accepts the other, and both become Master`),
  ];
}

function compareAddresses(first: Member, other: Member): readonly Diagnostic[] {
  const [a, b] = [addresses(first), addresses(other)];
  const missing = [...a].filter((address) => !b.has(address));
  const extra = [...b].filter((address) => !a.has(address));
  if (missing.length === 0 && extra.length === 0) return [];
  const what = [
    ...extra.map((address) => `only here ${address}`),
    ...missing.map((address) => `only there ${address}`),
  ];
  const shown = what.slice(0, MAX_SHOWN).join(', ') + (what.length > MAX_SHOWN ? ', …' : '');
  const consequence = other.instance.skip_check_adv_addr
    ? 'an address that only one node has is gone after a failover'
    : 'the nodes do not accept each other, and both become Master';
  return [mismatch(other, first, 'virtual_ipaddress', `the addresses differ (${shown}): ${consequence}`)];
}

function addresses({ instance }: Member): ReadonlySet<string> {
  return new Set(instance.virtual_ipaddress.map(({ address }) => address));
}

/** RFC 9568 §6.1: one owner at most; equal priorities leave the choice to the addresses of the nodes. */
function checkPriorities(members: readonly Member[]): readonly Diagnostic[] {
  const seen = new Map<number, Member>();
  return members.flatMap((member) => {
    const { priority } = member.instance;
    const before = seen.get(priority);
    seen.set(priority, before ?? member);
    if (before === undefined || before.parsed === member.parsed) return [];
    if (priority === 255)
      return [mismatch(member, before, 'priority', 'two nodes cannot both own the addresses (priority 255)')];
    const summary = `both nodes have priority ${priority}: the one with the higher address becomes Master`;
    return [{ ...mismatch(member, before, 'priority', summary), severity: 'warning' }];
  });
}

/** A node that is not among the peers of another is not heard by it. */
function checkPeers(members: readonly Member[]): readonly Diagnostic[] {
  return members.flatMap((member) => {
    if (!isUnicast(member.instance)) return [];
    const peers = new Set(member.instance.unicast_peer.map(({ address }) => address));
    return members.flatMap((other) => {
      const source = other.instance.unicast_src_ip;
      if (other.parsed === member.parsed || source === undefined || peers.has(source)) return [];
      return [
        mismatch(
          member,
          other,
          'unicast_peer',
          `${source}, the unicast_src_ip of another node, is not among the peers: it hears nothing of this node`,
        ),
      ];
    });
  });
}

const WEIGHTED = ['track_script', 'track_interface', 'track_process'] as const;

/** A failing check has to take the best node below another one, or it changes nothing. */
function checkWeights(members: readonly Member[]): readonly Diagnostic[] {
  const ranked = [...members].sort((a, b) => highest(b.instance) - highest(a.instance));
  const [best] = ranked;
  const rival = ranked.find(({ parsed }) => parsed !== best?.parsed);
  if (best === undefined || rival === undefined || best.instance.priority === 255) return [];
  const [top, next] = [highest(best.instance), highest(rival.instance)];
  return WEIGHTED.flatMap((kind) =>
    best.instance[kind].flatMap((track) => {
      const weight = effectiveWeight(track);
      const left = clamp(top - Math.abs(weight));
      if (weight === 0 || left <= next) return [];
      const summary = `when ${track.name} fails the priority falls to ${left}, and the next node has ${next}: nothing moves`;
      return [
        {
          ...report(best, kind, 'conf/weight-without-effect', summary),
          detail: `A weight of more than ${top - next} would do.`,
        },
      ];
    }),
  );
}

/** The priority with every check good: positive weights count, negative ones do not. */
function highest(instance: VrrpInstance): number {
  if (instance.priority === 255) return 255;
  const tracks: readonly TrackReference[] = WEIGHTED.flatMap((kind) => instance[kind]);
  return clamp(instance.priority + tracks.reduce((sum, track) => sum + Math.max(0, effectiveWeight(track)), 0));
}

function clamp(priority: number): number {
  return Math.max(1, Math.min(MAX_WEIGHTED_PRIORITY, priority));
}

function mismatch(here: Member, there: Member, keyword: string, summary: string): Diagnostic {
  const related = [{ span: placeOf(there, keyword), message: `${there.instance.name} of the other node` }];
  return { ...report(here, keyword, 'conf/node-mismatch', summary), related };
}

function report(member: Member, keyword: string, code: DiagnosticCode, summary: string): Diagnostic {
  return { code, severity: DIAGNOSTIC_CODES[code].severity, summary, span: placeOf(member, keyword) };
}

function placeOf({ parsed, instance }: Member, keyword: string): Span {
  return parsed.placeOf({ block: 'vrrp_instance', name: instance.name, keyword });
}

/** Addresses named in one message. */
const MAX_SHOWN = 4;
