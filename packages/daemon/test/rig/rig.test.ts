// The parts of the interop rig that need no kernel: what it writes for the daemons and how it reads tcpdump.
// The samples are what tcpdump 4.99 printed for packets of our own rig, some with a checksum spoilt by hand.
import { describe, expect, test } from '@jest/globals';

import { createTcpdumpParser } from './capture.js';
import { Feed } from './deadline.js';
import { instanceConfig } from './instance-config.js';

function parseAll(text: string): readonly unknown[] {
  const parse = createTcpdumpParser();
  return text.split('\n').flatMap((line) => parse(line) ?? []);
}

describe('reading tcpdump', () => {
  test('version 2 with a password, on two lines', () => {
    const text = `1795360673.265314 IP (tos 0xc0, ttl 255, id 2, offset 0, flags [none], proto VRRP (112), length 40)
    192.0.2.1 > 224.0.0.18: VRRPv2, Advertisement, vrid 53, prio 100, authtype simple, intvl 1s, length 20, addrs: 192.0.2.101 auth "secret"`;
    expect(parseAll(text)).toEqual([
      {
        at: 1795360673265314,
        source: '192.0.2.1',
        destination: '224.0.0.18',
        ttl: 255,
        version: 2,
        vrid: 53,
        priority: 100,
        interval: 1_000_000,
        addresses: ['192.0.2.101'],
        password: 'secret',
        checksumGood: true,
        text: expect.stringMatching(/^IP \(tos 0xc0.*\) 192\.0\.2\.1 > .*"secret"$/),
      },
    ]);
  });

  test('version 3 over IPv6, on one line', () => {
    const text =
      '1795360669.564831 IP6 (class 0xc0, flowlabel 0xf1310, hlim 255, next-header VRRP (112) payload length: 40) fe80::1 > ff02::12: VRRPv3, Advertisement, vrid 52, prio 0, intvl 25cs, length 40, addrs(2): fe80::100,2001:db8::100';
    expect(parseAll(text)).toMatchObject([
      {
        source: 'fe80::1',
        destination: 'ff02::12',
        ttl: 255,
        version: 3,
        priority: 0,
        interval: 250_000,
        addresses: ['fe80::100', '2001:db8::100'],
        checksumGood: true,
      },
    ]);
  });

  test.each([
    [
      'of the VRRP message',
      '1.000000 IP6 (class 0xc0, hlim 255, next-header VRRP (112) payload length: 24) fe80::1 > ff02::12: VRRPv3, Advertisement, vrid 51, prio 100, intvl 30cs, length 24, (bad vrrp cksum 1234), addrs: fe80::64',
    ],
    [
      'of the IPv4 header',
      '1.000000 IP (tos 0xc0, ttl 255, id 1, offset 0, flags [none], proto VRRP (112), length 32, bad cksum 0 (->1899)!)\n    192.0.2.1 > 224.0.0.18: VRRPv3, Advertisement, vrid 51, prio 100, intvl 30cs, length 12, addrs: 192.0.2.100',
    ],
  ])('a bad checksum %s is noticed', (_title, text) => {
    expect(parseAll(text)).toMatchObject([{ checksumGood: false, vrid: 51 }]);
  });

  test('other packets in between are passed over', () => {
    const arp = '1.000000 ARP, Ethernet (len 6), IPv4 (len 4), Request who-has 192.0.2.9 tell 192.0.2.9, length 28';
    const advertisement =
      '2.000000 IP6 (class 0xc0, hlim 255, next-header VRRP (112) payload length: 24) fe80::1 > ff02::12: VRRPv3, Advertisement, vrid 7, prio 100, intvl 30cs, length 24, addrs: fe80::64';
    expect(parseAll([arp, advertisement, arp].join('\n'))).toMatchObject([{ vrid: 7 }]);
  });
});

test('an instance is written with all its blocks', () => {
  const text = instanceConfig({
    version: 2,
    vrid: 51,
    priority: 90,
    interval: 1,
    interface: 'eth0',
    addresses: ['192.0.2.100/24'],
    password: 'Letmein1',
    unicast: { source: '192.0.2.1', peers: ['192.0.2.2'] },
    lines: ['nopreempt'],
  });
  expect(text).toBe(`vrrp_instance VI_1 {
    state BACKUP
    interface eth0
    version 2
    virtual_router_id 51
    priority 90
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass Letmein1
    }
    unicast_src_ip 192.0.2.1
    unicast_peer {
        192.0.2.2
    }
    nopreempt
    virtual_ipaddress {
        192.0.2.100/24
    }
}
`);
});

describe('waiting', () => {
  test('finds what is there already and what comes later, from an index on', async () => {
    const feed = new Feed<number>();
    feed.push(1);
    await expect(feed.waitFor({ what: 'one', satisfies: (entry) => entry === 1 })).resolves.toBe(1);
    const later = feed.waitFor({ what: 'another one', satisfies: (entry) => entry === 1, from: 1 });
    feed.push(2);
    feed.push(1);
    await expect(later).resolves.toBe(1);
  });

  test('says what did not happen', async () => {
    const feed = new Feed<number>();
    const missing = feed.waitFor({
      what: 'a two',
      satisfies: (entry) => entry === 2,
      within: 1,
      context: () => 'so far',
    });
    await expect(missing).rejects.toThrow('not within 1 ms: a two\nso far');
  });
});
