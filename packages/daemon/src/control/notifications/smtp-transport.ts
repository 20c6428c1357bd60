// Sends one mail over SMTP with nodemailer, which is loaded with the first mail: most routers send none. One connection a
// mail, as keepalived; TLS and a login only where the configuration asks for them (vrrpd's additions).
import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { MILLISECOND, SECOND } from '@vrrp/trackers';
import { failureText } from '../../engine/messages.js';
import type { DesiredMail } from '../../plan/notifications.js';
import { canonicalHostName } from './mail.js';
import type { MailTransport } from './mailer.js';

/** keepalived's own, by which people sort their mail. */
const MAILER = 'Keepalived';

export const smtpTransport: MailTransport = {
  async send({ subject, text }, by, signal) {
    const { createTransport } = await import('nodemailer');
    const timeout = by.timeout / MILLISECOND;
    const transport = createTransport({
      ...by.server,
      name: by.heloName ?? localHostName(),
      connectionTimeout: timeout,
      greetingTimeout: timeout,
      socketTimeout: timeout,
      dnsTimeout: timeout,
      ...security(by),
      ...login(by),
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      const from = by.from ?? `${userInfo().username}@${localHostName()}`;
      const to = [...by.recipients];
      const { rejected } = await transport.sendMail({ from, to, subject, text, xMailer: MAILER, signal });
      if (rejected.length > 0) throw new Error(`not taken for ${rejected.join(', ')}; sent to the others`);
    } catch (error) {
      // nodemailer says which of its timers it was, and not how long it ran.
      const late = failureText(error).code === 'ETIMEDOUT';
      throw late ? new Error(`no answer within ${by.timeout / SECOND} s`, { cause: error }) : error;
    } finally {
      transport.close();
    }
  },
};

/** keepalived never uses TLS; a server that offers it with a certificate nobody knows must not cost the mail. */
function security({ security: kind, caFile }: DesiredMail): object {
  const tls = caFile === undefined ? {} : { tls: { ca: readFileSync(caFile) } };
  if (kind === 'tls') return { secure: true, ...tls };
  return kind === 'starttls' ? { requireTLS: true, ...tls } : { ignoreTLS: true };
}

function login({ login: account }: DesiredMail): object {
  if (account === undefined) return {};
  const [pass = ''] = readFileSync(account.passwordFile, 'utf8').split('\n');
  return { auth: { user: account.user, pass: pass.replace(/\r$/, '') } };
}

/** With its domain where hosts(5) has one. */
export function localHostName(): string {
  try {
    return canonicalHostName(hostname(), readFileSync('/etc/hosts', 'utf8'));
  } catch {
    return hostname();
  }
}
