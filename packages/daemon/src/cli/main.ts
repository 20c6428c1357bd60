// The command line: vrrpd's own commands when the first word names one, else keepalived's flags. Returns the exit status.
// Each way loads only what it needs: a check needs no addon and no logger, a daemon that starts needs no yargs.
import { EXIT } from '../control/exit-status.js';
import type * as ConfigTest from './config-test.js';
import { loadPrecompiled } from './precompiled.js';
import { parseFlags, type ParsedFlags } from './parse-flags.js';
import { signalNumber } from './signal-numbers.js';
import { printError, printLine } from './print.js';

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

async function runFlags(flags: ParsedFlags, argv: readonly string[], program: string | undefined): Promise<number> {
  if (flags.words.length > 0) printLine(`Unexpected argument(s): ${flags.words.join(' ')}`);
  const { values } = flags;
  const file = values.get('use-file') ?? DEFAULT_FILE;
  const logFile = values.get('config-test');
  if (logFile === undefined) {
    if (program !== undefined && values.has('dont-fork')) {
      const { startWithNodeFlags } = await import('./node-flags.js');
      startWithNodeFlags(program);
    }
    const { run } = await import('./run.js');
    return run(file, flags, argv);
  }
  const { testConfiguration } =
    loadPrecompiled<typeof ConfigTest>(new URL('./config-test.script.js', import.meta.url)) ??
    (await import('./config-test.js'));
  return testConfiguration({
    file,
    configId: values.get('config-id'),
    namespace: values.get('namespace'),
    logFile: logFile === '' ? undefined : logFile,
    mustExist: values.has('all-config'),
  });
}
