// What happens to the daemon as a whole -> log lines. Those of the start, a reload and the end are keepalived's, with our name.
import { MICROS_PER_SECOND } from '@vrrp/state-machine';
import { assertNever } from '../assert-never.js';
import type { LifecycleEvent, RunEvent, StartEvent, StopEvent } from '../reports/lifecycle-event.js';
import type { LogEntry, LogLevel } from './entry.js';

type Line = readonly [level: LogLevel, message: string];

export function lifecycleEntries(event: LifecycleEvent): readonly LogEntry[] {
  return linesOf(event).map(([level, message]) => ({ level, message, fields: { event: event.kind } }));
}

function linesOf(event: LifecycleEvent): readonly Line[] {
  switch (event.kind) {
    case 'starting':
    case 'namespace-refused':
    case 'start-refused':
    case 'configuration-dumped':
    case 'configuration-taken':
    case 'instance-refused':
    case 'start-complete':
    case 'start-failed':
      return startLines(event);
    case 'stopping':
    case 'engine-stuck':
    case 'addresses-released':
    case 'release-failed':
    case 'stopped':
      return stopLines(event);
    default:
      return runLines(event);
  }
}

function startLines(event: StartEvent): readonly Line[] {
  switch (event.kind) {
    case 'starting':
      return [
        ['info', `Starting vrrpd v${event.version}`],
        ['info', `Running on Linux ${event.kernel}`],
        ['info', `Command line: ${event.commandLine.map((word) => `'${word}'`).join(' ')}`],
      ];
    case 'namespace-refused':
      return [['error', `Unable to set network namespace ${event.namespace} - exiting: ${event.reason}`]];
    case 'start-refused': {
      const level = event.why === 'another-daemon' ? 'notice' : 'error';
      return event.reasons.map((reason): Line => [level, reason]);
    }
    case 'configuration-dumped':
      return [['info', event.text]];
    case 'configuration-taken':
      return takenLines(event);
    case 'instance-refused':
      return [['error', event.reason]];
    case 'start-complete':
      return [['info', 'Startup complete']];
    case 'start-failed':
      return [['error', `vrrpd could not start: ${event.reason}`]];
    default:
      return assertNever(event);
  }
}

/** When virtual routers wait before they begin, nobody should look for a fault. keepalived.conf(5), "vrrp_startup_delay". */
function takenLines(event: StartEvent & { readonly kind: 'configuration-taken' }): readonly Line[] {
  const { virtualRouters, startupDelay } = event;
  const none: readonly Line[] = virtualRouters === 0 ? [['notice', 'vrrpd has no configuration to run']] : [];
  if (startupDelay === 0) return none;
  return [...none, ['info', `Delaying startup for ${startupDelay / MICROS_PER_SECOND} seconds`]];
}

function runLines(event: RunEvent): readonly Line[] {
  switch (event.kind) {
    case 'configuration-judged':
      return event.findings.map((line): Line => ['warning', line]);
    case 'reloading':
      return [['info', 'Reloading']];
    case 'reload-complete':
      return [['info', 'Reload complete']];
    case 'reload-refused':
      return [['error', `the configuration was not reloaded; the one that runs stays: ${event.reason}`]];
    case 'processes-polled': {
      const why = `because there are no process events: ${event.reason}`;
      return [['notice', `processes are looked at every second, ${why}`]];
    }
    case 'journal-not-written':
      return [['warning', `could not write ${event.path}: ${event.error.message}`]];
    case 'signal-unsupported': {
      const what = event.signal === 'SIGUSR1' ? 'the state' : 'statistics';
      return [['notice', `${event.signal}: dumping ${what} to a file is not supported yet`]];
    }
    case 'crashed':
      return [['error', `vrrpd failed: ${event.reason}`]];
    default:
      return assertNever(event);
  }
}

function stopLines(event: StopEvent): readonly Line[] {
  switch (event.kind) {
    case 'stopping':
      return [['info', 'Stopping']];
    case 'engine-stuck':
      return [['error', `the engine did not stop within ${event.limit} ms; ending it`]];
    case 'addresses-released': {
      const { removed, kept } = event;
      const gone: readonly Line[] =
        removed.length === 0 ? [] : [['notice', `removed ${removed.join(', ')} without a farewell`]];
      return [...gone, ...kept.map((one): Line => ['error', `could not remove ${one}`])];
    }
    case 'release-failed':
      return [['error', `addresses may be left behind: ${event.error.message}`]];
    case 'stopped':
      return [['info', `Stopped vrrpd v${event.version}`]];
    default:
      return assertNever(event);
  }
}
