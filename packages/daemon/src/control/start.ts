// From a command line to a daemon that runs, and to its end: each step that can fail has its sentence and its exit status
// (exit-status.ts).
import { release } from 'node:os';
import { createNodeClock } from '@vrrp/trackers';
import { failureText } from '../engine/messages.js';
import type { DaemonLogger } from '../log/logger.js';
import { logEntries } from '../log/sentences.js';
import type { LifecycleEvent, StartEvent, StartObstacle } from '../reports/lifecycle-event.js';
import { ReportStream } from '../reports/report-stream.js';
import type { RouterIdentity } from '../reports/router-identity.js';
import { VERSION } from '../version.js';
import { loadCandidate, type Judged } from './candidate.js';
import { missingCapabilities } from './capabilities.js';
import { REDACTED, redactHeaders } from './configuration.js';
import { Daemon, type Spine } from './daemon.js';
import type { DaemonHost, DaemonOptions } from './daemon-options.js';
import { EXIT } from './exit-status.js';
import { enterNamespace, type Entering } from './namespace.js';
import { anotherDaemon, removePidFile, writePidFile } from './pid-file.js';
import { runtimePaths, type RuntimePaths } from './runtime-paths.js';
import { ENDING_SIGNALS } from './signals.js';

/** Runs until a signal ends it; resolves to the exit status. */
export async function runDaemon(options: DaemonOptions, logger: DaemonLogger, host: DaemonHost): Promise<number> {
  const { judged, namespace, entering } = await judgeInNamespace(options, host);
  const spine = openSpine(logger);
  const tell = (event: LifecycleEvent): void => spine.reports.tell({ kind: 'lifecycle', event });
  tell({ kind: 'starting', version: VERSION, kernel: release(), commandLine: options.commandLine });
  if (entering.kind === 'failed') {
    tell({ kind: 'namespace-refused', namespace: namespace ?? '', reason: entering.reason });
    return EXIT.ok;
  }
  tell({ kind: 'configuration-judged', findings: judged.findings });
  if (judged.kind === 'refused') {
    tell({ kind: 'start-refused', why: 'configuration', reasons: [judged.reason] });
    return judged.status;
  }
  const { candidate } = judged;
  const paths = runtimePaths({ ...options, namespace, instance: candidate.model.instance });
  const obstacle = obstacleTo(paths);
  if (obstacle !== undefined) {
    tell(obstacle.event);
    return obstacle.status;
  }
  if (options.dumpConfig) tell({ kind: 'configuration-dumped', text: JSON.stringify(candidate.model, redactSecrets) });
  const status = (await isToldToEnd(options, host))
    ? EXIT.ok
    : await new Daemon(options, paths, spine, host).run(candidate);
  removePidFile(paths.pid);
  removePidFile(paths.vrrpPid);
  tell({ kind: 'stopped', version: VERSION });
  return status;
}

/** The log hears everything from the first word on; whoever else reads the reports comes with the daemon. */
function openSpine(logger: DaemonLogger): Spine {
  const clock = createNodeClock();
  const reports = new ReportStream(() => clock.now());
  const routers = new Map<string, RouterIdentity>();
  reports.subscribe((report) => {
    for (const entry of logEntries(report, (key) => routers.get(key))) logger.write(entry);
  });
  return { reports, routers };
}

interface JudgedInNamespace {
  readonly judged: Judged;
  readonly namespace: string | undefined;
  readonly entering: Entering;
}

/** Which interfaces and addresses there are depends on the namespace, and the file may name it. */
async function judgeInNamespace(options: DaemonOptions, host: DaemonHost): Promise<JudgedInNamespace> {
  const here: Entering = { kind: 'inside', wasElsewhere: false };
  const given = options.namespace === undefined ? here : enterNamespace(options.namespace);
  const judged = loadCandidate(options.file, options.configId);
  if (options.namespace !== undefined) return { judged, namespace: options.namespace, entering: given };
  const namespace = judged.namespace;
  if (namespace === undefined) return { judged, namespace, entering: here };
  const entering = enterNamespace(namespace);
  if (entering.kind === 'failed' || !entering.wasElsewhere) return { judged, namespace, entering };
  // Only this thread is there: those in which Node.js resolves names are not.
  await host.startAnew();
  return { judged: loadCandidate(options.file, options.configId), namespace, entering };
}

interface Obstacle {
  readonly event: StartEvent;
  readonly status: number;
}

/** What keeps a daemon from running here; the pid files are ours afterwards if nothing does. */
function obstacleTo(paths: RuntimePaths): Obstacle | undefined {
  const other = anotherDaemon(paths.pid, '-p') ?? anotherDaemon(paths.vrrpPid, '-r');
  if (other !== undefined) return obstacle('another-daemon', [other], EXIT.ok);
  const lacks = missingCapabilities();
  if (lacks.length > 0) return obstacle('rights', lacks, EXIT.permission);
  try {
    writePidFile(paths.pid);
    writePidFile(paths.vrrpPid);
    return undefined;
  } catch (error) {
    removePidFile(paths.pid);
    return obstacle('pid-file', [`could not write a pid file: ${failureText(error).message}`], EXIT.fatal);
  }
}

function obstacle(why: StartObstacle, reasons: readonly string[], status: number): Obstacle {
  return { event: { kind: 'start-refused', why, reasons }, status };
}

async function isToldToEnd({ ignoreInterrupt }: DaemonOptions, { signals }: DaemonHost): Promise<boolean> {
  const waiting = await signals.waiting();
  return waiting.some((signal) => ENDING_SIGNALS.has(signal) && !(signal === 'SIGINT' && ignoreInterrupt));
}

function redactSecrets(key: string, value: unknown): unknown {
  return key === 'auth_pass' ? REDACTED : redactHeaders(key, value);
}
