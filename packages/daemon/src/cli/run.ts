// `vrrpd -n`: turns keepalived's flags into a running daemon, in this process.
import { sendUnixDatagram } from '@vrrp/netlink-native';
import type { DaemonOptions } from '../control/daemon-options.js';
import { runDaemon } from '../control/start.js';
import { EXIT } from '../control/exit-status.js';
import type { Signals } from '../control/signals.js';
import { createLogger, type DaemonLogger } from '../log/logger.js';
import { startAnew } from './daemon-process.js';
import { readyHandover, readySignal } from './ready-descriptor.js';
import { FLAGS } from './keepalived-flags.js';
import type { ParsedFlags } from './parse-flags.js';
import { printError } from './print.js';
import { runOptions } from './run-options.js';

const SYSLOG_SOCKET = '/dev/log';

/** @param program the file that this process runs, when it may start anew. */
export async function run(
  file: string,
  flags: ParsedFlags,
  argv: readonly string[],
  signals: Signals,
  program: string | undefined,
): Promise<number> {
  const { values } = flags;
  const options = runOptions(flags);
  if (!options.ok) {
    printError(options.problem);
    return EXIT.fatal;
  }
  process.umask(options.umask);
  const logger = createLogger({
    console: options.console,
    detail: values.has('log-detail'),
    ...(values.has('no-syslog') ? {} : { syslog: { facility: options.facility, send: sendToSyslog } }),
  });
  for (const message of options.remarks) logger.write({ level: 'warning', message, fields: {} });
  sayWithoutEffect(values, logger);
  const handover = readyHandover();
  return runDaemon({ file, ...daemonOptions(values), commandLine: ['vrrpd', ...argv] }, logger, {
    signals,
    ready: readySignal(),
    startAnew: async () => {
      if (program !== undefined) await startAnew({ program, signals, ...handover });
    },
  });
}

function daemonOptions(values: ParsedFlags['values']): Omit<DaemonOptions, 'file' | 'commandLine'> {
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
    reloadStrict: values.has('reload-strict'),
  };
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

function sendToSyslog(datagram: Uint8Array): boolean {
  try {
    sendUnixDatagram(SYSLOG_SOCKET, datagram);
    return true;
  } catch {
    // No syslog on this machine (a container), or it is busy: a router does not stop for its log.
    return false;
  }
}
