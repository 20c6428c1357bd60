// What SIGHUP does: the file is judged anew, and its configuration takes the place of the one that runs, or is refused with
// the reason that is reported, for the log and `vrrpd status`. Nothing that it meets ends the daemon.
import { failureText } from '../engine/messages.js';
import type { RunEvent } from '../reports/lifecycle-event.js';
import type { Candidate, Judged } from './candidate.js';
import type { RunningConfiguration } from './running-configuration.js';

export interface ReloadPorts {
  /** Reads and judges the file. */
  judge(): Judged;
  /** The status that a test of the file ends with (reload_check_config, --reload-strict). */
  test(): number;
  /** --reload-strict: a file with an error is not taken. */
  readonly strict: boolean;
  /** -s: whatever the file says of a namespace counts for nothing. */
  readonly namespaceIsGiven: boolean;
  readonly running: Pick<RunningConfiguration, 'replace' | 'current'>;
  tell(event: RunEvent): void;
}

/** Resolves when the new configuration runs, or the old one stays. */
export async function reload(ports: ReloadPorts): Promise<void> {
  ports.tell({ kind: 'reloading' });
  const refusal = await attempt(ports);
  ports.tell(refusal === undefined ? { kind: 'reload-complete' } : { kind: 'reload-refused', reason: refusal });
}

async function attempt(ports: ReloadPorts): Promise<string | undefined> {
  const { judge, test, strict, running, tell } = ports;
  const judged = attemptTo(judge);
  tell({ kind: 'configuration-judged', findings: judged.findings });
  if (judged.kind === 'refused') return judged.reason;
  const { candidate } = judged;
  const unchangeable = running.current === undefined ? undefined : unchangeableIn(running.current, candidate, ports);
  if (unchangeable !== undefined) return unchangeable;
  const testStatus = strict ? test() : 0;
  if (testStatus !== 0) return `a test of the file ends with status ${testStatus}`;
  return running.replace(candidate);
}

/** What nobody foresaw is a refusal, too: the configuration that runs has not been touched yet. */
function attemptTo(judge: () => Judged): Judged {
  try {
    return judge();
  } catch (error) {
    return { kind: 'refused', findings: [], status: 1, reason: failureText(error).message };
  }
}

/** keepalived's sentences. What is decided at the start, and what would take away an instance that runs. */
function unchangeableIn(current: Candidate, next: Candidate, { namespaceIsGiven }: ReloadPorts): string | undefined {
  const [old, young] = [current.model, next.model];
  if (!namespaceIsGiven && old.net_namespace !== young.net_namespace) {
    return 'Cannot change network namespace at a reload - please restart vrrpd';
  }
  if (old.instance !== young.instance) return 'Cannot change instance name at a reload - please restart vrrpd';
  const runs = new Set(current.desired.virtualRouters.map(({ config }) => config.name));
  const willRun = new Set(next.desired.virtualRouters.map(({ config }) => config.name));
  const lost = next.model.vrrp_instance.find(({ name }) => runs.has(name) && !willRun.has(name));
  if (lost === undefined) return undefined;
  const why = next.problems.find((problem) => problem.includes(lost.name)) ?? 'it cannot be run';
  return `instance ${lost.name} runs, and would not with this file: ${why}`;
}
