// The command line: vrrpd's own commands when the first word names one, else keepalived's flags. Returns the exit status.
import { EXIT } from '../control/exit-status.js';
import { helpText, versionText } from './help.js';
import { parseFlags, type ParsedFlags } from './parse-flags.js';
import { run } from './run.js';
import { signalNumber } from './signal-numbers.js';
import { testConfiguration } from './config-test.js';
import { printError, printLine } from './print.js';

const DEFAULT_FILE = '/etc/keepalived/keepalived.conf';

export async function main(argv: readonly string[]): Promise<number> {
  const [first] = argv;
  if (first !== undefined && !first.startsWith('-')) {
    // Loaded only here: a daemon that starts needs no yargs, and every millisecond of its start is one without a router.
    const { runCommand } = await import('./commands.js');
    return runCommand(argv);
  }
  const flags = parseFlags(argv);
  if (flags.problem !== undefined) {
    printError(flags.problem);
    printError("Try 'vrrpd --help'.");
    return EXIT.fatal;
  }
  return answerQuestion(flags) ?? (await runFlags(flags, argv));
}

/** Flags that only ask for something. */
function answerQuestion({ values }: ParsedFlags): number | undefined {
  const signal = values.get('signum');
  if (values.has('version')) printError(versionText());
  else if (values.has('help')) printError(helpText());
  else if (signal === undefined) return undefined;
  else return printSignal(signal);
  return EXIT.ok;
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

async function runFlags(flags: ParsedFlags, argv: readonly string[]): Promise<number> {
  if (flags.words.length > 0) printLine(`Unexpected argument(s): ${flags.words.join(' ')}`);
  const { values } = flags;
  const file = values.get('use-file') ?? DEFAULT_FILE;
  const logFile = values.get('config-test');
  if (logFile === undefined) return run(file, flags, argv);
  return testConfiguration({
    file,
    configId: values.get('config-id'),
    namespace: values.get('namespace'),
    logFile: logFile === '' ? undefined : logFile,
    mustExist: values.has('all-config'),
  });
}
