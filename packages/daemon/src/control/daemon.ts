// The control thread: loads the configuration, runs the engine thread and the trackers, answers signals, writes the log.
// Every decision about roles is the engine's; this file only connects.
import { release, uptime } from 'node:os';
import { renderDiagnostics } from '@vrrp/conf-parser';
import { enterNetworkNamespace, readLinkBeat } from '@vrrp/netlink-native';
import { LinkbeatWatch } from '@vrrp/trackers';
import { failureText, type PrepareProblem } from '../engine/messages.js';
import { startEngineThread, type EngineThread } from '../engine/thread.js';
import type { LogEntry, LogLevel } from '../log/entry.js';
import type { DaemonLogger } from '../log/logger.js';
import { logEntries } from '../log/sentences.js';
import { startupEntries } from '../log/startup-sentences.js';
import type { Desired, DesiredVirtualRouter } from '../plan/desired.js';
import type { DesiredNotifications } from '../plan/notifications.js';
import { planConfig } from '../plan/plan.js';
import type { Report } from '../reports/report.js';
import { ReportStream } from '../reports/report-stream.js';
import type { RouterIdentity } from '../reports/router-identity.js';
import { VERSION } from '../version.js';
import { readJournal, removeJournal, writeJournal } from './address-journal.js';
import { missingCapabilities } from './capabilities.js';
import { loadConfiguration, REDACTED, redactHeaders, type LoadedConfiguration } from './configuration.js';
import { EXIT } from './exit-status.js';
import { removePidFile, runningPid, writePidFile } from './pid-file.js';
import { Notifier, realNotifierPorts } from './notifications/notifier.js';
import { RealtimeGuard } from './realtime-guard.js';
import { runtimePaths, type RuntimePaths } from './runtime-paths.js';
import { StatusService } from './status/status-service.js';
import { StatusDoor } from './status/status-door.js';
import { realTrackerPorts } from './tracker-factory.js';
import { TrackerSet } from './tracker-set.js';

/** Linux errno of a refused capability. */
const EPERM = 1;
/** How long the engine may take to give its addresses back before the daemon goes anyway (keepalived: child_wait_time). */
const STOP_LIMIT_MS = 5_000;

export interface DaemonOptions {
  readonly file: string;
  readonly configId?: string;
  readonly namespace?: string;
  readonly pidFile?: string;
  readonly vrrpPidFile?: string;
  /** keepalived(8), --dont-release-vrrp. */
  readonly keepAddresses: boolean;
  /** keepalived(8), --dump-conf. */
  readonly dumpConfig: boolean;
  readonly ignoreInterrupt: boolean;
  readonly commandLine: readonly string[];
}

/** Runs until a signal ends it; resolves to the exit status. */
export async function runDaemon(options: DaemonOptions, logger: DaemonLogger): Promise<number> {
  const say = (level: LogLevel, message: string, fields: LogEntry['fields'] = {}): void =>
    logger.write({ level, message, fields });
  say('info', `Starting vrrpd v${VERSION}`);
  say('info', `Running on Linux ${release()}`);
  say('info', `Command line: ${options.commandLine.map((word) => `'${word}'`).join(' ')}`);
  if (options.namespace !== undefined) enterNetworkNamespace(options.namespace);
  const loaded = load(options, say);
  if (typeof loaded === 'number') return loaded;
  const namespace = options.namespace ?? loaded.model.net_namespace;
  const paths = runtimePaths({ ...options, namespace, instance: loaded.model.instance });
  const other = runningPid(paths.pid) ?? runningPid(paths.vrrpPid);
  if (other !== undefined) {
    say('notice', `daemon is already running (pid ${other})`);
    return EXIT.ok;
  }
  const lacks = missingCapabilities();
  for (const sentence of lacks) say('error', sentence);
  if (lacks.length > 0) return EXIT.permission;
  const problem = claimPidFiles(paths);
  if (problem !== undefined) {
    say('error', problem);
    return EXIT.fatal;
  }
  if (options.dumpConfig) say('info', JSON.stringify(loaded.model, redactSecrets));
  return new Daemon(options, paths, logger).run(loaded);
}

interface Runnable {
  readonly model: NonNullable<LoadedConfiguration['parsed']['model']>;
  readonly desired: Desired;
  readonly notifications: DesiredNotifications;
}

/** The configuration ready to run, or the exit status that says why not. */
function load(options: DaemonOptions, say: (level: LogLevel, message: string) => void): Runnable | number {
  let loaded = loadConfiguration(options.file, options.configId, 'run');
  const namespace = loaded.parsed.model?.net_namespace;
  if (options.namespace === undefined && namespace !== undefined) {
    enterNetworkNamespace(namespace);
    // Read again: which interfaces exist depends on the namespace.
    loaded = loadConfiguration(options.file, options.configId, 'run');
  }
  if (loaded.missing) {
    say('error', `Config files missing '${options.file}'.`);
    return EXIT.noConfiguration;
  }
  for (const line of loaded.text.split('\n').filter((one) => one !== '')) say('warning', line);
  const { model, refused } = loaded.parsed;
  if (model === undefined || refused) {
    say('error', `${options.file} cannot be run; see the messages above`);
    return EXIT.configuration;
  }
  const { placeOf, files } = loaded.parsed;
  const { desired, findings, notifications } = planConfig(model, { uptime: uptime(), placeOf });
  for (const line of renderDiagnostics(findings, files)
    .split('\n')
    .filter((one) => one !== ''))
    say('warning', line);
  return { model, desired, notifications };
}

/** Writes both pid files; the sentence that says why not. */
function claimPidFiles({ pid, vrrpPid }: RuntimePaths): string | undefined {
  try {
    writePidFile(pid);
    writePidFile(vrrpPid);
    return undefined;
  } catch (error) {
    removePidFile(pid);
    return `could not write a pid file: ${failureText(error).message}`;
  }
}

class Daemon {
  readonly #options: DaemonOptions;
  readonly #paths: RuntimePaths;
  readonly #logger: DaemonLogger;
  readonly #reports: ReportStream;
  readonly #trackers: TrackerSet;
  readonly #linkbeats: LinkbeatWatch;
  readonly #notifier: Notifier;
  readonly #status: StatusService;
  readonly #routers = new Map<string, RouterIdentity>();
  readonly #engine: EngineThread;
  readonly #guard: RealtimeGuard;
  #started = false;
  #lastCommit = 0;
  readonly #answers = new Map<number, (problems: readonly PrepareProblem[]) => void>();
  #stopping = false;
  #exitStatus: number = EXIT.ok;
  #reloading: Promise<void> = Promise.resolve();

  constructor(options: DaemonOptions, paths: RuntimePaths, logger: DaemonLogger) {
    this.#options = options;
    this.#paths = paths;
    this.#logger = logger;
    this.#guard = new RealtimeGuard({
      tell: (report) => this.#reports.tell(report),
      restore: () => this.#engine.send({ kind: 'reschedule' }),
    });
    const ports = realTrackerPorts((reason) =>
      this.#say('notice', `processes are looked at every second, because there are no process events: ${reason}`),
    );
    this.#reports = new ReportStream(() => ports.clock.now());
    this.#engine = startEngineThread((report) => this.#reports.publish(report));
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
    this.#subscribe();
  }

  async run(loaded: Runnable): Promise<number> {
    const uninstall = this.#installSignals();
    const door = new StatusDoor(this.#paths.statusSocket, this.#status, (report) => this.#reports.tell(report));
    try {
      if (loaded.desired.virtualRouters.length === 0) this.#say('notice', 'vrrpd has no configuration to run');
      this.#write(startupEntries(loaded.desired));
      if (!(await this.#configure(loaded))) {
        this.#exitStatus = EXIT.configuration;
        this.#stop();
      }
      door.open();
      await this.#engine.ended;
    } catch (error) {
      this.#say('error', `vrrpd failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      this.#exitStatus = EXIT.programError;
    } finally {
      uninstall();
      this.#guard.close();
      this.#linkbeats.close();
      await Promise.all([this.#notifier.stop(), this.#trackers.close(), door.close()]);
      removePidFile(this.#paths.pid);
      removePidFile(this.#paths.vrrpPid);
    }
    this.#say('info', `Stopped vrrpd v${VERSION}`);
    return this.#exitStatus;
  }

  /** Whether the engine can run it; nothing has changed when it cannot. */
  async #configure({ desired, notifications }: Runnable): Promise<boolean> {
    this.#lastCommit += 1;
    const id = this.#lastCommit;
    const answer = new Promise<readonly PrepareProblem[]>((resolve) => {
      this.#answers.set(id, resolve);
      this.#engine.send({ kind: 'prepare', id, desired });
    });
    const problems = await Promise.race([
      answer,
      this.#engine.ended.then((): readonly PrepareProblem[] => [{ message: 'the engine has ended' }]),
    ]);
    for (const { router, message } of problems)
      this.#say('error', `${router === undefined ? '' : `(${router}) `}${message}`);
    if (problems.length > 0) return false;
    const leftovers = readJournal(this.#paths.journal);
    try {
      writeJournal(this.#paths.journal, desired, leftovers);
    } catch (error) {
      // Without it only configured addresses are looked for after a crash.
      this.#say('warning', `could not write ${this.#paths.journal}: ${failureText(error).message}`);
    }
    for (const router of desired.virtualRouters) this.#routers.set(router.key, identityOf(router));
    this.#notifier.configure(notifications);
    // Before the engine: a virtual router whose link has no beat begins in fault.
    this.#linkbeats.configure(desired.linkbeats ?? []);
    this.#status.configured(desired);
    this.#engine.send({ kind: 'commit', id, leftovers });
    await this.#trackers.configure(desired.trackers);
    return true;
  }

  /** Whoever reads the reports, in the order in which they hear each. */
  #subscribe(): void {
    const routerOf = (key: string): RouterIdentity | undefined => this.#routers.get(key);
    this.#reports.subscribe((report) => this.#write(logEntries(report, routerOf)));
    this.#reports.subscribe((report) => this.#notify(report));
    this.#reports.subscribe((report) => this.#guard.heard(report));
    this.#reports.subscribe((report) => this.#status.heard(report));
    this.#reports.subscribe((report) => this.#heard(report));
  }

  #heard(report: Report): void {
    if (report.kind === 'started' && !this.#started) {
      this.#started = true;
      this.#say('info', 'Startup complete');
    } else if (report.kind === 'operation-failed' && report.error.errno === EPERM && !this.#started) {
      this.#exitStatus = EXIT.permission;
      this.#stop();
    } else if (report.kind === 'prepared') {
      this.#answers.get(report.id)?.(report.problems);
      this.#answers.delete(report.id);
    } else if (report.kind === 'stopped') {
      removeJournal(this.#paths.journal);
    }
  }

  #notify(report: Report): void {
    const name = report.kind === 'observation' ? this.#routers.get(report.router)?.name : undefined;
    this.#notifier.heard(report, name);
    if (name === undefined || report.kind !== 'observation' || report.observation.kind !== 'transition') return;
    const { cause, from } = report.observation;
    // At the end everything is told STOP; what a reload takes away is told here.
    if (cause === 'shutdown' && !this.#stopping) this.#notifier.removed(name, from === 'fault');
  }

  #installSignals(): () => void {
    const listeners: readonly (readonly [NodeJS.Signals, () => void])[] = [
      ['SIGTERM', () => this.#stop()],
      ['SIGINT', () => this.#options.ignoreInterrupt || this.#stop()],
      ['SIGHUP', () => (this.#reloading = this.#reloading.then(() => this.#reload()))],
      ['SIGXCPU', () => this.#guard.exceeded()],
      ['SIGUSR1', () => this.#say('notice', 'SIGUSR1: dumping the state to a file is not supported yet')],
      ['SIGUSR2', () => this.#say('notice', 'SIGUSR2: dumping statistics to a file is not supported yet')],
    ];
    for (const [signal, listener] of listeners) process.on(signal, listener);
    return () => {
      for (const [signal, listener] of listeners) process.off(signal, listener);
    };
  }

  /** A file that cannot be run leaves everything as it is. */
  async #reload(): Promise<void> {
    if (this.#stopping) return;
    this.#say('info', 'Reloading');
    const loaded = load(this.#options, (level, message) => this.#say(level, message));
    this.#status.reloaded(typeof loaded === 'number' ? loaded : undefined);
    if (typeof loaded === 'number') {
      this.#say('error', 'the configuration was not reloaded; the one that runs stays');
      return;
    }
    const isReloaded = await this.#configure(loaded);
    this.#say(
      isReloaded ? 'info' : 'error',
      isReloaded ? 'Reload complete' : 'the configuration was not reloaded; the one that runs stays',
    );
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
      void this.#engine.terminate();
    }, STOP_LIMIT_MS);
    limit.unref();
  }

  #write(entries: readonly LogEntry[]): void {
    for (const entry of entries) this.#logger.write(entry);
  }

  #say(level: LogLevel, message: string): void {
    this.#logger.write({ level, message, fields: {} });
  }
}

function identityOf({ config, channel }: DesiredVirtualRouter): RouterIdentity {
  const { name, vrid, family, version, interface: link } = config;
  return {
    name,
    vrid,
    family,
    version,
    interface: link,
    ...(channel.source === undefined ? {} : { source: channel.source }),
  };
}

function redactSecrets(key: string, value: unknown): unknown {
  return key === 'auth_pass' ? REDACTED : redactHeaders(key, value);
}
