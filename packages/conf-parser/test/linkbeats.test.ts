// linkbeat_use_polling and linkbeat_interfaces (keepalived.conf(5), "Linkbeat interfaces") as keepalived 2.2.7 reads them.
import { expect, test } from '@jest/globals';
import { BASICS, findings, modelOf, parseText } from './configs.js';

const instance = (...lines: readonly string[]): string =>
  ['vrrp_instance A {', ...BASICS, ...lines, '}', ''].join('\n');

test('interfaces with their methods: of two lines the later one counts, an unknown method is none', () => {
  const parsed = parseText(
    `linkbeat_interfaces {\neth0 MII\neth1\neth2 mii\neth0 IOCTL\n}\nlinkbeat_use_polling\n${instance()}`,
  );
  expect(findings(parsed)).toEqual(['conf/invalid-option @ mii']);
  expect(modelOf(parsed)).toMatchObject({
    linkbeat_use_polling: true,
    linkbeat_interfaces: [{ interface: 'eth0', method: 'IOCTL' }, { interface: 'eth1' }, { interface: 'eth2' }],
  });
});

test('an instance may ask for its own interface, which is deprecated', () => {
  const parsed = parseText(instance('linkbeat_use_polling'));
  expect(findings(parsed)).toEqual(['conf/deprecated-keyword @ linkbeat_use_polling']);
  expect(modelOf(parsed)).toMatchObject({
    linkbeat_use_polling: false,
    linkbeat_interfaces: [],
    vrrp_instance: [{ linkbeat_use_polling: true }],
  });
});
