// `vrrpd check FILE…`: every finding with its place, as text, JSON or SARIF. One file is judged as `-t` judges it; several
// are the nodes of one cluster, judged side by side and without asking what exists on this machine.
import { checkNodes, exitStatus, renderDiagnostics, type Diagnostic, type SourceFile } from '@vrrp/conf-parser';
import { loadConfiguration, type LoadedConfiguration } from '../control/configuration.js';
import { planFindings } from '../plan/plan.js';
import { findingsOf, sarifOf } from './finding-report.js';
import { printError, printLine } from './print.js';

const STATUS_FILE_NOT_FOUND = 4;
/** keepalived's class of any other configuration error. */
const STATUS_ERROR = 5;
/** Several files end with the gravest of their statuses, in keepalived's order. */
const GRAVEST_FIRST = [2, 6, STATUS_ERROR, STATUS_FILE_NOT_FOUND];

export interface CheckOptions {
  readonly format: 'text' | 'json' | 'sarif';
  /** Every warning counts. */
  readonly strict: boolean;
  readonly configId: string | undefined;
}

/** 0, 2, 4, 5 or 6 as keepalived's `-t`; a file that is not there is 4. */
export function checkFiles(paths: readonly string[], options: CheckOptions): number {
  const purpose = paths.length > 1 ? 'elsewhere' : 'report';
  const loaded = paths.map((path) => loadConfiguration(path, options.configId, purpose));
  const judged = loaded.map((one) => ({ ...one, findings: planFindings(one.parsed) }));
  const between = checkNodes(loaded.map(({ parsed }) => parsed));
  const diagnostics = [...judged.flatMap(({ parsed, findings }) => [...parsed.diagnostics, ...findings]), ...between];
  show(diagnostics, loaded, options);
  const statuses = new Set([...judged.map((one) => statusOf(one, options)), statusBetween(between, options)]);
  return GRAVEST_FIRST.find((status) => statuses.has(status)) ?? 0;
}

function show(diagnostics: readonly Diagnostic[], loaded: readonly LoadedConfiguration[], options: CheckOptions): void {
  const files: readonly SourceFile[] = loaded.flatMap(({ parsed }) => parsed.files);
  if (options.format === 'json') printLine(JSON.stringify(findingsOf(diagnostics, files), null, 2));
  else if (options.format === 'sarif') printLine(JSON.stringify(sarifOf(diagnostics, files), null, 2));
  else {
    const text = renderDiagnostics(diagnostics, files);
    if (text !== '') printError(text.trimEnd());
  }
}

interface JudgedConfiguration extends LoadedConfiguration {
  readonly findings: readonly Diagnostic[];
}

function statusOf({ parsed, findings, missing, testStatus }: JudgedConfiguration, { strict }: CheckOptions): number {
  if (missing) return STATUS_FILE_NOT_FOUND;
  return strict ? exitStatus({ diagnostics: [...parsed.diagnostics, ...findings] }, 'strict') : testStatus;
}

function statusBetween(between: readonly Diagnostic[], { strict }: CheckOptions): number {
  return between.some(({ severity }) => severity === 'error' || (strict && severity === 'warning')) ? STATUS_ERROR : 0;
}
