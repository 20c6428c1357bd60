// Standard output and standard error of the commands, written at once so that nothing is lost at exit.
import { writeSync } from 'node:fs';

const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;
/** A pipe whose reader is slow: try again, as a blocking write would. */
const AGAIN = 'EAGAIN';

export function printLine(text: string): void {
  print(STANDARD_OUTPUT, Buffer.from(`${text}\n`));
}

export function printError(text: string): void {
  print(STANDARD_ERROR, Buffer.from(`${text}\n`));
}

export function printBytes(bytes: Uint8Array): void {
  print(STANDARD_OUTPUT, bytes);
}

function print(descriptor: number, bytes: Uint8Array): void {
  let rest = bytes;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      // A reader that went away (`| head`) wants nothing more.
      if (!(error instanceof Error) || !('code' in error) || error.code !== AGAIN) return;
    }
  }
}
