// vrrpd's own commands, by yargs: everything that is not the daemon itself.
import yargs, { type Argv, type CommandModule } from 'yargs';
import { EXIT } from '../control/exit-status.js';
import type { CheckOptions } from './check.js';
import type { FormatOptions } from './format-file.js';
import { printError } from './print.js';
import type { DaemonPlace } from './status-client.js';

const STANDARD_INPUT = '/dev/stdin';

/** Runs one command; the exit status. */
export async function runCommand(argv: readonly string[]): Promise<number> {
  let status: number = EXIT.fatal;
  // yargs takes a lone - for an option without a name.
  const parser = yargs(argv.map((word) => (word === '-' ? STANDARD_INPUT : word)))
    .scriptName('vrrpd')
    .exitProcess(false)
    .strict()
    .strictCommands()
    .version(false)
    .recommendCommands()
    .demandCommand(1)
    .command(checkCommand((result) => (status = result)))
    .command(configCommand((result) => (status = result)))
    .command(formatCommand((result) => (status = result)))
    .command(decodeCommand((result) => (status = result)))
    .command(simulateCommand((result) => (status = result)))
    .command(statusCommand((result) => (status = result)))
    .command(explainCommand((result) => (status = result)))
    .fail((message: string | undefined, error: Error | undefined) => {
      printError(message ?? error?.message ?? '');
      printError("Try 'vrrpd --help'.");
      // Thrown, or yargs would go on and run the command all the same.
      throw error ?? new Error(message);
    });
  try {
    await parser.parseAsync();
  } catch {
    // `fail` above has said why.
    return EXIT.fatal;
  }
  return status;
}

function checkCommand(done: (status: number) => void): CommandModule<object, CheckArguments> {
  return {
    command: 'check <file..>',
    describe: 'all findings with line and column, exit status as -t; several files are checked together as nodes',
    builder: (one) =>
      one
        .positional('file', { type: 'string', array: true, demandOption: true })
        .option('format', { choices: ['text', 'json', 'sarif'] as const, default: 'text' as const })
        .option('strict', { type: 'boolean', default: false, describe: 'every warning counts' })
        .option('config-id', { type: 'string', alias: 'i' }),
    handler: async ({ file, format, strict, 'config-id': configId }) => {
      const { checkFiles } = await import('./check.js');
      done(checkFiles(file, { format, strict, configId }));
    },
  };
}

interface CheckArguments extends Omit<CheckOptions, 'configId'> {
  readonly file: string[];
  readonly 'config-id': string | undefined;
}

function configCommand(done: (status: number) => void): CommandModule<object, ConfigArguments> {
  return {
    command: 'config <file>',
    describe: 'the resolved configuration as JSON',
    builder: (one) =>
      one
        .positional('file', { type: 'string', demandOption: true })
        .option('json', { type: 'boolean' })
        .option('config-id', { type: 'string', alias: 'i' }),
    handler: async ({ file, 'config-id': configId }) => {
      const { showConfig } = await import('./show-config.js');
      done(showConfig(file, configId));
    },
  };
}

interface ConfigArguments {
  readonly file: string;
  readonly 'config-id': string | undefined;
}

function formatCommand(done: (status: number) => void): CommandModule<object, FormatArguments> {
  return {
    command: 'fmt <file>',
    describe: 'canonical layout; comments stay',
    builder: (one) =>
      one
        .positional('file', { type: 'string', demandOption: true })
        .option('write', { type: 'boolean', describe: 'into the file' })
        .option('check', { type: 'boolean', describe: 'status 1 when the layout is another one' })
        .option('diff', { type: 'boolean', describe: 'what changes, as a unified diff' })
        .conflicts('write', 'check'),
    handler: async ({ file, write, check, diff }) => {
      const { formatFile } = await import('./format-file.js');
      done(formatFile(file, { write: write === true, check: check === true, diff: diff === true }));
    },
  };
}

interface FormatArguments extends Partial<Record<keyof FormatOptions, boolean | undefined>> {
  readonly file: string;
}

function decodeCommand(done: (status: number) => void): CommandModule<object, DecodeArguments> {
  return {
    command: 'decode <capture>',
    describe: 'a capture (pcap, pcapng, - for standard input) as one line per VRRP packet',
    builder: (one) =>
      one
        .positional('capture', { type: 'string', demandOption: true })
        .option('json', { type: 'boolean', default: false, describe: 'one JSON object a line' })
        .option('analyse', { type: 'boolean', default: false, describe: 'what the packets tell about their routers' })
        .option('summary', { type: 'boolean', default: false, describe: 'one line per virtual router at the end' })
        .option('vrid', { type: 'number', describe: 'only this virtual router' }),
    handler: async ({ capture, json, analyse, summary, vrid }) => {
      const { decodeCapture } = await import('./decode.js');
      done(await decodeCapture(capture === STANDARD_INPUT ? '-' : capture, { json, analyse, summary, vrid }));
    },
  };
}

interface DecodeArguments {
  readonly capture: string;
  readonly json: boolean;
  readonly analyse: boolean;
  readonly summary: boolean;
  readonly vrid: number | undefined;
}

function simulateCommand(done: (status: number) => void): CommandModule<object, SimulateArguments> {
  return {
    command: 'simulate <files..>',
    describe: 'the nodes of these configurations on a virtual LAN, and what becomes of them',
    builder: (one) =>
      one
        .positional('files', { type: 'string', array: true, demandOption: true })
        .option('script', { type: 'string', requiresArg: true, describe: 'what goes wrong, and when' })
        .option('seed', { type: 'number', default: 1, describe: 'of what the network loses and delays' })
        .option('for', { type: 'string', requiresArg: true, describe: 'how long, as 60s' })
        .option('svg', { type: 'string', requiresArg: true, describe: 'draw it into this file' })
        .option('json', { type: 'boolean', default: false, describe: 'one JSON object' }),
    handler: async ({ files, script, seed, for: duration, svg, json }) => {
      const { simulate } = await import('./simulate.js');
      done(await simulate(files, { script, seed, for: duration, svg, json }));
    },
  };
}

interface SimulateArguments {
  readonly files: string[];
  readonly script: string | undefined;
  readonly seed: number;
  readonly for: string | undefined;
  readonly svg: string | undefined;
  readonly json: boolean;
}

function statusCommand(done: (status: number) => void): CommandModule<object, StatusArguments> {
  return {
    command: 'status [name]',
    describe: 'what the virtual routers of the running daemon do, and why; of one, or of all',
    builder: (one) => daemonPlace(one.positional('name', { type: 'string', describe: 'only this virtual router' })),
    handler: async ({ name, json, ...place }) => {
      const { showStatus } = await import('./status.js');
      done(await showStatus({ name, json, ...placeOf(place) }));
    },
  };
}

function explainCommand(done: (status: number) => void): CommandModule<object, ExplainArguments> {
  return {
    command: 'explain <name>',
    describe: 'why a virtual router of the running daemon is what it is, and what would change it',
    builder: (one) => daemonPlace(one.positional('name', { type: 'string', demandOption: true })),
    handler: async ({ name, json, ...place }) => {
      const { explainRouter } = await import('./explain.js');
      done(await explainRouter(name, { json, ...placeOf(place) }));
    },
  };
}

function daemonPlace<T>(one: Argv<T>): Argv<T & PlaceArguments> {
  return one
    .option('json', { type: 'boolean', default: false, describe: 'one JSON object' })
    .option('socket', { type: 'string', requiresArg: true, describe: 'where the daemon answers' })
    .option('namespace', { type: 'string', alias: 's', requiresArg: true, describe: 'its network namespace (-s)' })
    .option('instance', { type: 'string', requiresArg: true, describe: 'the name its file gives it (instance)' })
    .option('vrrp_pid', { type: 'string', alias: 'r', requiresArg: true, describe: 'its pid file (-r)' });
}

function placeOf({ socket, namespace, instance, vrrp_pid: vrrpPidFile }: Omit<PlaceArguments, 'json'>): DaemonPlace {
  return { socket, namespace, instance, vrrpPidFile };
}

interface PlaceArguments {
  readonly json: boolean;
  readonly socket: string | undefined;
  readonly namespace: string | undefined;
  readonly instance: string | undefined;
  readonly vrrp_pid: string | undefined;
}

interface StatusArguments extends PlaceArguments {
  readonly name: string | undefined;
}

interface ExplainArguments extends PlaceArguments {
  readonly name: string;
}
