// What the status socket answers: asks the engine, takes the table of trackers and what was counted, and has the document,
// the metrics or an explanation made of them. It holds no socket (status-socket.ts) and decides nothing about routers.
import { assertNever } from '../../assert-never.js';
import type { EngineCommand } from '../../engine/messages.js';
import type { Desired } from '../../plan/desired.js';
import type { LifecycleEvent } from '../../reports/lifecycle-event.js';
import type { PlacedFinding } from '../../reports/placed-finding.js';
import type { Report } from '../../reports/report.js';
import { VERSION } from '../../version.js';
import type { FifoLoss } from '../notifications/fifo-set.js';
import type { TrackerRow } from '../tracker-set.js';
import { composeStatus, isoTime, routerPoint, trackerPoint } from './compose-status.js';
import type { ExplainDocument, ReloadDocument, StatusDocument } from './document.js';
import { EngineQuestions, type EngineStanding } from './engine-questions.js';
import { explainRouter } from './explain-router.js';
import { formatMetrics } from './metrics.js';
import { PointsInTime } from './points-in-time.js';
import { ReportCounts } from './report-counts.js';

export type StatusQuestion =
  { readonly kind: 'status' } | { readonly kind: 'metrics' } | { readonly kind: 'explain'; readonly name: string };

export type StatusAnswer =
  /** A document as JSON, or the metrics. */
  | { readonly kind: 'json' | 'metrics'; readonly text: string }
  /** There is no such virtual router. */
  | { readonly kind: 'unknown'; readonly message: string }
  /** The engine did not answer, and without it there is no answer. */
  | { readonly kind: 'silent'; readonly message: string };

export interface StatusPorts {
  ask(command: EngineCommand & { readonly kind: 'snapshot' }): void;
  readonly trackers: { readonly rows: readonly TrackerRow[]; now(): number };
  readonly notifier: { readonly fifoLosses: readonly FifoLoss[] };
  /** Milliseconds since 1970. */
  wall(): number;
}

/** One answer of the engine, and what was made of it so far. */
interface Shared {
  readonly standing: EngineStanding | undefined;
  readonly status: StatusDocument;
  json?: string;
  metrics?: string;
}

export class StatusService {
  readonly #ports: StatusPorts;
  readonly #file: string;
  readonly #questions: EngineQuestions;
  readonly #counts = new ReportCounts();
  readonly #points = new PointsInTime();
  readonly #startedAt: number;
  #loadedAt: number;
  #shared: Shared | undefined;
  #lastReload: ReloadDocument | null = null;
  #findings: readonly PlacedFinding[] = [];

  constructor(file: string, ports: StatusPorts) {
    this.#file = file;
    this.#ports = ports;
    this.#questions = new EngineQuestions(
      (command) => ports.ask(command),
      () => ports.wall(),
    );
    this.#startedAt = ports.wall();
    this.#loadedAt = this.#startedAt;
  }

  heard(report: Report): void {
    if (report.kind === 'snapshot') this.#questions.heard(report);
    else if (report.kind === 'lifecycle') this.#happened(report.event);
    else this.#counts.heard(report);
  }

  /** A configuration runs from now on: the start, or a reload that succeeded. */
  configured({ virtualRouters, trackers }: Desired, findings: readonly PlacedFinding[] = []): void {
    this.#findings = findings;
    this.#loadedAt = this.#ports.wall();
    this.#shared = undefined;
    this.#points.keep(new Set([...virtualRouters.map(routerPoint), ...trackers.map(trackerPoint)]));
    this.#counts.keep(new Set(virtualRouters.map(({ key }) => key)));
  }

  #happened(event: LifecycleEvent): void {
    if (event.kind !== 'reload-complete' && event.kind !== 'reload-refused') return;
    this.#shared = undefined;
    const reason = event.kind === 'reload-refused' ? event.reason : null;
    this.#lastReload = { time: isoTime(this.#ports.wall()), successful: reason === null, reason };
  }

  async answer(question: StatusQuestion): Promise<StatusAnswer> {
    const standing = await this.#questions.ask();
    const shared = this.#share(standing);
    switch (question.kind) {
      case 'status':
        return { kind: 'json', text: (shared.json ??= asJson(shared.status)) };
      case 'metrics':
        return { kind: 'metrics', text: (shared.metrics ??= formatMetrics(shared.status)) };
      case 'explain':
        return explained(question.name, shared.status, standing);
      default:
        return assertNever(question);
    }
  }

  /** Whoever shares an answer of the engine shares what was made of it. */
  #share(standing: EngineStanding | undefined): Shared {
    if (standing !== undefined && this.#shared?.standing === standing) return this.#shared;
    const shared = { standing, status: this.#compose(standing) };
    this.#shared = shared;
    return shared;
  }

  #compose(standing: EngineStanding | undefined): StatusDocument {
    const { wall, trackers, notifier } = this.#ports;
    // The answer may be a moment old: everything is said as of then.
    const now = standing?.wall ?? wall();
    const uptime = (now - this.#startedAt) / 1_000;
    return composeStatus({
      daemon: {
        version: VERSION,
        node: process.version,
        pid: process.pid,
        startedAt: isoTime(this.#startedAt),
        uptime: Math.max(0, uptime),
      },
      configuration: {
        file: this.#file,
        loadedAt: isoTime(this.#loadedAt),
        lastReload: this.#lastReload,
        findings: this.#findings,
      },
      standing,
      counts: this.#counts.byRouter,
      trackers: trackers.rows,
      fifoLosses: notifier.fifoLosses,
      moment: { wall: now, engine: standing?.at ?? 0, trackers: trackers.now() },
      points: this.#points,
    });
  }
}

function explained(name: string, status: StatusDocument, engine: EngineStanding | undefined): StatusAnswer {
  if (engine === undefined) return { kind: 'silent', message: 'the engine does not answer, so nothing is known' };
  const router = status.virtualRouters.find((one) => one.name === name);
  const standing = engine.routers.find((one) => one.name === name);
  if (router === undefined || standing === undefined) {
    const names = status.virtualRouters.map((one) => one.name).join(', ');
    const message = `there is no virtual router ${name}; there ${names === '' ? 'is none' : `are: ${names}`}`;
    return { kind: 'unknown', message };
  }
  return { kind: 'json', text: asJson(explainRouter(status, router, standing.explanation)) };
}

function asJson(document: StatusDocument | ExplainDocument): string {
  return `${JSON.stringify(document)}\n`;
}
