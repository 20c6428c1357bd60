// Reads a notify FIFO in a namespace as somebody's program would: also when it is made anew, line by line into a file.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { NamespaceLab } from '@vrrp/netlink-native/testing';

import { eventually } from './deadline.js';

const READ = 'while :; do [ -p "$0" ] && cat "$0" >> "$1"; sleep 0.01; done';

/** Starts to read FOLDER/NAME.fifo into FOLDER/NAME, until the laboratory closes. */
export function readFifo(lab: NamespaceLab, namespace: string, folder: string, name: string): void {
  lab.spawn(namespace, ['sh', '-c', READ, join(folder, `${name}.fifo`), join(folder, name)], { stdio: 'ignore' });
}

/** The complete lines of FOLDER/NAME. */
export async function linesOf(folder: string, name: string): Promise<readonly string[]> {
  return (await readFile(join(folder, name), 'utf8').catch(() => '')).split('\n').slice(0, -1);
}

/** Resolves when this line is among those from index `from` on. */
export function untilLine(folder: string, name: string, line: string, from = 0): Promise<string> {
  return eventually(`${name} says ${line}`, async () =>
    (await linesOf(folder, name)).slice(from).find((one) => one === line),
  );
}
