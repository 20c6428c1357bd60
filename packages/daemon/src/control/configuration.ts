// From a file name to what should run: parse, judge, plan. `-t`, `check`, `run` and reload all come through here, so that
// what the test says is what the daemon does.
import { hostname } from 'node:os';
import { exitStatus, parseConfig, renderDiagnostics, type ParsedConfig, type SystemFacts } from '@vrrp/conf-parser';
import { mainFiles } from './main-files.js';
import { inspectScript } from './script-inspection.js';
import { fileSystemLoader, namespaceExists, systemFacts } from './source-loader.js';

export interface LoadedConfiguration {
  readonly parsed: ParsedConfig;
  /** Every diagnostic with its place, ready to print; '' when there is none. */
  readonly text: string;
  /** The main file cannot be read. */
  readonly missing: boolean;
  /** keepalived's sentence for a name that matches several files. */
  readonly several: string | undefined;
  /** What keepalived's `-t` would exit with. */
  readonly testStatus: number;
}

/**
 * @param purpose `run`: a script that is not there, or cannot be run, stays and fails (a check that cannot be run is no
 *   healthy one); `report`: it is left out of the model, as keepalived does; `report-inside`: the same in the network
 *   namespace of -s, whatever one the file asks for; `elsewhere`: the file is another machine's, so this one is
 *   not asked what exists.
 * @param configId what `@id` lines are compared with; keepalived takes the host name up to its first dot.
 */
export function loadConfiguration(file: string, configId: string | undefined, purpose: Purpose): LoadedConfiguration {
  const id = configId ?? hostname().split('.')[0] ?? '';
  const paths = mainFiles(file);
  const parsed = parseConfig(paths, fileSystemLoader, {
    configId: id,
    facts: FACTS[purpose],
  });
  return {
    parsed,
    missing: parsed.files.length === 0,
    several:
      paths.length > 1
        ? `WARNING, multiple configuration file matches of ${file}, starting with ${paths[0] ?? ''}`
        : undefined,
    text: parsed.diagnostics.length === 0 ? '' : renderDiagnostics(parsed.diagnostics, parsed.files),
    testStatus: exitStatus(parsed, 'keepalived'),
  };
}

type Purpose = 'run' | 'report' | 'report-inside' | 'elsewhere';

/** keepalived.conf(5), script_user. */
const DEFAULT_SCRIPT_USER = 'keepalived_script';

// COMPAT: keepalived goes on without a script it cannot find, as if nothing was checked. See docs/compatibility.md.
const runFacts: SystemFacts = {
  ...systemFacts,
  inspectScript: (command) => {
    const found = inspectScript(command);
    return found.kind === 'missing' || found.kind === 'not-executable' ? { kind: 'usable' } : found;
  },
  // Whoever runs as somebody who is not there fails with that reason. Whether there is a default user is the machine's say.
  userExists: (name) => name !== DEFAULT_SCRIPT_USER || (systemFacts.userExists?.(name) ?? true),
};

const FACTS: Readonly<Record<Purpose, SystemFacts>> = {
  run: runFacts,
  report: { ...systemFacts, namespaceExists },
  'report-inside': systemFacts,
  elsewhere: {},
};

export const REDACTED = '********';

/** For JSON.stringify: values of a webhook's headers are secrets, and nothing that keepalived ever showed. */
export function redactHeaders(key: string, value: unknown): unknown {
  if (key !== 'headers' || !Array.isArray(value)) return value;
  return value.map((header: object) => ({ ...header, value: REDACTED }));
}
