// Mail and webhooks in the model, and where the parser points when one of them is written wrong.
import { describe, expect, test } from '@jest/globals';
import { exitStatus, renderDiagnostics } from '../src/index.js';
import { configSchema } from '../src/schema.js';
import { instanceText, modelOf, parseText } from './configs.js';

const globals = (...lines: readonly string[]): string => `global_defs {\n${lines.join('\n')}\n}\n`;
const MAILED = ['smtp_server 192.0.2.25 2525', 'notification_email {\n a@example.org\n }'];

describe('mail', () => {
  test('its settings, of which the last of a kind counts and the addresses add up', () => {
    const { model } = parseText(
      globals(
        'smtp_server 192.0.2.1',
        ...MAILED,
        'notification_email {\n "B C <bc@example.org>" d@example.org\n }',
        'notification_email_from lb@example.org',
        'smtp_helo_name lb.example.org',
        'smtp_connect_timeout 0',
        'no_email_faults',
      ),
    );
    expect(model?.global_defs).toMatchObject({
      smtp_server: { host: '192.0.2.25', port: 2525 },
      notification_email: ['a@example.org', 'B C <bc@example.org>', 'd@example.org'],
      notification_email_from: 'lb@example.org',
      smtp_helo_name: 'lb.example.org',
      smtp_connect_timeout: 1,
      no_email_faults: true,
      smtp_security: 'none',
    });
    expect(configSchema.parse(model)).toEqual(model);
  });

  test.each<[string, readonly string[], readonly string[], boolean]>([
    ['not asked for', [], [], false],
    ['for everything', ['smtp_alert'], [], true],
    ['for everything but VRRP', ['smtp_alert', 'smtp_alert_vrrp off'], [], false],
    ['for VRRP', ['smtp_alert_vrrp'], [], true],
    ['for VRRP but this one', ['smtp_alert_vrrp'], ['smtp_alert no'], false],
    ['for this one', [], ['smtp_alert'], true],
  ])('%s', (_title, everywhere, own, mailed) => {
    const group = `vrrp_sync_group G {\n group {\n VI_1\n }\n${own.join('\n')}\n}\n`;
    const { model, diagnostics } = parseText(globals(...MAILED, ...everywhere) + group + instanceText(...own));
    expect(model?.vrrp_instance[0]?.smtp_alert).toBe(mailed);
    expect(model?.vrrp_sync_group[0]?.smtp_alert).toBe(mailed);
    expect(diagnostics.map(({ code }) => code)).toEqual(['conf/invalid-value']); // a group of one
  });

  test.each<[string, string, string]>([
    [globals('smtp_alert', MAILED[0] ?? ''), 'smtp_alert', 'nobody is mailed: global_defs has no notification_email'],
    [
      globals(MAILED[1] ?? '') + instanceText('smtp_alert'),
      'smtp_alert',
      'nobody is mailed: global_defs has no smtp_server',
    ],
    [globals(...MAILED, 'smtp_user u', 'smtp_security tls'), 'smtp_user', 'smtp_user without smtp_password_file: '],
    [
      globals(...MAILED, 'smtp_user u', 'smtp_password_file /p'),
      'smtp_user',
      'without smtp_security the password goes',
    ],
  ])('%#: what cannot work is said, and does not count', (text, keyword, summary) => {
    const parsed = parseText(text);
    expect(parsed.diagnostics).toHaveLength(1);
    const start = text.lastIndexOf(keyword);
    expect(parsed.diagnostics[0]).toMatchObject({
      code: 'conf/mail-settings',
      summary: expect.stringContaining(summary) as unknown,
      span: { start, end: start + keyword.length },
    });
    expect(exitStatus(parsed)).toBe(0);
  });

  test('a login with TLS is in order', () => {
    const lines = ['smtp_security starttls', 'smtp_ca_file /ca', 'smtp_user u', 'smtp_password_file /p'];
    const { model, diagnostics } = parseText(globals(...MAILED, ...lines));
    expect(diagnostics).toEqual([]);
    expect(model?.global_defs).toMatchObject({
      smtp_security: 'starttls',
      smtp_ca_file: '/ca',
      smtp_user: 'u',
      smtp_password_file: '/p',
    });
  });
});

describe('a webhook', () => {
  test('in an instance, in a group and for all, with its headers', () => {
    const own = 'notify_webhook https://example.org/a';
    const parsed = parseText(
      globals('notify_webhook http://192.0.2.1:8080/all') +
        `vrrp_sync_group G {\n group {\n VI_1\n }\n ${own}\n notify_webhook http://[2001:db8::1]\n}\n` +
        instanceText(`${own} header "Authorization: Bearer x:y" header "X-Cluster: a"`),
    );
    const model = modelOf(parsed);
    expect(exitStatus(parsed)).toBe(5); // a group of one
    expect(parsed.diagnostics).toHaveLength(1);
    expect(model.global_defs.notify_webhook).toEqual([{ url: 'http://192.0.2.1:8080/all', headers: [] }]);
    expect(model.vrrp_sync_group[0]?.notify_webhook.map(({ url }) => url)).toEqual([
      'https://example.org/a',
      'http://[2001:db8::1]',
    ]);
    expect(model.vrrp_instance[0]?.notify_webhook).toEqual([
      {
        url: 'https://example.org/a',
        headers: [
          { name: 'Authorization', value: 'Bearer x:y' },
          { name: 'X-Cluster', value: 'a' },
        ],
      },
    ]);
    expect(configSchema.parse(model)).toEqual(model);
  });

  test.each<[string, string, string, string]>([
    ['example.org', 'conf/invalid-value', 'example.org', 'a webhook is an http or https URL'],
    ['ftp://example.org', 'conf/invalid-value', 'ftp://example.org', 'a webhook is an http or https URL'],
    ['http://', 'conf/invalid-value', 'http://', 'a webhook is an http or https URL'],
    ['http://u:p@example.org', 'conf/invalid-value', 'http://u:p@example.org', 'a URL with a user name is not sent'],
    ['http://example.org:0', 'conf/invalid-value', 'http://example.org:0', 'there is no port 0'],
    ['http://example.org:x', 'conf/invalid-value', 'http://example.org:x', 'is no host with an optional port'],
    ['http://a headers "X: y"', 'conf/invalid-option', 'headers', 'after the URL comes header'],
    ['http://a header', 'conf/missing-argument', 'header', 'header needs an argument'],
    ['http://a header "no colon"', 'conf/invalid-value', '"no colon"', 'a header is "NAME: VALUE"'],
    ['http://a header "Host: b"', 'conf/invalid-value', '"Host: b"', 'not for the configuration to set'],
    ['http://a header "X: \u00fc"', 'conf/invalid-value', '"X: \u00fc"', 'has characters that cannot be sent'],
  ])('%s: points at what is wrong', (words, code, at, summary) => {
    const text = instanceText(`notify_webhook ${words}`);
    const { diagnostics } = parseText(text);
    const start = text.lastIndexOf(at);
    expect(diagnostics[0]).toMatchObject({
      code,
      summary: expect.stringContaining(summary) as unknown,
      span: { start, end: start + at.length },
    });
  });

  test('without anything is an error that does not end the reading, and a file with one counts as good', () => {
    expect(parseText(instanceText('notify_webhook')).diagnostics[0]).toMatchObject({ code: 'conf/missing-argument' });
    expect(exitStatus(parseText(instanceText('notify_webhook http://a')), 'strict')).toBe(0);
  });

  test.each(['header "X: topsecret"', 'heder "X: topsecret"', 'header topsecret', 'header "topsecret" header "X"'])(
    'shows no value of a header in a finding: %s',
    (words) => {
      const { diagnostics, files } = parseText(instanceText(`notify_webhook http://u@a ${words}`));
      expect(renderDiagnostics(diagnostics, files)).toContain('notify_webhook');
      expect(renderDiagnostics(diagnostics, files)).not.toContain('topsecret');
    },
  );
});
