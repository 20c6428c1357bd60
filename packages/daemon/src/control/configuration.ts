// From a file name to what should run: parse, judge, plan. `-t`, `check`, `run` and reload all come through here, so that
// what the test says is what the daemon does.
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { exitStatus, parseConfig, renderDiagnostics, type ParsedConfig } from '@vrrp/conf-parser';
import { fileSystemLoader, systemFacts } from './source-loader.js';

export interface LoadedConfiguration {
  readonly parsed: ParsedConfig;
  /** Every diagnostic with its place, ready to print; '' when there is none. */
  readonly text: string;
  /** The main file cannot be read. */
  readonly missing: boolean;
  /** What keepalived's `-t` would exit with. */
  readonly testStatus: number;
}

/** @param configId what `@id` lines are compared with; keepalived takes the host name up to its first dot. */
export function loadConfiguration(file: string, configId: string | undefined): LoadedConfiguration {
  const id = configId ?? hostname().split('.')[0] ?? '';
  const parsed = parseConfig(resolve(file), fileSystemLoader, { configId: id, facts: systemFacts });
  return {
    parsed,
    missing: parsed.files.length === 0,
    text: parsed.diagnostics.length === 0 ? '' : renderDiagnostics(parsed.diagnostics, parsed.files),
    testStatus: exitStatus(parsed, 'keepalived'),
  };
}
