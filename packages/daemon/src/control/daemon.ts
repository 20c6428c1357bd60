// The daemon while it runs: the engine thread, the trackers, those who are told, the signals. Every decision about roles is
// the engine's; this file only connects. How it gets here is start.ts.
import { openKernel, readLinkBeat } from '@vrrp/netlink-native';
import { LinkbeatWatch } from '@vrrp/trackers';
import { assertNever } from '../assert-never.js';
import { failureText } from '../engine/messages.js';
import { startEngineThread, type EngineThread } from '../engine/thread.js';
import type { LogEntry, LogLevel } from '../log/entry.js';
import type { DaemonLogger } from '../log/logger.js';
import { logEntries } from '../log/sentences.js';
import { startupEntries } from '../log/startup-sentences.js';
import type { Report } from '../reports/report.js';
import { ReportStream } from '../reports/report-stream.js';
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

export class Daemon {
  readonly #options: DaemonOptions;
  readonly #host: DaemonHost;
  readonly #paths: RuntimePaths;
  readonly #logger: DaemonLogger;
  readonly #reports: ReportStream;
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

  constructor(options: DaemonOptions, paths: RuntimePaths, logger: DaemonLogger, host: DaemonHost) {
    this.#options = options;
    this.#host = host;
    this.#paths = paths;
    this.#logger = logger;
    const ports = realTrackerPorts((reason) =>
      this.#say('notice', `processes are looked at every second, because there are no process events: ${reason}`),
    );
    this.#reports = new ReportStream(() => ports.clock.now());
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
      say: (level, message) => this.#say(level, message),
    });
    this.#subscribe();
  }

  /** Runs until a signal ends it, or it cannot go on; resolves to the exit status. */
  async run(candidate: Candidate): Promise<number> {
    const door = new StatusDoor(this.#paths.statusSocket, this.#status, (report) => this.#reports.tell(report));
    try {
      if (candidate.desired.virtualRouters.length === 0) this.#say('notice', 'vrrpd has no configuration to run');
      this.#write(startupEntries(candidate.desired));
      this.#changes = this.#start(candidate).then(() => door.open());
      this.#host.signals.listen((signal) => this.#signalled(signal));
      await this.#engine.ended;
    } catch (error) {
      this.#say('error', `vrrpd failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
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
      this.#say('info', 'Startup complete');
      this.#host.ready();
      return;
    }
    this.#say('error', `vrrpd could not start: ${failure.message}`);
    this.#end(failure.kind === 'nothing-to-run' ? EXIT.configuration : EXIT.fatal);
  }

  /** A start that cannot go on. */
  #end(status: number): void {
    if (this.#exitStatus === EXIT.ok) this.#exitStatus = status;
    this.#stop();
  }

  /** Whoever reads the reports, in the order in which they hear each. */
  #subscribe(): void {
    this.#reports.subscribe((report) => this.#write(logEntries(report, this.#configuration.routerOf)));
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
    const name = report.kind === 'observation' ? this.#configuration.routerOf(report.router)?.name : undefined;
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
        this.#say('notice', 'SIGUSR1: dumping the state to a file is not supported yet');
        break;
      case 'SIGUSR2':
        this.#say('notice', 'SIGUSR2: dumping statistics to a file is not supported yet');
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
      status: this.#status,
      say: (level, message) => this.#say(level, message),
    });
  }

  #stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#say('info', 'Stopping');
    if (this.#options.keepAddresses) {
      void this.#engine.terminate();
      return;
    }
    this.#engine.send({ kind: 'stop' });
    const limit = setTimeout(() => {
      this.#say('error', `the engine did not stop within ${STOP_LIMIT_MS} ms; ending it`);
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
      if (removed.length > 0) this.#say('notice', `removed ${removed.join(', ')} without a farewell`);
      for (const one of kept) this.#say('error', `could not remove ${one}`);
    } catch (error) {
      this.#say('error', `addresses may be left behind: ${failureText(error).message}`);
    }
  }

  #write(entries: readonly LogEntry[]): void {
    for (const entry of entries) this.#logger.write(entry);
  }

  #say(level: LogLevel, message: string): void {
    this.#logger.write({ level, message, fields: {} });
  }
}
