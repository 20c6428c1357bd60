// The servers beside this file, each run as a program in a network namespace: what they have heard, one record at a time.
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { NamespaceLab } from '@vrrp/netlink-native/testing';

import { Feed } from './deadline.js';

/** A mail as smtp-recorder.mjs took it. */
export interface RecordedMail {
  readonly helo: string;
  readonly from: string;
  readonly recipients: readonly string[];
  /** Headers and body as they came. */
  readonly text: string;
}

/** A request as http-recorder.mjs took it. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function recordMail(lab: NamespaceLab, namespace: string, port: number): Promise<Feed<RecordedMail>> {
  return record<RecordedMail>(lab, namespace, 'smtp-recorder.mjs', port);
}

export function recordRequests(lab: NamespaceLab, namespace: string, port: number): Promise<Feed<RecordedRequest>> {
  return record<RecordedRequest>(lab, namespace, 'http-recorder.mjs', port);
}

/** Resolves when it listens; it is ended with the namespace. */
async function record<T>(lab: NamespaceLab, namespace: string, program: string, port: number): Promise<Feed<T>> {
  const up = await lab.run(namespace, ['ip', 'link', 'set', 'lo', 'up']);
  if (up.status !== 0) throw new Error(up.stderr);
  const path = fileURLToPath(new URL(program, import.meta.url));
  const child = lab.spawn(namespace, [process.execPath, path, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error(`${program} could not be started`);
  const heard = new Feed<T>();
  const ready = new Feed<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'listening') ready.push(line);
    else heard.push(JSON.parse(line) as T);
  });
  await ready.waitFor({ what: `${program} listens`, satisfies: () => true });
  return heard;
}
