// What of a configuration is shown and what is not.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import { createMemoryLoader, parseConfig } from '@vrrp/conf-parser';

import { loadConfiguration, REDACTED, redactHeaders } from '../../src/control/configuration.js';

test('the values of the headers of webhooks are not shown', () => {
  const webhook = 'notify_webhook http://a header "Authorization: topsecret"';
  const block = `interface eth0\nvirtual_router_id 51\n${webhook}\nvirtual_ipaddress {\n192.0.2.100\n}`;
  const text = `global_defs {\n${webhook}\n}\nvrrp_instance VI_1 {\n${block}\n}\n`;
  const { model } = parseConfig('/c', createMemoryLoader({ '/c': text }));
  const shown = JSON.stringify(model, redactHeaders);
  expect(shown.match(/"headers":\[\{"name":"Authorization","value":"\*+"\}\]/g)).toHaveLength(2);
  expect(shown).not.toContain('topsecret');
  expect(shown).toContain(REDACTED);
});

test.each([
  ['is not there', '/nosuch/check', ''],
  ['is a folder', '/tmp', ''],
  ['has no execute bit', undefined, ''],
  ['runs as nobody who is there', '/bin/true', 'user nosuchuser'],
])('a check that %s stays, to fail with that reason; a report leaves it out, as keepalived', (_what, path, user) => {
  const folder = mkdtempSync(join(tmpdir(), 'vrrpd-checks-'));
  try {
    const script = join(folder, 'check');
    writeFileSync(script, '#!/bin/sh\n');
    chmodSync(script, 0o644);
    const file = join(folder, 'keepalived.conf');
    const instance = 'interface lo\nvirtual_router_id 51\nvirtual_ipaddress {\n198.51.100.1\n}\ntrack_script {\nchk\n}';
    writeFileSync(
      file,
      `vrrp_script chk {\nscript "${path ?? script}"\n${user}\n}\nvrrp_instance A {\n${instance}\n}\n`,
    );
    const namesFor = (purpose: 'run' | 'report'): readonly string[] | undefined =>
      loadConfiguration(file, undefined, purpose).parsed.model?.vrrp_script.map(({ name }) => name);
    expect(namesFor('run')).toEqual(['chk']);
    expect(namesFor('report')).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
