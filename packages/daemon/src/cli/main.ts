// The command line: vrrpd's own commands when the first word names one, else keepalived's flags. Returns the exit status.
// Each way loads only what it needs: a check needs no addon and no logger, a daemon that starts needs no yargs.
import { EXIT } from '../control/exit-status.js';
import { Signals } from '../control/signals.js';
import type * as ConfigTest from './config-test.js';
import { HELD_MARK } from './held-mark.js';
import { loadPrecompiled } from './precompiled.js';
import { parseFlags, type ParsedFlags } from './parse-flags.js';
import { signalNumber } from './signal-numbers.js';
import { printError, printLine } from './print.js';
import { readyHandover } from './ready-descriptor.js';

const DEFAULT_FILE = '/etc/keepalived/keepalived.conf';

/** @param program the file that this process runs, to be started anew where a daemon needs it; not, when left out. */
export async function main(argv: readonly string[], program?: string): Promise<number> {
  const [first] = argv;
  if (first !== undefined && !first.startsWith('-')) {
    const { runCommand } = await import('./commands.js');
    return runCommand(argv);
  }
  const flags = parseFlags(argv);
  if (flags.problem !== undefined) {
    printError(flags.problem);
    printError("Try 'vrrpd --help'.");
    return EXIT.fatal;
  }
  return (await answerQuestion(flags)) ?? (await runFlags(flags, argv, program));
}

/** Flags that only ask for something. */
async function answerQuestion({ values }: ParsedFlags): Promise<number | undefined> {
  const signal = values.get('signum');
  if (values.has('version') || values.has('help')) {
    const { helpText, versionText } = await import('./help.js');
    printError(values.has('version') ? versionText() : helpText());
    return EXIT.ok;
  }
  return signal === undefined ? undefined : printSignal(signal);
}

function printSignal(name: string): number {
  const number = signalNumber(name);
  if (number === undefined) {
    printError(`Unknown sigfunc ${name}`);
    return EXIT.fatal;
  }
  printLine(String(number));
  return EXIT.ok;
}

/** The signals come first: from then on none ends a daemon that should live, or is lost. */
async function startDaemon(
  file: string,
  flags: ParsedFlags,
  argv: readonly string[],
  program: string | undefined,
): Promise<number> {
  if (!flags.values.has('dont-fork')) {
    const { runDetached } = await import('./detach.js');
    return runDetached(flags, argv, program);
  }
  const early = process.env[HELD_MARK] === undefined ? new Signals() : undefined;
  const { becomeDaemonProcess, takeHeldSignals } = await import('./daemon-process.js');
  const signals = early ?? takeHeldSignals();
  const namespace = flags.values.get('namespace');
  if (program !== undefined) await becomeDaemonProcess({ program, signals, namespace, ...readyHandover() });
  const { run } = await import('./run.js');
  return run(file, flags, argv, signals, program);
}

async function runFlags(flags: ParsedFlags, argv: readonly string[], program: string | undefined): Promise<number> {
  if (flags.words.length > 0) printLine(`Unexpected argument(s): ${flags.words.join(' ')}`);
  const { values } = flags;
  const file = values.get('use-file') ?? DEFAULT_FILE;
  const logFile = values.get('config-test');
  if (logFile === undefined) return startDaemon(file, flags, argv, program);
  return testFile(file, logFile, flags);
}

/** `-t`: keepalived opens the log first, then judges the other flags, then looks at the file. */
async function testFile(file: string, logFile: string, { values }: ParsedFlags): Promise<number> {
  const { openTestLog, testConfiguration } =
    loadPrecompiled<typeof ConfigTest>(new URL('./config-test.script.js', import.meta.url)) ??
    (await import('./config-test.js'));
  const log = openTestLog(logFile);
  if (log.kind === 'unusable') return log.status;
  if (values.has('log-facility') || values.has('umask')) {
    const { runOptions } = await import('./run-options.js');
    runOptions({ values }).remarks.forEach(log.say);
  }
  const namespace = values.get('namespace');
  if (namespace !== undefined) {
    const { enterTestNamespace } = await import('./test-namespace.js');
    // keepalived's test looks at no file then, and ends with 0.
    if (!enterTestNamespace(namespace)) return EXIT.ok;
  }
  return testConfiguration({
    file,
    configId: values.get('config-id'),
    isInside: namespace !== undefined,
    say: log.say,
    mustExist: values.has('all-config'),
  });
}
