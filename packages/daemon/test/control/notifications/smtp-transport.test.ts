// Mail over real sockets to a real SMTP server library: what arrives, TLS and a login, and servers that are not there, do
// not answer, or refuse.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

import { smtpTransport } from '../../../src/control/notifications/smtp-transport.js';
import type { DesiredMail } from '../../../src/plan/notifications.js';
import { CERTIFICATE, KEY } from './localhost-certificate.js';

const MAIL = { subject: '[lb1] VRRP Instance VI_1 - Entering MASTER state', text: '=> VRRP Instance <=\r\n\r\n' };
const never = new AbortController().signal;

interface Received {
  readonly helo: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly secure: boolean;
  readonly user: unknown;
  readonly text: string;
}

let folder = '';
let close: (() => Promise<void>)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vrrpd-mail-'));
});
afterEach(async () => {
  for (const one of close) await one();
  close = [];
  rmSync(folder, { recursive: true });
});

async function mailServer(options: SMTPServerOptions = {}): Promise<{ port: number; received: Received[] }> {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: ['STARTTLS'],
    key: KEY,
    cert: CERTIFICATE,
    onAuth: ({ username, password }, _session, callback) =>
      password === 'secret' ? callback(null, { user: username }) : callback(new Error('wrong')),
    onData(stream, session, callback) {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          helo: session.hostNameAppearsAs ?? '',
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          secure: session.secure,
          user: session.user,
          text,
        });
        callback();
      });
    },
    ...options,
  });
  // A client that breaks off is part of these tests.
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  close.push(() => new Promise((resolve) => server.close(() => resolve())));
  return { port: (listening.address() as AddressInfo).port, received };
}

async function silentServer(): Promise<number> {
  const server: Server = createServer(() => undefined);
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  close.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return (server.address() as AddressInfo).port;
}

const by = (port: number, changes: Partial<DesiredMail> = {}): DesiredMail => ({
  server: { host: '127.0.0.1', port },
  heloName: 'lb1.example.org',
  timeout: 2_000_000,
  recipients: ['a@example.org', 'Bee Cee <bc@example.org>'],
  from: 'lb@example.org',
  faults: true,
  security: 'none',
  ...changes,
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("a mail arrives with keepalived's headers and body, in plain, although the server offers TLS with a certificate nobody knows", async () => {
  const { port, received } = await mailServer({ disabledCommands: [] });
  await smtpTransport.send(MAIL, by(port), never);
  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({
    helo: 'lb1.example.org',
    from: 'lb@example.org',
    to: ['a@example.org', 'bc@example.org'],
    secure: false,
  });
  const [head = '', body] = received[0]?.text.split('\r\n\r\n=>') ?? [];
  expect(body).toBe(' VRRP Instance <=\r\n\r\n');
  expect(head.split('\r\n')).toEqual(
    expect.arrayContaining([
      'From: lb@example.org',
      'To: a@example.org, Bee Cee <bc@example.org>',
      'Subject: [lb1] VRRP Instance VI_1 - Entering MASTER state',
      'X-Mailer: Keepalived',
    ]),
  );
});

test('a recipient that is refused does not cost the others theirs, and is named', async () => {
  const { port, received } = await mailServer({
    onRcptTo: ({ address }, _session, callback) => callback(address.startsWith('a@') ? new Error('unknown') : null),
  });
  await expect(smtpTransport.send(MAIL, by(port), never)).rejects.toThrow('not taken for a@example.org');
  expect(received.map(({ to }) => to)).toEqual([['bc@example.org']]);
});

describe('TLS and a login', () => {
  test.each(['starttls', 'tls'] as const)(
    '%s: with a certificate that is vouched for, and the password from its file',
    async (security) => {
      const { port, received } = await mailServer({
        disabledCommands: [],
        secure: security === 'tls',
        authOptional: false,
      });
      const login = { user: 'lb', passwordFile: file('password', 'secret\n') };
      const caFile = file('ca.pem', CERTIFICATE);
      await smtpTransport.send(MAIL, by(port, { security, caFile, login, server: { host: 'localhost', port } }), never);
      expect(received).toMatchObject([{ secure: true, user: 'lb' }]);
    },
  );

  test.each<[string, SMTPServerOptions, Partial<DesiredMail>, RegExp]>([
    ['a certificate nobody knows', { disabledCommands: [] }, { security: 'starttls' }, /self.signed certificate/],
    ['a server without STARTTLS', {}, { security: 'starttls' }, /STARTTLS|502|500/],
    ['a CA file that is not there', {}, { security: 'tls', caFile: '/nowhere/ca' }, /ENOENT.*\/nowhere\/ca/],
    [
      'a password file that is not there',
      {},
      { login: { user: 'lb', passwordFile: '/nowhere/p' } },
      /ENOENT.*\/nowhere\/p/,
    ],
  ])('%s: nothing is sent, and the error says why', async (_title, options, changes, reason) => {
    const { port, received } = await mailServer(options);
    await expect(smtpTransport.send(MAIL, by(port, changes), never)).rejects.toThrow(reason);
    expect(received).toEqual([]);
  });

  test('a wrong password: nothing is sent, and the error does not show it', async () => {
    const { port, received } = await mailServer({ authOptional: false });
    const login = { user: 'lb', passwordFile: file('password', 'wrong-one') };
    const sent = smtpTransport.send(MAIL, by(port, { login }), never).catch((error: Error) => error.message);
    expect(await sent).toMatch(/Invalid login|authentication/i);
    expect(await sent).not.toContain('wrong-one');
    expect(received).toEqual([]);
  });
});

describe('a server that', () => {
  test('is not there is said at once', async () => {
    const port = await silentServer();
    await close.pop()?.();
    await expect(smtpTransport.send(MAIL, by(port), never)).rejects.toThrow('ECONNREFUSED');
  });

  test('never greets is given up after smtp_connect_timeout', async () => {
    const port = await silentServer();
    await expect(smtpTransport.send(MAIL, by(port, { timeout: 100_000 }), never)).rejects.toThrow(
      'no answer within 0.1 s',
    );
  });

  test('never greets is left at once when the daemon stops', async () => {
    const port = await silentServer();
    const abort = new AbortController();
    const sent = smtpTransport.send(MAIL, by(port, { timeout: 60_000_000 }), abort.signal);
    abort.abort(new Error('stopping'));
    await expect(sent).rejects.toThrow();
  });
});
