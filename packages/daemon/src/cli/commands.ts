// vrrpd's own commands, by yargs: everything that is not the daemon itself.
import { readFileSync, writeFileSync } from 'node:fs';
import { formatConfig } from '@vrrp/conf-parser';
import yargs from 'yargs';
import { EXIT } from '../control/exit-status.js';
import { loadConfiguration } from '../control/configuration.js';
import { testConfiguration } from './config-test.js';
import { printError, printLine } from './print.js';

/** Runs one command; the exit status. */
export async function runCommand(argv: readonly string[]): Promise<number> {
  let status: number = EXIT.fatal;
  const file = { type: 'string', demandOption: true } as const;
  const parser = yargs([...argv])
    .scriptName('vrrpd')
    .exitProcess(false)
    .strict()
    .strictCommands()
    .version(false)
    .recommendCommands()
    .demandCommand(1)
    .command(
      'check <file>',
      'all findings with line and column; exit status as -t',
      (one) => one.positional('file', file).option('config-id', { type: 'string', alias: 'i' }),
      async (given) => {
        status = await check(given.file, given['config-id']);
      },
    )
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
    .fail((message, error) => {
      printError(message ?? error.message);
      printError("Try 'vrrpd --help'.");
    });
  try {
    await parser.parseAsync();
  } catch {
    // `fail` above has said why.
    return EXIT.fatal;
  }
  return status;
}

function check(file: string, configId: string | undefined): Promise<number> {
  return testConfiguration({ file, configId, namespace: undefined, logFile: undefined, mustExist: true });
}

function showConfig(file: string, configId: string | undefined): number {
  const loaded = loadConfiguration(file, configId, 'report');
  if (loaded.text !== '') printError(loaded.text);
  if (loaded.parsed.model === undefined) return EXIT.configuration;
  printLine(JSON.stringify(loaded.parsed.model, null, 2));
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
