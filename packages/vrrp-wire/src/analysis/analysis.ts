// The analysis of VRRP traffic, packet by packet: per virtual router who is Master and since when, and every finding as it
// shows. Remembers one entry a speaker, so a long capture needs no more memory than a short one. No input or output.
import type { VrrpPacket } from '../capture/frame.js';
import { VRRP_TTL } from '../constants.js';
import { vrid as vridOf } from '../advertisement-view.js';
import { isMulticastIp, parseIp } from '../ip.js';
import type { Finding, FindingBody, VirtualRouterKey } from './finding.js';
import { hear } from './mastership.js';
import type { Mastership } from './mastership.js';
import { differencesBetween, saysTheSame, speakerOf } from './speaker.js';
import type { Speaker } from './speaker.js';

/** Speakers remembered per virtual router and virtual routers in all: a flood of forged sources must not fill the memory. */
const SPEAKERS_MAX = 64;
const ROUTERS_MAX = 4096;
/** When a message says interval 0 (RFC 9568 §5.2.7 leaves that open), silence is measured by the default of 1 s. */
const INTERVAL_DEFAULT = 1_000_000;

/** One advertisement and where it stood in the capture. */
export interface ObservedPacket {
  /** Number within the capture, from 1. */
  readonly number: number;
  /** Microseconds since 1970 UTC. */
  readonly at: number;
  readonly packet: VrrpPacket;
}

/** What is known of one virtual router so far. */
export interface VirtualRouterSummary {
  readonly router: VirtualRouterKey;
  /** Source address of the Master, undefined when none was heard. */
  readonly master: string | undefined;
  /** Since when, in microseconds since 1970 UTC. */
  readonly since: number | undefined;
  readonly twoMasters: boolean;
  /** Every source heard. */
  readonly speakers: readonly string[];
  readonly packets: number;
  /** Packets no receiver accepts. */
  readonly malformed: number;
}

export interface Analysis {
  /** Takes one packet in and gives what it showed; each difference or oddity of a speaker is told once. */
  observe(observed: ObservedPacket): readonly Finding[];
  /** The state of affairs, in the order in which the virtual routers were first heard. */
  summaries(): readonly VirtualRouterSummary[];
}

interface RouterState {
  readonly router: VirtualRouterKey;
  readonly speakers: Map<string, Speaker>;
  /** Findings already told, by their text. */
  readonly told: Set<string>;
  mastership: Mastership | undefined;
  packets: number;
  malformed: number;
}

/** An analysis that has heard nothing yet. */
export function createAnalysis(): Analysis {
  const routers = new Map<string, RouterState>();
  return {
    observe({ number, at, packet }) {
      const router: VirtualRouterKey = { vrid: vridOf(packet.message), family: packet.family, vlans: packet.vlans };
      const key = [router.family, router.vrid, ...router.vlans].join('/');
      const state = routers.get(key) ?? newState(router);
      if (!routers.has(key)) {
        if (routers.size === ROUTERS_MAX) return [];
        routers.set(key, state);
      }
      return observePacket(state, at, packet).map((body) => Object.assign({ router, packet: number, at }, body));
    },
    summaries() {
      return Array.from(routers.values(), (state) => ({
        router: state.router,
        master: state.mastership?.master.source,
        since: state.mastership?.since,
        twoMasters: state.mastership?.contestedSince !== undefined,
        speakers: [...state.speakers.keys()],
        packets: state.packets,
        malformed: state.malformed,
      }));
    },
  };
}

function newState(router: VirtualRouterKey): RouterState {
  return { router, speakers: new Map(), told: new Set(), mastership: undefined, packets: 0, malformed: 0 };
}

function observePacket(state: RouterState, at: number, packet: VrrpPacket): readonly FindingBody[] {
  const { source, ttl, result } = packet;
  state.packets += 1;
  const oddities: FindingBody[] = [];
  if (ttl !== VRRP_TTL) {
    const destination = parseIp(packet.destination);
    oddities.push({ kind: 'ttl', source, ttl, multicast: destination !== undefined && isMulticastIp(destination) });
  }
  if (!result.ok) {
    state.malformed += 1;
    oddities.push({ kind: 'malformed', source, issue: result.issue });
    return oddities.filter((finding) => tellOnce(state, finding));
  }
  const speaker = speakerOf(source, result);
  oddities.push(...differencesWithOthers(state, speaker));
  const word = { source, priority: result.value.priority, interval: speaker.interval || INTERVAL_DEFAULT, at };
  const step = hear(state.mastership, word);
  state.mastership = step.mastership;
  return [...oddities.filter((finding) => tellOnce(state, finding)), ...step.findings];
}

/** Compares a speaker with all others, but only when what it says has changed: the usual packet costs one look-up. */
function differencesWithOthers(state: RouterState, speaker: Speaker): readonly FindingBody[] {
  const known = state.speakers.get(speaker.source);
  if (known ? saysTheSame(speaker, known) : state.speakers.size === SPEAKERS_MAX) return [];
  state.speakers.set(speaker.source, speaker);
  if (known && differencesBetween(speaker, known).length === 0) return [];
  return [...state.speakers.values()]
    .filter((other) => other.source !== speaker.source)
    .flatMap((other) => differencesBetween(speaker, other));
}

/** An oddity repeats with every packet; it is told for the first. Two speakers are one pair, whoever spoke last. */
function tellOnce(state: RouterState, finding: FindingBody): boolean {
  const text = 'other' in finding ? pairKey(finding) : oddityKey(finding);
  if (state.told.has(text) || state.told.size > SPEAKERS_MAX * SPEAKERS_MAX) return false;
  state.told.add(text);
  return true;
}

function pairKey(finding: FindingBody & { readonly source: string; readonly other: string }): string {
  const setting = finding.kind === 'differing' ? finding.setting : '';
  return [finding.kind, setting, ...[finding.source, finding.other].toSorted()].join(' ');
}

function oddityKey(finding: FindingBody): string {
  const source = 'source' in finding ? finding.source : '';
  const detail = finding.kind === 'malformed' ? finding.issue.kind : '';
  return [finding.kind, source, detail, finding.kind === 'ttl' ? finding.ttl : ''].join(' ');
}
