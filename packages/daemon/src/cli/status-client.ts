// Asks the running daemon over its status socket, for the commands that do: finds the socket by the daemon's own rules, and
// says in a sentence why there is no answer.
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { EXIT } from '../control/exit-status.js';
import { runtimePaths } from '../control/runtime-paths.js';

/** Longer than the daemon waits for its engine. */
const ANSWER_LIMIT_MS = 5_000;
/** A document of a thousand virtual routers has some 3 MB. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

const STATUS_SOCKET = /\/vrrp(?:_[^/]*)?\.sock$/;

/** Where the daemon is: its socket, or what it was started with (keepalived(8), -s, -r, and `instance` of its file). */
export interface DaemonPlace {
  readonly socket: string | undefined;
  readonly namespace: string | undefined;
  readonly instance: string | undefined;
  readonly vrrpPidFile: string | undefined;
}

export type Asked =
  | { readonly kind: 'answer'; readonly value: unknown }
  /** `status` is what the command ends with. */
  | { readonly kind: 'problem'; readonly status: number; readonly message: string };

export async function askDaemon(place: DaemonPlace, path: string): Promise<Asked> {
  const socket = place.socket ?? runtimePaths(place).statusSocket;
  try {
    const { status, text } = await get(socket, path);
    const value: unknown = JSON.parse(text);
    if (status === 200) return { kind: 'answer', value };
    const { error } = value as { readonly error?: unknown };
    return problem(status === 404 ? EXIT.notFound : EXIT.fatal, String(error));
  } catch (error) {
    return whyNot(socket, error);
  }
}

function get(socketPath: string, path: string): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, signal: AbortSignal.timeout(ANSWER_LIMIT_MS) }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > ANSWER_BYTES_MAX) response.destroy(new Error(`it answers with more than ${ANSWER_BYTES_MAX} bytes`));
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
}

function whyNot(socket: string, error: unknown): Asked {
  const { code, name, message } = error as { code?: unknown; name?: unknown; message?: unknown };
  if (code === 'ENOENT' || code === 'ECONNREFUSED') {
    const others = socketsElsewhere(socket);
    const hint = others.length === 0 ? '' : `; there may be one at ${others.join(', ')} (--socket)`;
    return problem(EXIT.notRunning, `no vrrpd answers at ${socket}${hint}`);
  }
  if (code === 'EACCES' || code === 'EPERM')
    return problem(EXIT.permission, `${socket} may not be opened: it is for root and its group`);
  if (name === 'AbortError' || name === 'TimeoutError')
    return problem(EXIT.fatal, `vrrpd at ${socket} did not answer within ${ANSWER_LIMIT_MS / 1000} s`);
  return problem(EXIT.fatal, `no answer from ${socket}: ${String(message)}`);
}

function problem(status: number, message: string): Asked {
  return { kind: 'problem', status, message };
}

/** Sockets where daemons have theirs: without and with an instance name, with a network namespace. */
function socketsElsewhere(socket: string): readonly string[] {
  const folders = [dirname(runtimePaths({}).statusSocket), dirname(runtimePaths({ instance: 'any' }).statusSocket)];
  const entries = folders.flatMap(list);
  const deeper = list(folders.at(-1) ?? '').flatMap(list);
  return [...entries, ...deeper].filter((path) => STATUS_SOCKET.test(path) && path !== socket);
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
