// Standard output and standard error of the commands, written at once so that nothing is lost at exit.
import { writeSync } from 'node:fs';

const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;
/** A pipe whose reader is slow: try again, as a blocking write would. */
const AGAIN = 'EAGAIN';

export function printLine(text: string): void {
  print(STANDARD_OUTPUT, `${text}\n`);
}

export function printError(text: string): void {
  print(STANDARD_ERROR, `${text}\n`);
}

function print(descriptor: number, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      // A reader that went away (`| head`) wants nothing more.
      if (!(error instanceof Error) || !('code' in error) || error.code !== AGAIN) return;
    }
  }
}
