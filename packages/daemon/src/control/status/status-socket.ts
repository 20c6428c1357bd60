// The status socket: HTTP over a unix stream socket, for GET /status, /metrics and /explain/NAME. Everything that others can
// make large or slow has a limit here, and nothing that comes in ends the daemon.
import { chmodSync, existsSync, lstatSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createConnection } from 'node:net';
import { dirname } from 'node:path';
import { METRICS_CONTENT_TYPE } from './metrics.js';
import type { StatusAnswer, StatusQuestion } from './status-service.js';

/** Who may ask: root and its group. */
const MODE = 0o660;
/** While the socket is made: nobody but its owner, until MODE is set. */
const MAKING_UMASK = 0o177;
/** unix(7): sun_path has 108 bytes, one of them the NUL at the end. */
const PATH_BYTES_MAX = 107;
/** More than these at a time are refused. */
export const CONNECTIONS_MAX = 128;
const HEADER_BYTES_MAX = 8_192;
/** From the first byte to the whole request, and how long an answer may wait for its reader, in ms. */
const REQUEST_LIMIT_MS = 5_000;
/** Connections are looked at for that this many times within it. */
const CHECKS = 5;
/** How long whoever listens at our path may take to say so, in ms. */
const PROBE_LIMIT_MS = 500;

export interface StatusSocket {
  /** Ends every connection and removes the socket. */
  close(): Promise<void>;
}

export type OpenedSocket =
  | { readonly kind: 'open'; readonly socket: StatusSocket }
  /** Another process listens there. */
  | { readonly kind: 'in-use' }
  | { readonly kind: 'failed'; readonly message: string };

export type Answerer = (question: StatusQuestion) => Promise<StatusAnswer>;

/**
 * Never throws: a daemon without status runs on. What a dead daemon left at the path is replaced.
 * @param limit how long a request may take to come, and an answer to be read, in ms
 */
export async function openStatusSocket(
  path: string,
  answer: Answerer,
  limit: number = REQUEST_LIMIT_MS,
): Promise<OpenedSocket> {
  try {
    const bytes = Buffer.byteLength(path);
    if (bytes > PATH_BYTES_MAX) throw new Error(`the path has ${bytes} bytes, a socket's may have ${PATH_BYTES_MAX}`);
    // libuv would call it EACCES.
    if (!existsSync(dirname(path))) throw new Error(`there is no folder ${dirname(path)}`);
    if ((await occupantOf(path)) === 'listens') return { kind: 'in-use' };
    const server = createStatusServer(answer, limit);
    await listen(server, path);
    try {
      chmodSync(path, MODE);
    } catch (error) {
      await closeServer(server);
      throw error;
    }
    return { kind: 'open', socket: { close: () => closeServer(server) } };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

/** Removes a socket that nobody listens at any more. Throws when something else is in the way. */
async function occupantOf(path: string): Promise<'nobody' | 'listens'> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 'nobody';
  if (!found.isSocket()) throw new Error(`${path} is there and is not a socket`);
  if (await isListening(path)) return 'listens';
  rmSync(path, { force: true });
  return 'nobody';
}

/** Only a refused connection says that nobody is there: whoever is busy, or forbids it, lives. */
function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createConnection({ path });
    const done = (listens: boolean): void => {
      clearTimeout(limit);
      probe.destroy();
      resolve(listens);
    };
    const limit = setTimeout(() => done(true), PROBE_LIMIT_MS);
    probe.once('connect', () => done(true));
    probe.once('error', (error) =>
      done(!('code' in error) || !['ECONNREFUSED', 'ENOENT'].includes(String(error.code))),
    );
  });
}

function createStatusServer(answer: Answerer, limit: number): Server {
  const options = {
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: limit,
    requestTimeout: limit,
    connectionsCheckingInterval: limit / CHECKS,
  };
  const server = createServer(options, (request, response) => void serve(request, response, answer));
  server.maxConnections = CONNECTIONS_MAX;
  // Idle for so long: nothing was asked, or nobody reads the answer.
  server.setTimeout(limit, (socket) => socket.destroy());
  server.on('clientError', (error: Error & { readonly code?: string }, socket) => {
    if (!socket.writable) return void socket.destroy();
    const status = CLIENT_ERRORS[error.code ?? ''] ?? '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
  });
  // Accepting may fail later (no descriptors left): whoever asked is refused, the next one may not be.
  server.on('error', () => undefined);
  return server;
}

const CLIENT_ERRORS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** The mask is the whole process's, but binding happens within the call. */
function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const umask = process.umask(MAKING_UMASK);
    try {
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
    } finally {
      process.umask(umask);
    }
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function serve(request: IncomingMessage, response: ServerResponse, answer: Answerer): Promise<void> {
  // One question for each connection; what else comes in is not read.
  response.setHeader('Connection', 'close');
  try {
    const question = questionOf(request.url ?? '');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      sendError(response, 405, 'only GET is answered');
    } else if (question === undefined) {
      sendError(response, 404, 'there are /status, /metrics and /explain/NAME');
    } else send(response, await answer(question));
  } catch (error) {
    if (response.headersSent) response.destroy();
    else sendError(response, 500, error instanceof Error ? error.message : String(error));
  }
}

const JSON_TYPE = 'application/json';

function send(response: ServerResponse, answer: StatusAnswer): void {
  if (answer.kind === 'unknown') sendError(response, 404, answer.message);
  else if (answer.kind === 'silent') sendError(response, 503, answer.message);
  else {
    const type = answer.kind === 'json' ? JSON_TYPE : METRICS_CONTENT_TYPE;
    response.writeHead(200, { 'Content-Type': type }).end(answer.text);
  }
}

function sendError(response: ServerResponse, status: number, error: string): void {
  response.writeHead(status, { 'Content-Type': JSON_TYPE }).end(`${JSON.stringify({ error })}\n`);
}

/** @param url the request target; what follows a `?` is not looked at. */
function questionOf(url: string): StatusQuestion | undefined {
  const path = url.replace(/[?#].*$/s, '');
  if (path === '/status') return { kind: 'status' };
  if (path === '/metrics') return { kind: 'metrics' };
  const name = /^\/explain\/([^/]+)$/.exec(path)?.[1];
  const decoded = name === undefined ? undefined : decodeName(name);
  return decoded === undefined ? undefined : { kind: 'explain', name: decoded };
}

function decodeName(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
