// The real prober: node:net, node:http(s) without kept connections, node:fs. Echo requests go through a Pinger that the
// program gives (raw sockets are not Node.js's), or else through ping(8), a fork each. Units are asked of systemctl(1), a
// fork each too: no D-Bus library for Node.js is both maintained and fit for version 20.

import { stat } from 'node:fs';
import { get as httpGet } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { connect, isIP } from 'node:net';
import { BODY_LIMIT } from '../prober.js';
import type { CancelProbe, HttpRequest, HttpResult, PingResult, ProbeFailure, Prober, UnitResult } from '../prober.js';
import type { ProcessEnd, Spawner } from '../spawner.js';
import { nodeSpawner } from './spawner.js';
import { codeOf, messageOf } from './system-error.js';

export interface NodeProberOptions {
  /** Sends echo requests without a fork (see createPinger). */
  readonly ping?: Prober['ping'];
  /** Runs systemctl(1), and ping(8) where there is no `ping`. */
  readonly spawner?: Spawner;
}

export function createNodeProber(options: NodeProberOptions = {}): Prober {
  const { spawner = nodeSpawner, ping = pingBySpawning(spawner) } = options;
  return { connect: connectTcp, get: getHttp, ping, fileAge, unit: unitBySpawning(spawner) };
}

const connectTcp: Prober['connect'] = ({ host, port }, onEnd) => {
  // A name may have addresses of both families, which are tried in turn; an address needs none of that.
  const socket = connect({ host, port, autoSelectFamily: isIP(host) === 0 });
  // A socket destroyed on purpose may still fail; an error nobody hears would end the program.
  socket.on('error', () => undefined);
  socket.once('connect', () => {
    onEnd({ kind: 'connected' });
    socket.destroy();
  });
  socket.once('error', (error) => onEnd(failureOf(error, `${host}:${port}`)));
  return () =>
    socket
      .removeAllListeners()
      .on('error', () => undefined)
      .destroy();
};

const getHttp: Prober['get'] = (request, onEnd) => {
  let ended = false;
  const end = (result: HttpResult): void => {
    if (ended) return;
    ended = true;
    onEnd(result);
  };
  try {
    const get = request.url.startsWith('https:') ? httpsGet : httpGet;
    const headers = { connection: 'close', 'user-agent': 'vrrpd' };
    const sent = get(request.url, { agent: false, headers, rejectUnauthorized: request.verify }, (response) => {
      void read(response, request).then((result) => {
        sent.destroy();
        end(result);
      });
    });
    sent.on('error', (error) => end(failureOf(error, new URL(request.url).host)));
    return () => {
      ended = true;
      sent.destroy();
    };
  } catch (error) {
    const failed = setImmediate(() => end({ kind: 'cannot-run', message: messageOf(error) }));
    return () => clearImmediate(failed);
  }
};

async function read(response: IncomingMessage, request: HttpRequest): Promise<HttpResult> {
  const { statusCode = 0 } = response;
  let body = '';
  try {
    response.setEncoding('latin1');
    if (request.wantsBody)
      for await (const chunk of response) {
        body += String(chunk);
        if (body.length >= BODY_LIMIT) break;
      }
    return { kind: 'response', status: statusCode, body: body.slice(0, BODY_LIMIT) };
  } catch (error) {
    return failureOf(error, new URL(request.url).host);
  }
}

const fileAge: Prober['fileAge'] = (path, onEnd) => {
  let cancelled = false;
  stat(path, (error, stats) => {
    if (cancelled) return;
    const code = error === null ? undefined : codeOf(error);
    if (error === null) onEnd({ kind: 'age', age: Math.max(Math.round((Date.now() - stats.mtimeMs) * 1_000), 0) });
    else if (code === 'ENOENT' || code === 'ENOTDIR') onEnd({ kind: 'missing' });
    else onEnd({ kind: 'cannot-run', message: messageOf(error) });
  });
  return () => {
    cancelled = true;
  };
};

/** ping(8) exits with 0 for a reply, 1 for none, 2 for anything else. */
function pingBySpawning(spawner: Spawner): Prober['ping'] {
  return (address, onEnd) =>
    run(spawner, ['ping', '-n', '-q', '-c', '1', '--', address], (end) => {
      if (end.kind !== 'exit') onEnd(cannotRun(end));
      else onEnd(pingResult(end.status, address));
    });
}

function pingResult(status: number, address: string): PingResult {
  if (status === 0) return { kind: 'replied' };
  if (status === 1) return { kind: 'failed', reason: 'unreachable', detail: address };
  return { kind: 'cannot-run', message: `ping exited with ${status}` };
}

/** systemctl(1), "is-active" and "EXIT STATUS": 0 active, 3 not active, 4 no such unit; 1 when systemd is not to be asked. */
function unitBySpawning(spawner: Spawner): Prober['unit'] {
  return (unit, onEnd) =>
    run(spawner, ['systemctl', 'is-active', '--quiet', '--', unit], (end) => {
      if (end.kind !== 'exit') onEnd(cannotRun(end));
      else onEnd(unitResult(end.status));
    });
}

function unitResult(status: number): UnitResult {
  if (status === 0) return { kind: 'active' };
  if (status === 3) return { kind: 'inactive' };
  return status === 4 ? { kind: 'missing' } : { kind: 'cannot-run', message: `systemctl exited with ${status}` };
}

/** A program that says all there is to know by how it ends. */
function run(spawner: Spawner, argv: readonly string[], onEnd: (end: ProcessEnd) => void): CancelProbe {
  let cancelled = false;
  const group = spawner.spawn({ argv }, (end) => {
    if (!cancelled) onEnd(end);
  });
  return () => {
    cancelled = true;
    group.signal('SIGKILL');
  };
}

function cannotRun(end: Exclude<ProcessEnd, { readonly kind: 'exit' }>): ProbeFailure {
  return { kind: 'cannot-run', message: end.kind === 'signal' ? end.signal : end.message };
}

const REASONS: ReadonlyMap<string, Extract<ProbeFailure, { readonly kind: 'failed' }>['reason']> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EADDRNOTAVAIL', 'unreachable'],
  ['ETIMEDOUT', 'unreachable'],
  ['ENOTFOUND', 'name-not-found'],
  ['EAI_AGAIN', 'name-not-found'],
  ['ECONNRESET', 'connection-lost'],
  ['EPIPE', 'connection-lost'],
]);

function failureOf(error: unknown, where: string): ProbeFailure {
  const code = codeOf(error) ?? '';
  const reason = REASONS.get(code);
  if (reason !== undefined) return { kind: 'failed', reason, detail: where };
  // No descriptor or memory left: the check could not be made. What a server says wrong (HPE_…, a certificate) is its own.
  if (code.startsWith('HPE_')) return { kind: 'failed', reason: 'connection-lost', detail: `${where}: ${code}` };
  if (/CERT|TLS|SSL|EPROTO|SIGNATURE|ISSUER/.test(code))
    return { kind: 'failed', reason: 'tls-failure', detail: `${where}: ${code}` };
  return { kind: 'cannot-run', message: messageOf(error) };
}
