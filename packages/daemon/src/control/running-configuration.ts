// The configuration that runs: changed as a transaction. Whatever can refuse comes first and changes nothing; then everything
// is switched in one turn, before the engine reports anything of the new one; what the old one left goes when the engine has
// said that it runs.
import type { LinkbeatWatch } from '@vrrp/trackers';
import { failureText, type PrepareProblem } from '../engine/messages.js';
import type { Desired, DesiredVirtualRouter } from '../plan/desired.js';
import type { LifecycleEvent } from '../reports/lifecycle-event.js';
import type { PlacedFinding } from '../reports/placed-finding.js';
import type { RouterIdentity } from '../reports/router-identity.js';
import { RUN_CODES } from '../reports/run-codes.js';
import { readJournal, writeJournal } from './address-journal.js';
import type { Candidate } from './candidate.js';
import type { EngineLink } from './engine-link.js';
import type { Notifier, PreparedNotifications } from './notifications/notifier.js';
import type { StatusService } from './status/status-service.js';
import type { TrackerSet } from './tracker-set.js';

export interface RunningParts {
  readonly engine: Pick<EngineLink, 'prepare' | 'commit'>;
  readonly notifier: Pick<Notifier, 'prepare'>;
  readonly linkbeats: Pick<LinkbeatWatch, 'configure'>;
  readonly status: Pick<StatusService, 'configured'>;
  readonly trackers: Pick<TrackerSet, 'configure'>;
  /** Path of the address journal. */
  readonly journal: string;
  /** Who a virtual router's key stands for: kept right here, read by the log. */
  readonly routers: Map<string, RouterIdentity>;
  tell(event: LifecycleEvent): void;
}

/** Why a start came to nothing. */
export interface Failure {
  readonly kind: 'nothing-to-run' | 'engine';
  readonly message: string;
}

export class RunningConfiguration {
  readonly #parts: RunningParts;
  #current: Candidate | undefined;

  constructor(parts: RunningParts) {
    this.#parts = parts;
  }

  get current(): Candidate | undefined {
    return this.#current;
  }

  /** The start: takes what can be had. Resolves with why nothing can, or when it runs. */
  async begin(candidate: Candidate): Promise<Failure | undefined> {
    const { engine, notifier, tell } = this.#parts;
    const notifications = notifier.prepare(candidate.notifications);
    let { desired, findings } = candidate;
    let problems = await engine.prepare(desired);
    const impossible = new Set(problems.map(({ router }) => router));
    if (problems.length > 0 && !impossible.has(undefined)) {
      findings = [...findings, ...problems.map((problem) => findingOf(problem, candidate))];
      for (const problem of problems) tell({ kind: 'instance-refused', reason: sentenceOf(problem) });
      desired = {
        ...desired,
        virtualRouters: desired.virtualRouters.filter(({ config }) => !impossible.has(config.name)),
      };
      if (desired.virtualRouters.length > 0) problems = await engine.prepare(desired);
    }
    const [problem] = problems;
    if (problem !== undefined) {
      notifications.cancel();
      return { kind: impossible.has(undefined) ? 'engine' : 'nothing-to-run', message: sentenceOf(problem) };
    }
    return this.#commit({ ...candidate, desired, findings }, notifications);
  }

  /** A reload: taken whole, or not at all. Resolves with why it is not, or when it runs. */
  async replace(candidate: Candidate): Promise<string | undefined> {
    const { engine, notifier } = this.#parts;
    const notifications = notifier.prepare(candidate.notifications);
    const problems = [...notifications.problems];
    if (problems.length === 0) problems.push(...(await engine.prepare(candidate.desired)).map(sentenceOf));
    if (problems.length > 0) {
      notifications.cancel();
      return problems.join('; ');
    }
    return (await this.#commit(candidate, notifications))?.message;
  }

  async #commit(candidate: Candidate, notifications: PreparedNotifications): Promise<Failure | undefined> {
    const { engine, linkbeats, status, trackers, journal, routers } = this.#parts;
    const { desired } = candidate;
    const leftovers = readJournal(journal);
    this.#remember(desired, leftovers);
    this.#current = candidate;
    for (const router of desired.virtualRouters) routers.set(router.key, identityOf(router));
    notifications.commit();
    // Before the engine: a virtual router whose link has no beat begins in fault.
    linkbeats.configure(desired.linkbeats ?? []);
    status.configured(desired, candidate.findings);
    const committed = engine.commit(leftovers);
    const switched = trackers.configure(desired.trackers);
    const failure = await committed;
    if (failure === undefined) this.#forget(desired);
    await switched;
    return failure === undefined ? undefined : { kind: 'engine', message: failure.message };
  }

  /** While the engine changes, addresses of both configurations may be there. */
  #remember(desired: Desired, earlier: ReturnType<typeof readJournal>): void {
    const { journal, tell } = this.#parts;
    try {
      writeJournal(journal, desired, earlier);
    } catch (error) {
      // Without it only configured addresses are looked for after a crash.
      tell({ kind: 'journal-not-written', path: journal, error: failureText(error) });
    }
  }

  #forget(desired: Desired): void {
    this.#remember(desired, []);
    const kept = new Set(desired.virtualRouters.map(({ key }) => key));
    const { routers } = this.#parts;
    for (const key of routers.keys()) if (!kept.has(key)) routers.delete(key);
  }
}

function sentenceOf({ router, message }: PrepareProblem): string {
  return router === undefined ? message : `(${router}) ${message}`;
}

function findingOf(problem: PrepareProblem, { instancePlace }: Candidate): PlacedFinding {
  const code = 'run/instance-refused';
  const { severity } = RUN_CODES[code];
  const place = problem.router === undefined ? null : instancePlace(problem.router);
  return { code, severity, message: sentenceOf(problem), place };
}

function identityOf({ config, channel }: DesiredVirtualRouter): RouterIdentity {
  const { name, vrid, family, version, interface: link } = config;
  const common = { name, vrid, family, version, interface: link };
  return { ...common, ...(channel.source === undefined ? {} : { source: channel.source }) };
}
