// `-t` and `check`: the same path as a run up to the engine, and every finding with its place.
import { openSync, writeSync } from 'node:fs';
import { renderDiagnostics } from '@vrrp/conf-parser';
import { loadConfiguration } from '../control/configuration.js';
import { EXIT } from '../control/exit-status.js';
import { whyMissing } from '../control/main-files.js';
import { failureText } from '../engine/messages.js';
import { planFindings } from '../plan/plan.js';
import { printError } from './print.js';

/** keepalived's class "file not found". */
const STATUS_FILE_NOT_FOUND = 4;

export interface ConfigTestOptions {
  readonly file: string;
  readonly configId: string | undefined;
  /** This thread has entered the network namespace of the command line. */
  readonly isInside: boolean;
  readonly say: (text: string) => void;
  /** -e: a missing main file is an error. */
  readonly mustExist: boolean;
}

export type TestLog =
  | { readonly kind: 'open'; readonly say: (text: string) => void }
  /** With what the program ends. */
  | { readonly kind: 'unusable'; readonly status: number };

/** Where the messages of a test go: onto standard error without a file. Opened before anything else is looked at. */
export function openTestLog(path: string): TestLog {
  if (path === '') return { kind: 'open', say: printError };
  let descriptor: number;
  try {
    descriptor = openSync(path, 'a', LOG_FILE_MODE);
  } catch (error) {
    const { errno = 0, message } = failureText(error);
    printError(`Unable to open config-test log file ${path} ${errno} - ${reasonOf(message)}`);
    return { kind: 'unusable', status: EXIT.fatal };
  }
  const say = (text: string): void => {
    try {
      writeSync(descriptor, `${text}\n`);
    } catch {
      // A full disk: what was found is not lost.
      printError(text);
    }
  };
  return { kind: 'open', say };
}

/** keepalived's umask: the log is its user's alone. */
const LOG_FILE_MODE = 0o600;

/** Of `ENOENT: no such file or directory, open 'FILE'`, what strerror(3) says. */
function reasonOf(message: string): string {
  const words = /^\w+: ([^,]+)/.exec(message)?.[1] ?? message;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** keepalived(8), --config-test: 0, 2, 4, 5 or 6. Nothing is changed and no script is run. */
export function testConfiguration(options: ConfigTestOptions): number {
  const purpose = options.isInside ? 'report-inside' : 'report';
  const loaded = loadConfiguration(options.file, options.configId, purpose);
  const { say } = options;
  if (loaded.missing) {
    say(whyMissing(options.file));
    return options.mustExist ? STATUS_FILE_NOT_FOUND : 0;
  }
  if (loaded.several !== undefined) say(loaded.several);
  if (loaded.text !== '') say(loaded.text);
  const findings = planFindings(loaded.parsed);
  if (findings.length > 0) say(renderDiagnostics(findings, loaded.parsed.files).trimEnd());
  return loaded.testStatus;
}
