// `vrrpd` without a command: turns keepalived's flags into a running daemon, in the foreground or detached.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { sendUnixDatagram } from '@vrrp/netlink-native';
import { runDaemon } from '../control/daemon.js';
import { EXIT } from '../control/exit-status.js';
import { createLogger, type DaemonLogger } from '../log/logger.js';
import { SYSLOG_FACILITIES } from '../log/syslog.js';
import { daemonNodeFlags } from './node-flags.js';
import { FLAGS } from './keepalived-flags.js';
import type { ParsedFlags } from './parse-flags.js';
import { printError } from './print.js';

const SYSLOG_SOCKET = '/dev/log';
/** keepalived(8), --umask: files of the daemon are for its user alone. */
const DEFAULT_UMASK = 0o177;

export async function run(file: string, flags: ParsedFlags, argv: readonly string[]): Promise<number> {
  const { values } = flags;
  const facility = SYSLOG_FACILITIES[values.get('log-facility') ?? 'daemon'];
  const umask = values.has('umask') ? parseUmask(values.get('umask') ?? '') : DEFAULT_UMASK;
  const format = values.get('log-format') ?? 'text';
  const problem = usageProblem(values, facility, umask, format);
  if (problem !== undefined || facility === undefined || umask === undefined) {
    printError(problem ?? '');
    return EXIT.fatal;
  }
  if (!values.has('dont-fork')) return detach(argv);
  process.umask(umask);
  const logger = createLogger({
    console: !values.has('log-console') ? 'off' : format === 'json' ? 'json' : 'text',
    detail: values.has('log-detail'),
    ...(values.has('no-syslog') ? {} : { syslog: { facility, send: sendToSyslog } }),
  });
  sayWithoutEffect(values, logger);
  return runDaemon({ file, ...daemonOptions(values), commandLine: ['vrrpd', ...argv] }, logger);
}

function daemonOptions(values: ParsedFlags['values']): Omit<Parameters<typeof runDaemon>[0], 'file' | 'commandLine'> {
  const given = (key: string, flag: string): Record<string, string> => {
    const value = values.get(flag);
    return value === undefined ? {} : { [key]: value };
  };
  return {
    ...given('configId', 'config-id'),
    ...given('namespace', 'namespace'),
    ...given('pidFile', 'pid'),
    ...given('vrrpPidFile', 'vrrp_pid'),
    keepAddresses: values.has('dont-release-vrrp'),
    dumpConfig: values.has('dump-conf'),
    ignoreInterrupt: values.has('ignore-sigint'),
  };
}

function usageProblem(
  values: ParsedFlags['values'],
  facility: number | undefined,
  umask: number | undefined,
  format: string,
): string | undefined {
  if (facility === undefined) return `Invalid log facility '${values.get('log-facility') ?? ''}'`;
  if (umask === undefined) return `Invalid umask '${values.get('umask') ?? ''}'`;
  if (format !== 'text' && format !== 'json') return `Invalid log format '${format}': it is text or json`;
  return undefined;
}

/** Octal with a leading 0, hexadecimal with 0x, else decimal, as strtol(3) base 0; undefined when it is no mask. */
export function parseUmask(text: string): number | undefined {
  const value = /^0[0-7]+$/.test(text)
    ? Number.parseInt(text, 8)
    : /^(0x[0-9a-f]+|\d+)$/i.test(text)
      ? Number(text)
      : NaN;
  return value >= 0 && value <= 0o777 ? value : undefined;
}

/** A daemon of its own session, without this terminal; like keepalived's parent we answer 0 as soon as it runs. */
async function detach(argv: readonly string[]): Promise<number> {
  const program = process.argv[1];
  if (program === undefined) return EXIT.fatal;
  const child = spawn(process.execPath, [...daemonNodeFlags(), program, '--dont-fork', ...argv], {
    detached: true,
    stdio: 'ignore',
  });
  const [error] = await Promise.race([once(child, 'error'), once(child, 'spawn')]);
  if (error !== undefined) {
    printError(`could not start the daemon: ${String(error)}`);
    return EXIT.fatal;
  }
  child.unref();
  return EXIT.ok;
}

function sayWithoutEffect(values: ParsedFlags['values'], logger: DaemonLogger): void {
  for (const flag of FLAGS) {
    if (flag.without === undefined || !values.has(flag.long)) continue;
    logger.write({
      level: 'notice',
      message: `--${flag.long} has no effect: ${flag.without}`,
      fields: { flag: flag.long },
    });
  }
}

function sendToSyslog(datagram: Uint8Array): void {
  try {
    sendUnixDatagram(SYSLOG_SOCKET, datagram);
  } catch {
    // No syslog on this machine (a container), or it is busy: a router does not stop for its log.
  }
}
