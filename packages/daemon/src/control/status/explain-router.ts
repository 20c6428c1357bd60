// The explanation of one virtual router for people, pure: the sentences of the state machine, and what only the host knows:
// for how long, what the trackers found, which addresses are there, what the clock brings next.
import { describeExplanation, type Explanation } from '@vrrp/state-machine';
import type { ExplainDocument, StatusDocument, TrackerDocument, VirtualRouterDocument } from './document.js';
import { formatDuration } from './duration.js';

/** @param explanation what the engine sent for the same virtual router. */
export function explainRouter(
  status: StatusDocument,
  virtualRouter: VirtualRouterDocument,
  explanation: Explanation,
): ExplainDocument {
  const { name } = virtualRouter;
  const trackers = status.trackers.filter(({ usedBy }) => usedBy.some((use) => use.virtualRouter === name));
  const [role = '', ...why] = describeExplanation(explanation);
  const sentences = [
    role,
    ...sinceSentence(virtualRouter),
    ...why,
    ...unheardSentences(virtualRouter),
    ...nextSentence(virtualRouter),
    ...addressSentences(virtualRouter),
    ...trackers.flatMap((tracker) => trackerSentence(tracker, virtualRouter)),
  ];
  return { time: status.time, sentences, virtualRouter, trackers };
}

function sinceSentence({ since }: VirtualRouterDocument): readonly string[] {
  if (since === null) return [];
  const before = `before that it was ${ROLE_WORDS[since.previous]}`;
  return [`It has been so for ${formatDuration(since.seconds)}, since ${since.time}; ${before}.`];
}

/** Two Masters, or the beginning of them: who, why, since when, and what mends it. */
function unheardSentences({ unheard }: VirtualRouterDocument): readonly string[] {
  return unheard.flatMap(({ message, mend, since, last, count }) => [
    `${message}.`,
    `It has been so since ${since}: ${count} advertisement${count === 1 ? '' : 's'}, the last ${formatDuration(last)} ago.`,
    `To mend it, ${mend}.`,
  ]);
}

function nextSentence({ next, master }: VirtualRouterDocument): readonly string[] {
  const heard = master?.heard ?? undefined;
  const past = heard === undefined ? [] : [`The Master was last heard ${formatDuration(heard)} ago.`];
  if (next === null) return past;
  const when = `in ${formatDuration(next.in)}`;
  if (next.kind === 'advertise') return [`It advertises next ${when}.`];
  if (next.kind === 'start') return [`It starts ${when}.`];
  if (next.kind === 'retry') return [`It tries to send again ${when}.`];
  return [...past, `It takes over ${when}, unless ${master === null ? 'a Master' : master.address} is heard before.`];
}

function addressSentences({ role, virtualAddresses }: VirtualRouterDocument): readonly string[] {
  const wrong = virtualAddresses.filter(({ present }) => present !== (role === 'master'));
  const problem = role === 'master' ? 'is missing from' : 'is still on';
  return wrong.map(({ address, prefixLength, interface: link }) => `${address}/${prefixLength} ${problem} ${link}.`);
}

/** What a tracker found, and what it means here. */
function trackerSentence(tracker: TrackerDocument, { name, priority }: VirtualRouterDocument): readonly string[] {
  const use = tracker.usedBy.find(({ virtualRouter }) => virtualRouter === name);
  if (use === undefined) return [];
  const value = priority.parts.find(({ kind, name: part }) => kind === tracker.kind && part === tracker.name)?.value;
  const effect = use.effect === 'gate' ? gateWords(tracker, use.reverse) : weightWords(value ?? 0, use.weight);
  const found = FOUND[tracker.status];
  const why = tracker.evidence === null ? '' : ` (${tracker.evidence})`;
  const since = tracker.since === null ? '' : ` for ${formatDuration(tracker.since.seconds)}`;
  return [`${capital(tracker.kind)} ${tracker.name} ${found}${since}${why}: ${effect}.`];
}

function weightWords(value: number, weight: number): string {
  if (value === 0) return `it adds nothing now (weight ${weight})`;
  return value < 0 ? `it takes ${-value} off the priority` : `it adds ${value} to the priority`;
}

function gateWords({ status }: TrackerDocument, reverse: boolean): string {
  if (status === 'unknown') return 'the virtual router waits for its result';
  return (status === 'up') === reverse
    ? 'as long as it is, the virtual router is in fault'
    : 'nothing stands in the way';
}

const FOUND = { up: 'has been good', down: 'has been bad', unknown: 'has no result yet' } as const;

const ROLE_WORDS = {
  initialize: 'not running',
  backup: 'Backup',
  master: 'Master',
  fault: 'in fault',
} as const;

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
