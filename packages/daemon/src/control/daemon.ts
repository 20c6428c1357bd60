// The daemon while it runs: the engine thread, the trackers, those who are told, the signals. Every decision about roles is
// the engine's; this file only connects. How it gets here is start.ts.
import { openKernel, readLinkBeat } from '@vrrp/netlink-native';
import { LinkbeatWatch } from '@vrrp/trackers';
import { assertNever } from '../assert-never.js';
import { failureText } from '../engine/messages.js';
import { startEngineThread, type EngineThread } from '../engine/thread.js';
import type { Desired } from '../plan/desired.js';
import type { LifecycleEvent } from '../reports/lifecycle-event.js';
import type { Report } from '../reports/report.js';
import type { ReportStream } from '../reports/report-stream.js';
import type { RouterIdentity } from '../reports/router-identity.js';
import { readJournal, removeJournal } from './address-journal.js';
import { loadCandidate, type Candidate } from './candidate.js';
import { loadConfiguration } from './configuration.js';
import type { DaemonHost, DaemonOptions } from './daemon-options.js';
import { EngineLink } from './engine-link.js';
import { EXIT } from './exit-status.js';
import { Notifier, realNotifierPorts } from './notifications/notifier.js';
import { RealtimeGuard } from './realtime-guard.js';
import { releaseAddresses } from './release-addresses.js';
import { reload } from './reload.js';
import { RunningConfiguration } from './running-configuration.js';
import type { RuntimePaths } from './runtime-paths.js';
import type { HeardSignal } from './signals.js';
import { StatusDoor } from './status/status-door.js';
import { StatusService } from './status/status-service.js';
import { realTrackerPorts } from './tracker-factory.js';
import { TrackerSet } from './tracker-set.js';

/** Linux errno of a refused capability. */
const EPERM = 1;
/** How long the engine may take to give its addresses back before the daemon goes anyway (keepalived: child_wait_time). */
const STOP_LIMIT_MS = 5_000;

/** What everything the daemon does is reported on, and the names that its reports are read with. */
export interface Spine {
  readonly reports: ReportStream;
  readonly routers: Map<string, RouterIdentity>;
}

export class Daemon {
  readonly #options: DaemonOptions;
  readonly #host: DaemonHost;
  readonly #paths: RuntimePaths;
  readonly #reports: ReportStream;
  readonly #routers: Map<string, RouterIdentity>;
  readonly #trackers: TrackerSet;
  readonly #linkbeats: LinkbeatWatch;
  readonly #notifier: Notifier;
  readonly #status: StatusService;
  readonly #engine: EngineThread;
  readonly #link: EngineLink;
  readonly #configuration: RunningConfiguration;
  readonly #guard: RealtimeGuard;
  #started = false;
  #stopping = false;
  #exitStatus: number = EXIT.ok;
  /** The start, and the reloads after it, one after the other. */
  #changes: Promise<void> = Promise.resolve();
  #reloadWaits = false;
  /** The addresses of an engine that did not stop. */
  #released: Promise<void> = Promise.resolve();

  constructor(options: DaemonOptions, paths: RuntimePaths, spine: Spine, host: DaemonHost) {
    this.#options = options;
    this.#host = host;
    this.#paths = paths;
    this.#reports = spine.reports;
    this.#routers = spine.routers;
    const ports = realTrackerPorts((reason) => this.#tell({ kind: 'processes-polled', reason }));
    this.#engine = startEngineThread((report) => this.#reports.publish(report));
    this.#link = new EngineLink((command) => this.#engine.send(command));
    this.#guard = new RealtimeGuard({
      tell: (report) => this.#reports.tell(report),
      restore: () => this.#engine.send({ kind: 'reschedule' }),
    });
    this.#trackers = new TrackerSet(
      {
        news: (news) => this.#engine.send({ kind: 'tracker', news }),
        changed: (told) => this.#reports.tell({ kind: 'tracker-told', told }),
        observed: (observation) => this.#reports.tell({ kind: 'tracker-observed', observation }),
      },
      ports,
    );
    this.#linkbeats = new LinkbeatWatch({ clock: ports.clock, probe: { read: readLinkBeat } }, (observation) => {
      this.#reports.tell({ kind: 'linkbeat-observed', observation });
      const { kind, link } = observation;
      if (kind === 'beat') this.#engine.send({ kind: 'linkbeat', link, up: observation.up });
    });
    this.#notifier = new Notifier(realNotifierPorts(ports), (report) =>
      this.#reports.tell({ kind: 'notification', ...report }),
    );
    this.#status = new StatusService(options.file, {
      ask: (question) => this.#engine.send(question),
      trackers: this.#trackers,
      notifier: this.#notifier,
      wall: () => Date.now(),
    });
    this.#configuration = new RunningConfiguration({
      engine: this.#link,
      notifier: this.#notifier,
      linkbeats: this.#linkbeats,
      status: this.#status,
      trackers: this.#trackers,
      journal: paths.journal,
      routers: spine.routers,
      tell: (event) => this.#tell(event),
    });
    this.#subscribe();
  }

  /** Runs until a signal ends it, or it cannot go on; resolves to the exit status. */
  async run(candidate: Candidate): Promise<number> {
    const door = new StatusDoor(this.#paths.statusSocket, this.#status, (report) => this.#reports.tell(report));
    try {
      this.#tell(takenEvent(candidate.desired));
      this.#changes = this.#start(candidate).then(() => door.open());
      this.#host.signals.listen((signal) => this.#signalled(signal));
      await this.#engine.ended;
    } catch (error) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#tell({ kind: 'crashed', reason });
      this.#exitStatus = EXIT.programError;
    } finally {
      this.#guard.close();
      this.#linkbeats.close();
      await Promise.all([this.#released, this.#notifier.stop(), this.#trackers.close(), door.close()]);
    }
    return this.#exitStatus;
  }

  async #start(candidate: Candidate): Promise<void> {
    const failure = await this.#configuration.begin(candidate);
    if (failure === undefined) {
      this.#started = true;
      this.#tell({ kind: 'start-complete' });
      this.#host.ready();
      return;
    }
    this.#tell({ kind: 'start-failed', reason: failure.message });
    this.#end(failure.kind === 'nothing-to-run' ? EXIT.configuration : EXIT.fatal);
  }

  /** A start that cannot go on. */
  #end(status: number): void {
    if (this.#exitStatus === EXIT.ok) this.#exitStatus = status;
    this.#stop();
  }

  /** Whoever reads the reports, in the order in which they hear each. */
  #subscribe(): void {
    this.#reports.subscribe((report) => this.#notify(report));
    this.#reports.subscribe((report) => this.#guard.heard(report));
    this.#reports.subscribe((report) => this.#status.heard(report));
    this.#reports.subscribe((report) => this.#link.heard(report));
    this.#reports.subscribe((report) => {
      if (report.kind === 'stopped') removeJournal(this.#paths.journal);
      // Without the right to open sockets or set addresses nothing runs, however long it is tried.
      else if (report.kind === 'operation-failed' && report.error.errno === EPERM && !this.#started) {
        this.#end(EXIT.permission);
      }
    });
  }

  #notify(report: Report): void {
    const name = report.kind === 'observation' ? this.#routers.get(report.router)?.name : undefined;
    this.#notifier.heard(report, name);
    if (name === undefined || report.kind !== 'observation' || report.observation.kind !== 'transition') return;
    const { cause, from } = report.observation;
    // At the end everything is told STOP; what a reload takes away is told here.
    if (cause === 'shutdown' && !this.#stopping) this.#notifier.removed(name, from === 'fault');
  }

  #signalled(signal: HeardSignal): void {
    switch (signal) {
      case 'SIGINT':
        if (!this.#options.ignoreInterrupt) this.#stop();
        break;
      case 'SIGTERM':
      case 'SIGQUIT':
        this.#stop();
        break;
      case 'SIGHUP':
        this.#reload();
        break;
      case 'SIGXCPU':
        this.#guard.exceeded();
        break;
      case 'SIGUSR1':
      case 'SIGUSR2':
        this.#tell({ kind: 'signal-unsupported', signal });
        break;
      default:
        assertNever(signal);
    }
  }

  /** One that comes while another waits for its turn asks for nothing new. */
  #reload(): void {
    if (this.#reloadWaits) return;
    this.#reloadWaits = true;
    this.#changes = this.#changes.then(async () => {
      this.#reloadWaits = false;
      if (!this.#stopping) await this.#replace();
    });
  }

  #replace(): Promise<void> {
    const { file, configId, namespace, reloadStrict } = this.#options;
    return reload({
      judge: () => loadCandidate(file, configId),
      test: () => loadConfiguration(file, configId, 'report').testStatus,
      strict: reloadStrict,
      namespaceIsGiven: namespace !== undefined,
      running: this.#configuration,
      tell: (event) => this.#tell(event),
    });
  }

  #stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#tell({ kind: 'stopping' });
    if (this.#options.keepAddresses) {
      void this.#engine.terminate();
      return;
    }
    this.#engine.send({ kind: 'stop' });
    const limit = setTimeout(() => {
      this.#tell({ kind: 'engine-stuck', limit: STOP_LIMIT_MS });
      this.#released = this.#engine.terminate().then(() => this.#release());
    }, STOP_LIMIT_MS);
    limit.unref();
  }

  /** What the engine was to do. */
  async #release(): Promise<void> {
    try {
      const kernel = await openKernel();
      const { removed, kept } = await releaseAddresses(kernel, readJournal(this.#paths.journal));
      kernel.close();
      this.#tell({ kind: 'addresses-released', removed, kept });
    } catch (error) {
      this.#tell({ kind: 'release-failed', error: failureText(error) });
    }
  }

  #tell(event: LifecycleEvent): void {
    this.#reports.tell({ kind: 'lifecycle', event });
  }
}

function takenEvent({ virtualRouters }: Pick<Desired, 'virtualRouters'>): LifecycleEvent {
  const startupDelay = Math.max(0, ...virtualRouters.map(({ config }) => config.startupDelay));
  return { kind: 'configuration-taken', virtualRouters: virtualRouters.length, startupDelay };
}
