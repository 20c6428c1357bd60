// The quick start's story as text: one line per event as it happens, and what it meant for the client at the end. Pure.
const MICROS_PER_SECOND = 1_000_000;
const TIME_WIDTH = 10;
const WHO_WIDTH = 7;

export interface TimelineEvent {
  /** Microseconds since the routers were started. */
  readonly at: number;
  readonly who: string;
  readonly text: string;
}

export function formatEvent({ at, who, text }: TimelineEvent): string {
  return `${formatSeconds(at).padStart(TIME_WIDTH)}  ${who.padEnd(WHO_WIDTH)}  ${text}`;
}

export function formatSeconds(micros: number): string {
  return `${(micros / MICROS_PER_SECOND).toFixed(3)} s`;
}

/** What the story reads of a log record: the fields of `--log-format json`. */
export interface StoryRecord {
  readonly event?: unknown;
  readonly to?: unknown;
  readonly reason?: unknown;
  readonly priority?: unknown;
  readonly address?: unknown;
  readonly times?: unknown;
}

/** The records that belong to the story, in words; undefined for the others. */
export function storyOf(record: StoryRecord): string | undefined {
  if (record.event === 'announced')
    return `gratuitous ARP for ${String(record.address)} left, ${String(record.times)} times`;
  if (record.event === 'priority-zero-received') return 'heard priority 0: the Master stops';
  if (record.event !== 'transition') return undefined;
  if (record.to === 'backup') return `is Backup, priority ${String(record.priority)} (${String(record.reason)})`;
  if (record.to === 'master') return `advertised, and is Master (${String(record.reason)})`;
  return `is in ${String(record.to)} (${String(record.reason)})`;
}

export interface Outcome {
  /** When the Master was killed, when the Backup advertised first, when its announcement left; microseconds. */
  readonly killedAt: number;
  readonly advertisedAt: number;
  readonly announcedAt: number;
  /** The client's last answer before and first answer after. */
  readonly lostAt: number;
  readonly answeredAt: number;
  /** What the protocol itself takes at the most: Master_Down_Interval of the Backup, microseconds. */
  readonly masterDownInterval: number;
}

export function formatOutcome(outcome: Outcome): readonly string[] {
  const since = (at: number): string => formatSeconds(at - outcome.killedAt);
  return [
    `after the kill  ${since(outcome.advertisedAt)} until the Backup advertised (Master_Down_Interval ${formatSeconds(outcome.masterDownInterval)})`,
    `                ${since(outcome.announcedAt)} until the gratuitous ARP left`,
    `the client was without the address for ${formatSeconds(outcome.answeredAt - outcome.lostAt)}`,
  ];
}
