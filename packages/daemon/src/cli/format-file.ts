// `vrrpd fmt FILE`: the canonical layout on standard output, into the file (--write), or as a question (--check), with
// --diff as a unified diff. Bytes that are no UTF-8 (old comments in another encoding) come out as they went in.
import { readFileSync, writeFileSync } from 'node:fs';
import { formatConfig } from '@vrrp/conf-parser';
import { createTwoFilesPatch } from 'diff';
import { EXIT } from '../control/exit-status.js';
import { printBytes, printError } from './print.js';

export interface FormatOptions {
  readonly write: boolean;
  readonly check: boolean;
  readonly diff: boolean;
}

/** One byte a character: the layout is of ASCII, whatever stands between. */
const BYTEWISE = 'latin1';
/** Lines around a change, as diff(1) -u shows them. */
const CONTEXT = 3;

/** 0; with `check` 1 when the file is not in its canonical layout; 6 when it cannot be read or written. */
export function formatFile(file: string, { write, check, diff }: FormatOptions): number {
  try {
    const text = readFileSync(file, BYTEWISE);
    const formatted = formatConfig(text);
    const changed = formatted !== text;
    if (diff && changed) printBytes(Buffer.from(unifiedDiff(file, text, formatted), BYTEWISE));
    if (write && changed) writeFileSync(file, formatted, BYTEWISE);
    if (!write && !check && !diff) printBytes(Buffer.from(formatted, BYTEWISE));
    if (check && changed && !diff) printError(`${file} is not formatted`);
    return check && changed ? EXIT.fatal : EXIT.ok;
  } catch (error) {
    printError(`cannot format ${file}: ${error instanceof Error ? error.message : String(error)}`);
    return EXIT.noConfiguration;
  }
}

function unifiedDiff(file: string, text: string, formatted: string): string {
  const name = Buffer.from(file).toString(BYTEWISE);
  const patch = createTwoFilesPatch(name, name, text, formatted, '', 'formatted', { context: CONTEXT });
  // Its first line is a rule that diff(1) does not print.
  return patch.slice(patch.indexOf('---'));
}
