// `vrrpd config FILE --json`: the resolved model, after includes, definitions and defaults; findings on standard error.
import { EXIT } from '../control/exit-status.js';
import { loadConfiguration, redactHeaders } from '../control/configuration.js';
import { printError, printLine } from './print.js';

/** 0, or 2 when there is no model: the file cannot be read. */
export function showConfig(file: string, configId: string | undefined): number {
  const loaded = loadConfiguration(file, configId, 'report');
  if (loaded.text !== '') printError(loaded.text);
  if (loaded.parsed.model === undefined) return EXIT.configuration;
  printLine(JSON.stringify(loaded.parsed.model, redactHeaders, 2));
  return EXIT.ok;
}
