// The record of a simulation as an SVG: for each virtual router one lane a node, roles as colours, faults as numbered
// marks through all lanes with their words below. Pure text; readable on light and on dark ground, without scripts.
import type { Lane, Mastership, Period } from './mastership.js';
import type { LaneRole, SimulationEvent } from './record.js';
import { element, escapeText, text } from './svg.js';
import { SWIM_LANE_STYLE } from './swim-lane-style.js';
import { formatSeconds, ROLE_NAMES } from './timeline.js';

export interface SwimLanes {
  readonly masterships: readonly Mastership[];
  readonly events: readonly SimulationEvent[];
  /** Microseconds. */
  readonly duration: number;
}

/** Lengths in pixels. */
const WIDTH = 1080;
const LEFT = 120;
const RIGHT = 32;
const LANE = 26;
const LANE_GAP = 6;
const STRIP = 7;
const TITLE = 40;
const BETWEEN = 22;
const TOP = 62;
const MARK = 9;
/** A word needs this much room in a bar. */
const LABEL_ROOM = 62;
/** Two marks nearer than this stand on two levels. */
const MARK_ROOM = 20;
const MARK_LEVELS = 3;
const FAULT_COLUMNS = 2;
const FAULT_LINE = 19;
/** Faults that are named; a picture with more is no longer one to read. */
const FAULTS_NAMED = 60;
/** Steps of the time axis, microseconds. */
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400].map((s) => s * 1e6);
const TICKS_MAX = 14;

interface Mark {
  readonly number: number;
  readonly at: number;
  readonly words: string;
}

/** The whole picture, ending in a line feed. */
export function drawSwimLanes(lanes: SwimLanes): string {
  const { masterships, duration } = lanes;
  const marks = marksOf(lanes.events);
  const x = (time: number): number => round(LEFT + ((WIDTH - LEFT - RIGHT) * time) / duration);
  const levels = markLevels(marks, x);
  let y = TOP + Math.max(0, ...levels) * MARK_ROOM;
  const markBase = y;
  y += marks.length === 0 ? -MARK_ROOM : 0;
  const body: string[] = [];
  for (const mastership of masterships) {
    body.push(...drawRouter(mastership, y, x));
    y += routerHeight(mastership) + BETWEEN;
  }
  const axisY = y - BETWEEN + 12;
  const faultsY = axisY + 52;
  const rows = Math.ceil(Math.min(marks.length, FAULTS_NAMED) / FAULT_COLUMNS) + (marks.length > FAULTS_NAMED ? 1 : 0);
  const height = faultsY + rows * FAULT_LINE + (rows > 0 ? 12 : -8);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Roles of the nodes over time">`,
    SWIM_LANE_STYLE,
    element('rect', { class: 'ground', width: WIDTH, height, rx: 10 }),
    ...legend(),
    ...axis(duration, x, markBase + TITLE - 12, axisY),
    ...body,
    ...marks.flatMap((mark, index) =>
      drawMark(mark, x(mark.at), markBase - 4 - (levels[index] ?? 0) * MARK_ROOM, axisY),
    ),
    ...faultWords(marks, faultsY),
    '</svg>',
    '',
  ].join('\n');
}

function routerHeight({ lanes }: Mastership): number {
  return TITLE + lanes.length * (LANE + LANE_GAP) + STRIP;
}

function drawRouter(mastership: Mastership, top: number, x: (time: number) => number): readonly string[] {
  const { router, lanes, withoutMaster, withTwoMasters } = mastership;
  const title = `${router.name} · VRID ${router.vrid} · IPv${router.family} · ${router.link}`;
  const stripY = top + TITLE + lanes.length * (LANE + LANE_GAP);
  return [
    text(title, { class: 'title', x: 24, y: top + 26 }),
    ...lanes.flatMap((lane, index) => drawLane(lane, top + TITLE + index * (LANE + LANE_GAP), x)),
    ...strip(withoutMaster, 'none', 'no Master', stripY, x),
    ...strip(withTwoMasters, 'two', 'two Masters', stripY, x),
  ];
}

function drawLane({ node, periods }: Lane, y: number, x: (time: number) => number): readonly string[] {
  return [
    text(node, { class: 'node', x: LEFT - 14, y: y + LANE / 2 + 4.5, 'text-anchor': 'end' }),
    ...periods.flatMap(({ from, to, role }) => {
      const width = round(Math.max(1, x(to) - x(from)));
      const tip = `${node}: ${ROLE_NAMES[role]} from ${formatSeconds(from)} to ${formatSeconds(to)}`;
      const box = { class: role, x: x(from), y, width, height: LANE, rx: Math.min(4, width / 2) };
      const label = { class: `word on-${role}`, x: round(x(from) + 9), y: y + LANE / 2 + 4 };
      return [
        element('rect', box, `<title>${escapeText(tip)}</title>`),
        ...(width >= LABEL_ROOM && role !== 'off' ? [text(ROLE_NAMES[role], label)] : []),
      ];
    }),
  ];
}

/** Below the lanes: when nobody, or more than one, was Master. */
function strip(
  periods: readonly Period[],
  kind: 'none' | 'two',
  words: string,
  y: number,
  x: (time: number) => number,
): readonly string[] {
  return periods.map(({ from, to }) => {
    const tip = `${words} for ${formatSeconds(to - from)} from ${formatSeconds(from)}`;
    const box = { class: kind, x: x(from), y, width: round(Math.max(1.5, x(to) - x(from))), height: STRIP, rx: 2 };
    return element('rect', box, `<title>${escapeText(tip)}</title>`);
  });
}

function drawMark({ number, words }: Mark, x: number, y: number, bottom: number): readonly string[] {
  return [
    element('line', { class: 'fault-line', x1: x, x2: x, y1: y + MARK, y2: bottom }),
    element('circle', { class: 'mark', cx: x, cy: y, r: MARK }, `<title>${escapeText(words)}</title>`),
    text(String(number), { class: 'mark-number', x, y: y + 3.6, 'text-anchor': 'middle' }),
  ];
}

/** Faults of one moment share a mark. */
function marksOf(events: readonly SimulationEvent[]): readonly Mark[] {
  const words = new Map<number, string[]>();
  for (const event of events) {
    if (event.kind === 'fault') words.set(event.at, [...(words.get(event.at) ?? []), event.text]);
  }
  return [...words].map(([at, list], index) => ({ number: index + 1, at, words: list.join(', ') }));
}

/** Neighbours that would cover each other take turns on higher levels. */
function markLevels(marks: readonly Mark[], x: (time: number) => number): readonly number[] {
  const lastAt = Array.from({ length: MARK_LEVELS }, () => -Infinity);
  return marks.map(({ at }) => {
    const free = lastAt.findIndex((last) => x(at) - last >= MARK_ROOM);
    const level = free < 0 ? MARK_LEVELS - 1 : free;
    lastAt[level] = x(at);
    return level;
  });
}

function faultWords(marks: readonly Mark[], top: number): readonly string[] {
  const named = marks.slice(0, FAULTS_NAMED);
  const rows = Math.ceil(named.length / FAULT_COLUMNS);
  const columnWidth = (WIDTH - 48) / FAULT_COLUMNS;
  const lines = named.flatMap(({ number, at, words }, index) => {
    const left = 24 + Math.floor(index / rows) * columnWidth;
    const y = top + (index % rows) * FAULT_LINE;
    return [
      text(String(number), { class: 'fault-number', x: left + 18, y, 'text-anchor': 'end' }),
      text(formatSeconds(at), { class: 'fault-time', x: left + 90, y, 'text-anchor': 'end' }),
      text(shortened(words), { class: 'fault-words', x: left + 102, y }),
    ];
  });
  if (marks.length <= FAULTS_NAMED) return lines;
  const more = `and ${marks.length - FAULTS_NAMED} more`;
  return [...lines, text(more, { class: 'fault-time', x: 42, y: top + rows * FAULT_LINE })];
}

function axis(duration: number, x: (time: number) => number, top: number, bottom: number): readonly string[] {
  const step = STEPS.find((one) => duration / one <= TICKS_MAX) ?? duration;
  const ticks = Array.from({ length: Math.floor(duration / step) + 1 }, (_, index) => index * step);
  return ticks.flatMap((time) => [
    element('line', { class: 'grid', x1: x(time), x2: x(time), y1: top, y2: bottom }),
    text(`${time / 1e6} s`, { class: 'tick', x: x(time), y: bottom + 18, 'text-anchor': 'middle' }),
  ]);
}

function legend(): readonly string[] {
  const roles: readonly (readonly [string, string])[] = [
    ...(['master', 'backup', 'fault', 'off'] as const).map((role: LaneRole) => [role, ROLE_NAMES[role]] as const),
    ['none', 'no Master'],
    ['two', 'two Masters'],
  ];
  return roles.flatMap(([kind, words], index) => {
    const left = 24 + index * 122;
    const thin = kind === 'none' || kind === 'two';
    const box = { class: kind, x: left, y: thin ? 21 : 17, width: 18, height: thin ? STRIP : 14, rx: 3 };
    return [element('rect', box), text(words, { class: 'legend', x: left + 26, y: 28.5 })];
  });
}

/** As much as fits into its column. */
function shortened(words: string): string {
  return words.length > WORDS_MAX ? `${words.slice(0, WORDS_MAX - 1)}…` : words;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

const WORDS_MAX = 60;
