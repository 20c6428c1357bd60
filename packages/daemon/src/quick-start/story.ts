// What both forms of the quick start share: the two example configurations, the stage, and the watch over what is told.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseConfig } from '@vrrp/conf-parser';
import { masterDownInterval } from '@vrrp/state-machine';
import type { Desired } from '../plan/desired.js';
import { planConfig } from '../plan/plan.js';
import { storyOf, type Outcome, type StoryRecord, type TimelineEvent } from './timeline.js';

export const LINK = 'ens18';
export const VIRTUAL_ADDRESS = '172.16.0.150';
export const CLIENT_ADDRESS = '172.16.0.10';
export const NODES = [
  { name: 'a', address: '172.16.0.1', priority: 100 },
  { name: 'b', address: '172.16.0.2', priority: 90 },
] as const;

export const STAGE: readonly string[] = [
  `  client ${CLIENT_ADDRESS} ---+--- a ${NODES[0].address}, priority ${NODES[0].priority}`,
  `                         +--- b ${NODES[1].address}, priority ${NODES[1].priority}      virtual address ${VIRTUAL_ADDRESS}`,
];

/** The example configuration of a node. */
export function configPath(name: string): string {
  return fileURLToPath(new URL(`../../examples/two-nodes/node-${name}.conf`, import.meta.url));
}

export function loadDesired(name: string): Desired {
  const path = configPath(name);
  const { model, diagnostics } = parseConfig(path, { read: (file) => readFileSync(file, 'utf8'), glob: () => [] });
  if (model === undefined) throw new Error(`${path} cannot be read: ${diagnostics[0]?.summary ?? 'no reason given'}`);
  return planConfig(model).desired;
}

/** Collects the moments the outcome is made of, while the story is told line by line. */
export class Watch {
  readonly #tell: (event: TimelineEvent) => void;
  readonly #heardFrom = new Set<string>();
  #killedAt: number | undefined;
  #advertisedAt: number | undefined;
  #announcedAt: number | undefined;
  #lostAt = 0;
  #answeredAt: number | undefined;

  constructor(tell: (event: TimelineEvent) => void) {
    this.#tell = tell;
  }

  /** Whether anything was told of this node. */
  hasHeard(who: string): boolean {
    return this.#heardFrom.has(who);
  }

  /** A log record of node `who` at this point of the story. */
  heard(who: string, at: number, record: StoryRecord): void {
    const text = storyOf(record);
    if (text === undefined) return;
    this.#heardFrom.add(who);
    if (this.#killedAt !== undefined && who === NODES[1].name) {
      if (record.event === 'announced') this.#announcedAt ??= at;
      else if (record.event === 'transition' && record.to === 'master') this.#advertisedAt ??= at;
    }
    this.#tell({ at, who, text });
  }

  killed(at: number): void {
    this.#killedAt = at;
    this.#tell({ at, who: NODES[0].name, text: 'killed (SIGKILL), and its cable pulled: the machine is gone' });
  }

  /** The client's probe was answered. */
  answered(at: number): void {
    if (this.#killedAt === undefined || at < this.#killedAt) {
      if (this.#lostAt === 0) this.#tell({ at, who: 'client', text: `${VIRTUAL_ADDRESS} answers` });
      this.#lostAt = at;
    } else if (this.#answeredAt === undefined && this.#announcedAt !== undefined) {
      this.#answeredAt = at;
      this.#tell({ at, who: 'client', text: `${VIRTUAL_ADDRESS} answers again` });
    }
  }

  get clientIsServed(): boolean {
    return this.#lostAt > 0;
  }

  /** Undefined until the whole story has happened. */
  outcome(): Outcome | undefined {
    const [killedAt, advertisedAt, announcedAt, answeredAt] = [
      this.#killedAt,
      this.#advertisedAt,
      this.#announcedAt,
      this.#answeredAt,
    ];
    if (killedAt === undefined || advertisedAt === undefined || announcedAt === undefined || answeredAt === undefined)
      return undefined;
    return {
      killedAt,
      advertisedAt,
      announcedAt,
      lostAt: this.#lostAt,
      answeredAt,
      masterDownInterval: backupInterval(),
    };
  }
}

/** Master_Down_Interval of node b, from its own configuration (RFC 9568 §6.1). */
function backupInterval(): number {
  const [router] = loadDesired(NODES[1].name).virtualRouters;
  if (router === undefined) return 0;
  const { version, priority, downTimerAdverts, advertisementInterval } = router.config;
  return masterDownInterval({
    version,
    priority,
    downTimerAdverts,
    masterAdvertisementInterval: advertisementInterval,
  });
}
