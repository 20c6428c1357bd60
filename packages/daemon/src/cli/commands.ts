// vrrpd's own commands, by yargs: everything that is not the daemon itself.
import { readFileSync, writeFileSync } from 'node:fs';
import { formatConfig } from '@vrrp/conf-parser';
import yargs, { type CommandModule } from 'yargs';
import { EXIT } from '../control/exit-status.js';
import { loadConfiguration, redactHeaders } from '../control/configuration.js';
import type { CheckOptions } from './check.js';
import { printError, printLine } from './print.js';

const STANDARD_INPUT = '/dev/stdin';

/** Runs one command; the exit status. */
export async function runCommand(argv: readonly string[]): Promise<number> {
  let status: number = EXIT.fatal;
  const file = { type: 'string', demandOption: true } as const;
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
    .command(
      'config <file>',
      'the resolved configuration as JSON',
      (one) =>
        one
          .positional('file', file)
          .option('json', { type: 'boolean' })
          .option('config-id', { type: 'string', alias: 'i' }),
      (given) => {
        status = showConfig(given.file, given['config-id']);
      },
    )
    .command(
      'fmt <file>',
      'canonical layout; comments stay',
      (one) =>
        one
          .positional('file', file)
          .option('write', { type: 'boolean' })
          .option('check', { type: 'boolean' })
          .conflicts('write', 'check'),
      (given) => {
        status = format(given.file, given);
      },
    )
    .command(decodeCommand((result) => (status = result)))
    .command(simulateCommand((result) => (status = result)))
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

function showConfig(file: string, configId: string | undefined): number {
  const loaded = loadConfiguration(file, configId, 'report');
  if (loaded.text !== '') printError(loaded.text);
  if (loaded.parsed.model === undefined) return EXIT.configuration;
  printLine(JSON.stringify(loaded.parsed.model, redactHeaders, 2));
  return EXIT.ok;
}

function format(
  file: string,
  options: { readonly write?: boolean | undefined; readonly check?: boolean | undefined },
): number {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    printError(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
    return EXIT.noConfiguration;
  }
  const formatted = formatConfig(text);
  if (options.check === true) {
    if (formatted === text) return EXIT.ok;
    printError(`${file} is not formatted`);
    return EXIT.fatal;
  }
  if (options.write !== true) printLine(formatted.replace(/\n$/, ''));
  else if (formatted !== text) writeFileSync(file, formatted);
  return EXIT.ok;
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
