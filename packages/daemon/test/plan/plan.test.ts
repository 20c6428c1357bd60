// keepalived.conf -> virtual routers of the desired state: the whole way through the parser, in memory.
import { describe, expect, test } from '@jest/globals';
import { createMemoryLoader, parseConfig } from '@vrrp/conf-parser';
import { planConfig } from '../../src/plan/plan.js';
import type { DesiredVirtualRouter } from '../../src/plan/desired.js';
import { instance, VIP, planned } from './planned.js';

describe('a virtual router', () => {
  test("gets keepalived's defaults, in microseconds", () => {
    expect(planned(VIP).config).toMatchObject({
      name: 'VI_1',
      vrid: 51,
      family: 4,
      version: 2,
      interface: 'eth0',
      priority: 100,
      advertisementInterval: 1_000_000,
      downTimerAdverts: 3,
      preempt: true,
      preemptDelay: 0,
      virtualAddresses: ['192.0.2.100'],
      authentication: { kind: 'none' },
      multicastGroup: '224.0.0.18',
      announcements: {
        delay: 5_000_000,
        repeat: 5,
        refresh: 0,
        refreshRepeat: 1,
        lowerPriorityDelay: 5_000_000,
        lowerPriorityRepeat: 5,
      },
      answerLowerPriority: true,
      advertiseBeforeYielding: false,
      checkAddressList: true,
      trackInterface: true,
      trackedObjects: [],
    });
  });

  test.each<[string, string, Partial<DesiredVirtualRouter['config']>]>([
    [
      'a password of eight bytes',
      'authentication {\n auth_type PASS\n auth_pass abc\n}',
      { authentication: { kind: 'simple-password', password: new Uint8Array([97, 98, 99, 0, 0, 0, 0, 0]) } },
    ],
    [
      'no authentication in version 3',
      'version 3\nauthentication {\n auth_type PASS\n auth_pass abc\n}',
      { authentication: { kind: 'none' } },
    ],
    ['a version 3 interval in hundredths', 'version 3\nadvert_int 0.25', { advertisementInterval: 250_000 }],
    ['nopreempt', 'state BACKUP\nnopreempt', { preempt: false }],
    ['preempt_delay', 'state BACKUP\npreempt_delay 2.5', { preemptDelay: 2_500_000 }],
    ['priority 255 of a Master without one', 'state MASTER', { priority: 255 }],
    ['dont_track_primary', 'dont_track_primary', { trackInterface: false }],
    ['lower_prio_no_advert', 'lower_prio_no_advert', { answerLowerPriority: false }],
    ['timer_expired_backup', 'state BACKUP\nnopreempt\ntimer_expired_backup 120', { highestOtherPriority: 120 }],
    ['an owner told to begin as Backup', 'priority 255\nstate BACKUP', { listensFirst: true }],
    ['owner_ignore_adverts', 'priority 255\nowner_ignore_adverts', { ownerIgnoresAdvertisements: true }],
    ['v3_checksum_as_v2', 'version 3\nv3_checksum_as_v2', { checksum: 'payload-only' }],
    [
      'old_unicast_checksum',
      'version 3\nold_unicast_checksum\nunicast_peer {\n 192.0.2.9\n}',
      { oldUnicastChecksum: 'always' },
    ],
    [
      'old_unicast_checksum never',
      'version 3\nold_unicast_checksum never\nunicast_peer {\n 192.0.2.9\n}',
      { oldUnicastChecksum: 'never' },
    ],
    [
      'a tracked interface',
      'track_interface {\n eth1 weight 10\n}',
      { trackedObjects: [{ kind: 'interface', name: 'eth1', weight: 10, reverse: false }] },
    ],
  ])('takes %s', (_title, lines, expected) => {
    expect(planned(`${lines}\n${VIP}`).config).toMatchObject(expected);
  });

  test.each([
    ['vrrp_startup_delay 3', 1, 3_000_000],
    ['vrrp_delay_after_boot 60', 20.5, 39_500_000],
    ['vrrp_delay_after_boot 60', 61, 0],
    ['vrrp_delay_after_boot 60\nvrrp_startup_delay 50', 20, 50_000_000],
  ])('%j, %p s after the boot, delays the start by %p µs', (lines, uptime, expected) => {
    const text = `global_defs {\n${lines}\n}\n${instance(VIP)}`;
    const { model } = parseConfig('/k.conf', createMemoryLoader({ '/k.conf': text }));
    if (model === undefined) throw new Error('the test configuration was not read');
    const [router] = planConfig(model, { uptime }).desired.virtualRouters;
    expect(router?.config.startupDelay).toBe(expected);
  });

  test('talks multicast unless it has peers', () => {
    expect(planned(VIP).channel).toEqual({
      family: 4,
      link: 'eth0',
      multicastGroup: '224.0.0.18',
      unicastPeers: [],
      ttl: 255,
    });
    const unicast = planned(`unicast_src_ip 192.0.2.1\nunicast_peer {\n 192.0.2.2\n 192.0.2.3\n}\n${VIP}`);
    expect(unicast.channel).toEqual({
      family: 4,
      link: 'eth0',
      unicastPeers: ['192.0.2.2', '192.0.2.3'],
      ttl: 255,
      source: '192.0.2.1',
      sourceMustExist: true,
    });
    expect(unicast.config.unicast?.peers.map((peer) => peer.address)).toEqual(['192.0.2.2', '192.0.2.3']);
  });

  test('of IPv6 is version 3 and uses its own group', () => {
    const router = planned('virtual_ipaddress {\n fe80::100\n 2001:db8::100/64\n}');
    expect(router.config).toMatchObject({ family: 6, version: 3, multicastGroup: 'ff02::12' });
    expect(router.addresses.map(({ noDad, preferredLifetime }) => [noDad, preferredLifetime])).toEqual([
      [true, 0],
      [true, undefined],
    ]);
  });

  test('has each address with its link and options, excluded ones last and not advertised', () => {
    const router = planned(
      'virtual_ipaddress {\n 192.0.2.100/24 dev eth1 brd + label eth1:1 scope link\n}\nvirtual_ipaddress_excluded {\n 192.0.2.200\n}',
    );
    expect(router.config.virtualAddresses).toEqual(['192.0.2.100']);
    expect(router.addresses).toMatchObject([
      { address: '192.0.2.100', prefixLength: 24, link: 'eth1', broadcast: '192.0.2.255', label: 'eth1:1', scope: 253 },
      { address: '192.0.2.200', prefixLength: 32, link: 'eth0', scope: 0 },
    ]);
  });
});
