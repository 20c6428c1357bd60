// From a file to what could run: parsed and planned, or refused with the reason that is logged and told. Changes nothing.
import { uptime } from 'node:os';
import { positionAt, renderDiagnostics, type Config, type Diagnostic, type ParsedConfig } from '@vrrp/conf-parser';
import type { Desired } from '../plan/desired.js';
import type { DesiredNotifications } from '../plan/notifications.js';
import { planConfig } from '../plan/plan.js';
import { placeAt, placedFindings, type FindingPlace, type PlacedFinding } from '../reports/placed-finding.js';
import { loadConfiguration, type LoadedConfiguration } from './configuration.js';
import { EXIT } from './exit-status.js';
import { whyMissing } from './main-files.js';

export interface Candidate {
  readonly model: Config;
  readonly desired: Desired;
  readonly notifications: DesiredNotifications;
  /** What of it is left out, and what has no effect. */
  readonly findings: readonly PlacedFinding[];
  /** Why instances of the file are left out, each with its place. */
  readonly problems: readonly string[];
  /** Where an instance of the file is, by its name. */
  readonly instancePlace: (name: string) => FindingPlace | null;
}

/** `reason` is a sentence that names the place; `status` is what a start with this file ends with. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
}

/** `findings` are lines for the log, each with its place. */
export type Judged = {
  readonly findings: readonly string[];
  /** The network namespace that the file asks for. */
  readonly namespace?: string | undefined;
} & ({ readonly kind: 'runnable'; readonly candidate: Candidate } | ({ readonly kind: 'refused' } & Refusal));

/** Never throws for what is in the file, or for what it names. */
export function loadCandidate(file: string, configId: string | undefined): Judged {
  return judge(file, loadConfiguration(file, configId, 'run'));
}

function judge(file: string, { parsed, missing, several, text }: LoadedConfiguration): Judged {
  if (missing) return { kind: 'refused', findings: [], status: EXIT.noConfiguration, reason: whyMissing(file) };
  const findings = [...(several === undefined ? [] : [several]), ...linesOf(text)];
  const { model } = parsed;
  const namespace = model?.net_namespace;
  if (model === undefined || parsed.refused) return { ...refusedBy(parsed), findings, namespace };
  const { placeOf, files } = parsed;
  const { desired, findings: leftOut, notifications } = planConfig(model, { uptime: uptime(), placeOf });
  const all = [...findings, ...linesOf(renderDiagnostics(leftOut, files))];
  const problems = leftOut.filter(({ severity }) => severity === 'error').map((finding) => placed(finding, parsed));
  if (model.vrrp_instance.length > 0 && desired.virtualRouters.length === 0) {
    const reason = `no instance of ${file} can be run: ${problems.join('; ')}`;
    return { kind: 'refused', findings: all, namespace, status: EXIT.configuration, reason };
  }
  const instancePlace = (name: string): FindingPlace | null =>
    placeAt(placeOf({ block: 'vrrp_instance', name }), files);
  const candidate = {
    model,
    desired,
    notifications,
    findings: placedFindings(leftOut, files),
    problems,
    instancePlace,
  };
  return { kind: 'runnable', findings: all, namespace, candidate };
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

function refusedBy(parsed: ParsedConfig): { readonly kind: 'refused' } & Refusal {
  const fatal = parsed.diagnostics.find((diagnostic) => diagnostic.fatal === true);
  const reason = fatal === undefined ? 'the file cannot be run' : placed(fatal, parsed);
  return { kind: 'refused', status: EXIT.configuration, reason };
}

/** `FILE:LINE: what is wrong`. */
function placed({ span, summary }: Diagnostic, { files }: Pick<ParsedConfig, 'files'>): string {
  const file = files.find(({ path }) => path === span.file);
  return file === undefined ? summary : `${span.file}:${positionAt(file, span.start).line}: ${summary}`;
}
