// From a command line to a daemon that runs, and to its end: each step that can fail has its sentence and its exit status
// (exit-status.ts).
import { release } from 'node:os';
import { failureText } from '../engine/messages.js';
import type { LogLevel } from '../log/entry.js';
import type { DaemonLogger } from '../log/logger.js';
import { VERSION } from '../version.js';
import { loadCandidate, type Judged } from './candidate.js';
import { missingCapabilities } from './capabilities.js';
import { REDACTED, redactHeaders } from './configuration.js';
import { Daemon } from './daemon.js';
import type { DaemonHost, DaemonOptions } from './daemon-options.js';
import { EXIT } from './exit-status.js';
import { enterNamespace, type Entering } from './namespace.js';
import { anotherDaemon, removePidFile, writePidFile } from './pid-file.js';
import { runtimePaths, type RuntimePaths } from './runtime-paths.js';
import { ENDING_SIGNALS } from './signals.js';

type Say = (level: LogLevel, message: string) => void;

/** Runs until a signal ends it; resolves to the exit status. */
export async function runDaemon(options: DaemonOptions, logger: DaemonLogger, host: DaemonHost): Promise<number> {
  const { judged, namespace, entering } = await judgeInNamespace(options, host);
  const say: Say = (level, message) => logger.write({ level, message, fields: {} });
  say('info', `Starting vrrpd v${VERSION}`);
  say('info', `Running on Linux ${release()}`);
  say('info', `Command line: ${options.commandLine.map((word) => `'${word}'`).join(' ')}`);
  if (entering.kind === 'failed') {
    say('error', `Unable to set network namespace ${namespace} - exiting: ${entering.reason}`);
    return EXIT.ok;
  }
  for (const line of judged.findings) say('warning', line);
  if (judged.kind === 'refused') {
    say('error', judged.reason);
    return judged.status;
  }
  const { candidate } = judged;
  const paths = runtimePaths({ ...options, namespace, instance: candidate.model.instance });
  const obstacle = obstacleTo(paths);
  if (obstacle !== undefined) {
    for (const sentence of obstacle.sentences) say(obstacle.level, sentence);
    return obstacle.status;
  }
  if (options.dumpConfig) say('info', JSON.stringify(candidate.model, redactSecrets));
  const status = (await isToldToEnd(options, host))
    ? EXIT.ok
    : await new Daemon(options, paths, logger, host).run(candidate);
  removePidFile(paths.pid);
  removePidFile(paths.vrrpPid);
  say('info', `Stopped vrrpd v${VERSION}`);
  return status;
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
  readonly level: LogLevel;
  readonly sentences: readonly string[];
  readonly status: number;
}

/** What keeps a daemon from running here; the pid files are ours afterwards if nothing does. */
function obstacleTo(paths: RuntimePaths): Obstacle | undefined {
  const other = anotherDaemon(paths.pid, '-p') ?? anotherDaemon(paths.vrrpPid, '-r');
  if (other !== undefined) return { level: 'notice', sentences: [other], status: EXIT.ok };
  const lacks = missingCapabilities();
  if (lacks.length > 0) return { level: 'error', sentences: lacks, status: EXIT.permission };
  try {
    writePidFile(paths.pid);
    writePidFile(paths.vrrpPid);
    return undefined;
  } catch (error) {
    removePidFile(paths.pid);
    const sentence = `could not write a pid file: ${failureText(error).message}`;
    return { level: 'error', sentences: [sentence], status: EXIT.fatal };
  }
}

async function isToldToEnd({ ignoreInterrupt }: DaemonOptions, { signals }: DaemonHost): Promise<boolean> {
  const waiting = await signals.waiting();
  return waiting.some((signal) => ENDING_SIGNALS.has(signal) && !(signal === 'SIGINT' && ignoreInterrupt));
}

function redactSecrets(key: string, value: unknown): unknown {
  return key === 'auth_pass' ? REDACTED : redactHeaders(key, value);
}
