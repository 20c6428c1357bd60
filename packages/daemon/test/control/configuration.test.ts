// What of a configuration is shown and what is not.
import { expect, test } from '@jest/globals';
import { createMemoryLoader, parseConfig } from '@vrrp/conf-parser';

import { REDACTED, redactHeaders } from '../../src/control/configuration.js';

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
