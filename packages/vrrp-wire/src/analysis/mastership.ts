// Who is Master of one virtual router, as a pure step over the advertisements that a listener hears: takeovers with their
// gap, and two Masters at once. Decides from what was sent only; the routers' configuration is not known here.
import { compareIp } from '../ip.js';
import type { FindingBody } from './finding.js';

/** Intervals without a word after which a Backup acts (RFC 9568 §6.1, Active_Down_Interval without the skew). */
const SILENT_INTERVALS = 3;
/** A Master is heard again within its interval; half of one more allows for a late packet. */
const ON_TIME_INTERVALS = 1.5;

/** One advertisement, as far as mastership goes. Times in microseconds. */
export interface Word {
  readonly source: string;
  readonly priority: number;
  readonly interval: number;
  readonly at: number;
}

interface Voice extends Word {
  /** Has said priority 0 since. */
  readonly stopped: boolean;
}

export interface Mastership {
  readonly master: Voice;
  /** Since when, in microseconds. */
  readonly since: number;
  /** The one before, as it was last heard. */
  readonly previous: Voice | undefined;
  /** Since when both advertise; undefined when only one does. */
  readonly contestedSince: number | undefined;
}

export interface MastershipStep {
  readonly mastership: Mastership | undefined;
  readonly findings: readonly FindingBody[];
}

/** Takes one advertisement in; `mastership` is undefined until the first Master is heard. */
export function hear(mastership: Mastership | undefined, word: Word): MastershipStep {
  if (word.priority === 0) return hearStopping(mastership, word);
  // Field by field, here and below: this runs for every packet, and copying objects is slow.
  const { source, priority, interval, at } = word;
  const voice: Voice = { source, priority, interval, at, stopped: false };
  if (!mastership) {
    const findings: readonly FindingBody[] = [
      { kind: 'master-appeared', source: word.source, priority: word.priority },
    ];
    return { mastership: { master: voice, since: word.at, previous: undefined, contestedSince: undefined }, findings };
  }
  return word.source === mastership.master.source ? hearMaster(mastership, voice) : hearOther(mastership, voice);
}

function hearStopping(mastership: Mastership | undefined, word: Word): MastershipStep {
  const findings: FindingBody[] = [{ kind: 'stopped', source: word.source }];
  if (!mastership) return { mastership, findings };
  const { master, previous, contestedSince } = mastership;
  const stop = (voice: Voice): Voice => ({ ...voice, at: word.at, stopped: true });
  if (contestedSince !== undefined && previous) {
    const remaining = word.source === master.source ? previous : master;
    findings.push(ended(remaining, word.at - contestedSince));
    const leaving = word.source === master.source ? master : previous;
    const settled = { master: remaining, since: mastership.since, previous: stop(leaving), contestedSince: undefined };
    return { mastership: settled, findings };
  }
  if (word.source === master.source) return { mastership: { ...mastership, master: stop(master) }, findings };
  const stoppedPrevious = previous?.source === word.source ? stop(previous) : previous;
  return { mastership: { ...mastership, previous: stoppedPrevious }, findings };
}

/** The Master again: perhaps after a pause, perhaps the rival of a contest has fallen silent. */
function hearMaster(mastership: Mastership, voice: Voice): MastershipStep {
  const { master, since, previous, contestedSince } = mastership;
  const heard: Mastership = { master: voice, since, previous, contestedSince };
  if (contestedSince !== undefined && previous && isSilent(previous, voice.at)) {
    return {
      mastership: { ...heard, contestedSince: undefined },
      findings: [ended(voice, previous.at - contestedSince)],
    };
  }
  if (!master.stopped && !isSilent(master, voice.at)) return { mastership: heard, findings: [] };
  const returned: FindingBody = { kind: 'master-returned', source: voice.source, gap: voice.at - master.at };
  return { mastership: { ...heard, since: voice.at }, findings: [returned] };
}

function hearOther(mastership: Mastership, voice: Voice): MastershipStep {
  const { master, previous, contestedSince } = mastership;
  const taken: Mastership = { master: voice, since: voice.at, previous: master, contestedSince };
  const bothSpeak = previous?.source === voice.source && !previous.stopped && !isSilent(previous, voice.at);
  if (contestedSince !== undefined && (bothSpeak || !isSilent(master, voice.at))) {
    return { mastership: { ...taken, since: mastership.since }, findings: [] };
  }
  if (bothSpeak && !master.stopped && !isSilent(master, voice.at)) {
    // The one that was replaced never fell silent: from the first word of the other on, there were two.
    const contest = { ...taken, since: mastership.since, contestedSince: mastership.since };
    return { mastership: contest, findings: [{ kind: 'two-masters', sources: [master.source, voice.source] }] };
  }
  const gap = Math.max(0, voice.at - master.at);
  const takeover: FindingBody = {
    kind: 'takeover',
    from: master.source,
    to: voice.source,
    gap,
    reason: reasonOf(master, voice),
  };
  const findings = contestedSince === undefined ? [takeover] : [ended(voice, master.at - contestedSince), takeover];
  return { mastership: { ...taken, contestedSince: undefined }, findings };
}

function ended(remaining: Voice, lasted: number): FindingBody {
  return { kind: 'two-masters-ended', remaining: remaining.source, lasted: Math.max(0, lasted) };
}

function reasonOf(master: Voice, voice: Voice): Extract<FindingBody, { readonly kind: 'takeover' }>['reason'] {
  if (master.stopped) return 'stopped';
  if (voice.at - master.at > master.interval * ON_TIME_INTERVALS) return 'silent';
  return isBetter(voice, master) ? 'preempted' : 'unheard';
}

/** RFC 9568 §6.4.3: priority, then the primary address. */
function isBetter(voice: Voice, master: Voice): boolean {
  if (voice.priority !== master.priority) return voice.priority > master.priority;
  return compareIp(voice.source, master.source) > 0;
}

function isSilent(voice: Voice, at: number): boolean {
  return at - voice.at > voice.interval * SILENT_INTERVALS;
}
