// `-t` and `check`: the same path as a run up to the engine, and every finding with its place.
import { appendFileSync } from 'node:fs';
import { renderDiagnostics } from '@vrrp/conf-parser';
import { loadConfiguration } from '../control/configuration.js';
import { planFindings } from '../plan/plan.js';
import { printError } from './print.js';

/** keepalived's class "file not found". */
const STATUS_FILE_NOT_FOUND = 4;

export interface ConfigTestOptions {
  readonly file: string;
  readonly configId: string | undefined;
  /** This thread has entered the network namespace of the command line. */
  readonly isInside: boolean;
  readonly logFile: string | undefined;
  /** -e: a missing main file is an error. */
  readonly mustExist: boolean;
}

/** keepalived(8), --config-test: 0, 2, 4, 5 or 6. Nothing is changed and no script is run. */
export function testConfiguration(options: ConfigTestOptions): number {
  const purpose = options.isInside ? 'report-inside' : 'report';
  const loaded = loadConfiguration(options.file, options.configId, purpose);
  const say = (text: string): void => {
    if (options.logFile === undefined) printError(text);
    else appendFileSync(options.logFile, `${text}\n`);
  };
  if (loaded.missing) {
    say(`Config files missing '${options.file}'.`);
    return options.mustExist ? STATUS_FILE_NOT_FOUND : 0;
  }
  if (loaded.text !== '') say(loaded.text);
  const findings = planFindings(loaded.parsed);
  if (findings.length > 0) say(renderDiagnostics(findings, loaded.parsed.files).trimEnd());
  return loaded.testStatus;
}
