// log_unknown_vrids: what is told of advertisements for a VRID that nobody here runs.
import { expect, test } from '@jest/globals';
import type { VrrpSocketOptions } from '@vrrp/netlink-native';
import { UnknownVrids } from '../../src/engine/unknown-vrids.js';
import { reportEntries } from '../../src/log/report-sentences.js';
import { desiredRouter, Stage } from './pair.js';

const OPTIONS: VrrpSocketOptions = { family: 4, linkIndex: 2, linkName: 'eth0', multicastGroup: '224.0.0.18' };

test('each VRID of each sender once, and no more than 64', () => {
  const told: string[] = [];
  const unknown = new UnknownVrids(({ vrid, source }) => told.push(`${vrid} ${source}`));
  const hear = (vrid: number, source: string): void =>
    unknown.heard(
      {
        source,
        linkIndex: 2,
        destination: '224.0.0.18',
        ttl: 255,
        payload: Uint8Array.of(0x21, vrid, 1),
        arrivedAt: 0,
      },
      OPTIONS,
    );
  hear(9, '192.0.2.1');
  expect(told).toEqual([]);
  unknown.tells = true;
  hear(9, '192.0.2.1');
  hear(9, '192.0.2.1');
  hear(9, '192.0.2.2');
  expect(told).toEqual(['9 192.0.2.1', '9 192.0.2.2']);
  for (let vrid = 1; vrid <= 255; vrid += 1) hear(vrid, '192.0.2.3');
  expect(told).toHaveLength(64);
});

test('in keepalived’s words (seen), and only when the configuration asks for it', async () => {
  const stage = new Stage();
  const [asks, asksNot, other] = ['asks', 'asksNot', 'other'].map((name) => stage.addHost(name));
  await asks?.configure({ ...desiredRouter(100), tellsUnknownVrids: true });
  await asksNot?.configure(desiredRouter(100));
  await other?.configure(desiredRouter(200, { vrid: 99 }));
  await stage.until(9);
  const lines = (name: string): readonly string[] =>
    (stage.reports.get(name) ?? [])
      .filter(({ kind }) => kind === 'unknown-vrid')
      .flatMap((report) => reportEntries(report, () => undefined).map(({ message }) => message));
  expect(lines('asks')).toEqual(['Unknown VRID(99) received on interface(eth0). ignoring...']);
  expect(lines('asksNot')).toEqual([]);
});
