// What SIGHUP does: the file is judged anew, and its configuration takes the place of the one that runs, or is refused with
// the reason that the log and `vrrpd status` give. Nothing that it meets ends the daemon.
import { failureText } from '../engine/messages.js';
import type { LogLevel } from '../log/entry.js';
import type { Candidate, Judged } from './candidate.js';
import type { RunningConfiguration } from './running-configuration.js';
import type { StatusService } from './status/status-service.js';

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
  readonly status: Pick<StatusService, 'reloaded'>;
  say(level: LogLevel, message: string): void;
}

/** Resolves when the new configuration runs, or the old one stays. */
export async function reload(ports: ReloadPorts): Promise<void> {
  const { say, status } = ports;
  say('info', 'Reloading');
  const refusal = await attempt(ports);
  status.reloaded(refusal);
  if (refusal === undefined) say('info', 'Reload complete');
  else say('error', `the configuration was not reloaded; the one that runs stays: ${refusal}`);
}

async function attempt(ports: ReloadPorts): Promise<string | undefined> {
  const { judge, test, strict, running, say } = ports;
  const judged = attemptTo(judge);
  for (const line of judged.findings) say('warning', line);
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
