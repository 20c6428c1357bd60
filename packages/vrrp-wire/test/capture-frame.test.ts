// Frames: the same advertisement through every link type, VLAN tags, IP options, extension headers and the Authentication
// Header; what is none of ours; and issues placed within the frame.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeFrame, formatVrrpPacket } from '../src/capture/index.js';
import type { FrameContent } from '../src/capture/index.js';
import {
  encodeAdvertisement,
  encodeGratuitousArp,
  encodeNeighborAdvertisement,
  formatIssue,
  ipBytes,
} from '../src/index.js';
import { concat } from './capture-files.js';
import { fromHex } from './vector-file.js';

const ETHERNET = 1;
const MACS = fromHex('01005e000012 020000000901');
const IPV4 = fromHex('45c0002000010000ff70d0900a090001e0000012 313564010064755c0a090067');
const IPV4_LINE =
  '10.9.0.1 > 224.0.0.18: VRRPv3, Advertisement, vrid 53, prio 100, intvl 100cs, length 12, addrs: 10.9.0.103';

const SOURCE6 = ipBytes('fe80::1');
const GROUP6 = ipBytes('ff02::12');
const MESSAGE6 = encodeAdvertisement(
  { version: 3, family: 6, vrid: 53, priority: 100, maxAdvertiseInterval: 100, addresses: ['fe80::53'] },
  { source: 'fe80::1', destination: 'ff02::12', checksum: 'auto' },
);
const IPV6 = ipv6(112, MESSAGE6);
const IPV6_LINE =
  'fe80::1 > ff02::12: VRRPv3, Advertisement, vrid 53, prio 100, intvl 100cs, length 24, addrs: fe80::53';

function ipv6(nextHeader: number, payload: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(0x6c, 0, 0, 0, 0, payload.length, nextHeader, 255), SOURCE6, GROUP6, payload);
}

function ethernet(type: string, payload: Uint8Array): Uint8Array {
  return concat(MACS, fromHex(type), payload);
}

/** What a frame is, in one line. */
function line(content: FrameContent): string {
  if (content.kind === 'vrrp') return formatVrrpPacket(content.packet);
  return content.kind === 'issue' ? formatIssue(content.issue) : content.kind;
}

/** An IPv4 header without options, its checksum unset: nobody judges that of a tunnel. */
function tunnel(protocol: number, payload: Uint8Array): Uint8Array {
  const header = fromHex('45000000 00000000 40000000 c0000201 c0000202');
  header[3] = 20 + payload.length;
  header[9] = protocol;
  return concat(header, payload);
}

const INNER = concat(MACS, fromHex('0800'), IPV4);
const UDP_TO_VXLAN = fromHex('c000 12b5 0000 0000');

describe('encapsulations', () => {
  test.each<[string, Uint8Array, string]>([
    ['SNAP', ethernet('0028', concat(fromHex('aaaa03 000000 0800'), IPV4)), `SNAP, ${IPV4_LINE}`],
    ['a provider bridge', ethernet('88e7', concat(fromHex('00000064'), INNER)), `PBB, ${IPV4_LINE}`],
    ['MPLS', ethernet('8847', concat(fromHex('00064040 00065140'), IPV4)), `MPLS, ${IPV4_LINE}`],
    ['MPLS, IPv6', ethernet('8847', concat(fromHex('00065140'), IPV6)), `MPLS, ${IPV6_LINE}`],
    ['a pseudowire', ethernet('8847', concat(fromHex('00065140 00000000'), INNER)), `MPLS, ${IPV4_LINE}`],
    ['PPPoE', ethernet('8864', concat(fromHex('1100 0001 0022 0021'), IPV4)), `PPPoE, ${IPV4_LINE}`],
    ['GRE', ethernet('0800', tunnel(47, concat(fromHex('0000 0800'), IPV4))), `GRE, ${IPV4_LINE}`],
    [
      'GRE with key and number, Ethernet inside',
      ethernet('0800', tunnel(47, concat(fromHex('3000 6558 00000007 00000001'), INNER))),
      `GRE, ${IPV4_LINE}`,
    ],
    ['IPIP', ethernet('0800', tunnel(4, IPV4)), `IPIP, ${IPV4_LINE}`],
    ['SIT', ethernet('0800', tunnel(41, IPV6)), `SIT, ${IPV6_LINE}`],
    ['IPIP over IPv6', ethernet('86dd', ipv6(4, IPV4)), `IPIP, ${IPV4_LINE}`],
    [
      'VXLAN with a tag inside',
      ethernet(
        '0800',
        tunnel(17, concat(UDP_TO_VXLAN, fromHex('08000000 00006400'), MACS, fromHex('8100 000a 0800'), IPV4)),
      ),
      `VXLAN, vlan 10, ${IPV4_LINE}`,
    ],
    [
      'MPLS in GRE',
      ethernet('0800', tunnel(47, concat(fromHex('0000 0800'), tunnel(4, IPV4)))),
      `GRE, IPIP, ${IPV4_LINE}`,
    ],
  ])('%s', (_title, frame, expected) => {
    expect(line(decodeFrame(frame, ETHERNET))).toBe(expected);
  });

  test.each<[string, Uint8Array]>([
    ['MPLS', ethernet('8847', fromHex('00065140 f0000000'))],
    ['PPPoE', ethernet('8864', fromHex('1100 0001 0004 c021 01010004'))],
    ['GRE', ethernet('0800', tunnel(47, fromHex('3001 880b 00000000')))],
    ['VXLAN', ethernet('0800', tunnel(17, concat(UDP_TO_VXLAN, fromHex('00000000 00006400'), INNER)))],
    [
      'IPIP',
      ethernet(
        '0800',
        [1, 2, 3, 4, 5].reduce((inner) => tunnel(4, inner), IPV4),
      ),
    ],
  ])('what cannot be looked into is named: %s', (skipped, frame) => {
    expect(decodeFrame(frame, ETHERNET)).toEqual({ kind: 'other', skipped });
  });

  test('a later fragment, other UDP and spanning tree are no encapsulation', () => {
    const fragment = tunnel(47, concat(fromHex('0000 0800'), IPV4));
    fragment[7] = 1;
    for (const frame of [
      ethernet('0800', fragment),
      ethernet('0800', tunnel(17, fromHex('c000 0035 0000 0000'))),
      ethernet('0026', fromHex('424203 0000')),
    ])
      expect(decodeFrame(frame, ETHERNET)).toEqual({ kind: 'other' });
  });

  test('every truncation is read without a throw', () => {
    const frame = ethernet('0800', tunnel(17, concat(UDP_TO_VXLAN, fromHex('08000000 00006400'), INNER)));
    for (let length = 0; length < frame.length; length += 1) decodeFrame(frame.subarray(0, length), ETHERNET);
  });
});

describe('link types', () => {
  const sll = fromHex('0001 0001 0006 020000000901 0000');
  const sll2 = fromHex('0000 00000002 0001 00 06 020000000901 0000');

  test.each<[string, number, Uint8Array, string]>([
    ['Ethernet, IPv4', ETHERNET, ethernet('0800', IPV4), IPV4_LINE],
    ['Ethernet, IPv6', ETHERNET, ethernet('86dd', IPV6), IPV6_LINE],
    ['Ethernet with padding', ETHERNET, ethernet('0800', concat(IPV4, new Uint8Array(14))), IPV4_LINE],
    ['802.1Q', ETHERNET, ethernet('8100 e00a 0800', IPV4), `vlan 10, ${IPV4_LINE}`],
    ['802.1ad over 802.1Q', ETHERNET, ethernet('88a8 0064 8100 000a 86dd', IPV6), `vlan 100, vlan 10, ${IPV6_LINE}`],
    ['Linux cooked', 113, concat(sll, fromHex('0800'), IPV4), IPV4_LINE],
    ['Linux cooked, tagged', 113, concat(sll, fromHex('8100 0005 0800'), IPV4), `vlan 5, ${IPV4_LINE}`],
    ['Linux cooked version 2', 276, concat(fromHex('86dd'), sll2, IPV6), IPV6_LINE],
    ['raw IP, IPv4', 101, IPV4, IPV4_LINE],
    ['raw IP, IPv6', 101, IPV6, IPV6_LINE],
    ['raw IP as BSD numbered it', 12, IPV4, IPV4_LINE],
    ['raw IPv4', 228, IPV4, IPV4_LINE],
    ['raw IPv6', 229, IPV6, IPV6_LINE],
    ['null, little-endian', 0, concat(fromHex('02000000'), IPV4), IPV4_LINE],
    ['null, big-endian', 0, concat(fromHex('00000002'), IPV4), IPV4_LINE],
    ['null, IPv6 of FreeBSD', 0, concat(fromHex('1c000000'), IPV6), IPV6_LINE],
    ['null, IPv6 of Darwin, big-endian', 0, concat(fromHex('0000001e'), IPV6), IPV6_LINE],
    ['loop', 108, concat(fromHex('00000018'), IPV6), IPV6_LINE],
  ])('%s', (_, linkType, frame, expected) => {
    expect(line(decodeFrame(frame, linkType))).toBe(expected);
  });
});

function hopByHop(next: number): Uint8Array {
  return Uint8Array.of(next, 0, 1, 4, 0, 0, 0, 0);
}

function routing(next: number): Uint8Array {
  return concat(Uint8Array.of(next, 1), new Uint8Array(14));
}

function fragment(next: number, field: number): Uint8Array {
  return Uint8Array.of(next, 0, field >> 8, field & 255, 0, 0, 0, 1);
}

describe('what may stand between the network layer and the message', () => {
  test('IPv4 options', () => {
    const header = fromHex('46c0002400010000ff70 0000 0a090001e0000012 94040000');
    expect(line(decodeFrame(concat(header, IPV4.subarray(20)), 101))).toBe(IPV4_LINE);
  });

  test.each<[string, Uint8Array]>([
    ['hop-by-hop options', ipv6(0, concat(hopByHop(112), MESSAGE6))],
    ['destination options', ipv6(60, concat(hopByHop(112), MESSAGE6))],
    ['a routing header', ipv6(43, concat(routing(112), MESSAGE6))],
    ['an atomic fragment', ipv6(44, concat(fragment(112, 0), MESSAGE6))],
    ['three headers', ipv6(0, concat(hopByHop(43), routing(44), fragment(112, 0), MESSAGE6))],
  ])('IPv6 with %s', (_, datagram) => {
    expect(line(decodeFrame(datagram, 101))).toBe(IPV6_LINE);
  });

  test('the Authentication Header, as keepalived sends it', () => {
    const datagram = fromHex(
      '45c0004000010000ff33d0ad0a090001e0000012 700400000a09000100000001bd98de2048d1a6f79ab8d564 2134c80102010a5a0a0900660000000000000000',
    );
    expect(line(decodeFrame(datagram, 101))).toBe(
      '10.9.0.1 > 224.0.0.18: AH(spi=10.9.0.1, seq=1): VRRPv2, Advertisement, vrid 52, prio 200, authtype ah, intvl 1s, length 20, addrs: 10.9.0.102',
    );
  });

  test.each<[string, Uint8Array, string]>([
    [
      'a first fragment',
      fromHex('45c0002000012000ff7000000a090001e0000012').subarray(0),
      'fragment at offset 0, more follow (bytes 20-21, RFC 791 §3.1)',
    ],
    [
      'a last fragment',
      fromHex('45c0001c00010001ff7000000a090001e0000012 0000000000000000'),
      'fragment at offset 8 (bytes 20-21, RFC 791 §3.1)',
    ],
  ])('IPv4: %s', (_, datagram, expected) => {
    expect(line(decodeFrame(ethernet('0800', datagram), ETHERNET))).toBe(expected);
  });

  test.each<[string, Uint8Array, string]>([
    [
      'a first fragment',
      ipv6(44, concat(fragment(112, 1), MESSAGE6)),
      'fragment at offset 0, more follow (bytes 42-43, RFC 8200 §4.5)',
    ],
    [
      'a last fragment',
      ipv6(44, concat(fragment(112, 16), MESSAGE6)),
      'fragment at offset 16 (bytes 42-43, RFC 8200 §4.5)',
    ],
    [
      'an extension header that does not end',
      ipv6(0, Uint8Array.of(112, 9, 0, 0, 0, 0, 0, 0)),
      'truncated: 48 of 120 bytes (behind byte 48, RFC 8200 §4)',
    ],
    [
      'half an extension header',
      ipv6(0, Uint8Array.of(112, 0, 0)),
      'truncated: 43 of 48 bytes (behind byte 43, RFC 8200 §4)',
    ],
    [
      'too many extension headers',
      ipv6(0, concat(...Array.from({ length: 9 }, () => hopByHop(0)))),
      'number of extension headers is 9, expected 8 (bytes 104-111, RFC 8200 §4.1)',
    ],
  ])('IPv6: %s', (_, datagram, expected) => {
    expect(line(decodeFrame(datagram, 101))).toBe(expected);
  });
});

describe('frames that are not VRRP', () => {
  const udp = Uint8Array.from(IPV4);
  udp[9] = 17;

  test.each<[string, number, Uint8Array]>([
    ['another EtherType', ETHERNET, ethernet('88cc', IPV4)],
    ['an 802.3 length', ETHERNET, ethernet('0020', IPV4)],
    ['UDP', 101, udp],
    ['UDP cut by the snapshot length', 101, udp.subarray(0, 24)],
    ['ICMPv6 that announces nothing', 101, ipv6(58, fromHex('80000000'))],
    ['cut IPv6 to somebody else', 101, concat(IPV6.subarray(0, 24), SOURCE6)],
    [
      'an ARP question',
      ETHERNET,
      ethernet('0806', fromHex('0001080006040001 020000000901 0a090001 000000000000 0a090002')),
    ],
    [
      'AH around another protocol',
      101,
      fromHex('45000030000100000133d0ad0a090001e0000012 06040000000000010000000100000000000000000000000000000000'),
    ],
    ['another family', 0, concat(fromHex('07000000'), IPV4)],
    ['neither IPv4 nor IPv6', 101, fromHex('00')],
  ])('%s', (_, linkType, frame) => {
    expect(line(decodeFrame(frame, linkType))).toBe('other');
  });

  test('announcements are told apart', () => {
    const arp = encodeGratuitousArp({ mac: '00:00:5e:00:01:33', address: '10.9.0.100' });
    const advertisement = encodeNeighborAdvertisement({ mac: '00:00:5e:00:02:33', address: 'fe80::53', router: true });
    const tagged = concat(arp.subarray(0, 12), fromHex('8100000a'), arp.subarray(12));
    for (const frame of [arp, tagged]) {
      expect(decodeFrame(frame, ETHERNET)).toEqual({
        kind: 'gratuitous-arp',
        announcement: { mac: '00:00:5e:00:01:33', address: '10.9.0.100', operation: 'request' },
      });
    }
    expect(line(decodeFrame(advertisement, ETHERNET))).toBe('neighbor-advertisement');
  });
});

describe('issues and oddities', () => {
  test.each<[string, number, Uint8Array, string]>([
    ['an unknown link type', 147, IPV4, 'link type 147 is not read (bytes 0-31, draft-ietf-opsawg-pcaplinktype §2)'],
    ['a cut Ethernet header', ETHERNET, MACS, 'truncated: 12 of 14 bytes (behind byte 12, IEEE 802.3 §3.1.1)'],
    [
      'a cut tag',
      ETHERNET,
      ethernet('8100 00', new Uint8Array()),
      'truncated: 15 of 18 bytes (behind byte 15, IEEE 802.1Q §9.6)',
    ],
    [
      'a cut family',
      0,
      Uint8Array.of(2, 0),
      'truncated: 2 of 4 bytes (behind byte 2, draft-ietf-opsawg-pcaplinktype §2)',
    ],
    [
      'nothing at all',
      101,
      new Uint8Array(),
      'truncated: 0 of 1 bytes (behind byte 0, draft-ietf-opsawg-pcaplinktype §2)',
    ],
    [
      'VRRP over IPv4, cut',
      ETHERNET,
      ethernet('0800', IPV4.subarray(0, 30)),
      'truncated: 30 of 32 bytes (behind byte 44, RFC 791 §3.1)',
    ],
    [
      'VRRP over IPv6, cut',
      ETHERNET,
      ethernet('86dd', IPV6.subarray(0, 60)),
      'truncated: 60 of 64 bytes (behind byte 74, RFC 8200 §3)',
    ],
  ])('%s', (_, linkType, frame, expected) => {
    expect(line(decodeFrame(frame, linkType))).toBe(expected);
  });

  test('a wrong checksum points into the frame, and the rest is still told', () => {
    const frame = ethernet('0800', IPV4);
    frame[36] = 101;
    expect(line(decodeFrame(frame, ETHERNET))).toBe(
      `${IPV4_LINE.replace('prio 100', 'prio 101')} [checksum 0x755c, expected 0x745c (bytes 40-41, RFC 9568 §5.2.8)]`,
    );
  });

  test('TTL, checksum form and remarks are noted', () => {
    const datagram = fromHex('45c00020000100000170d0900a090002e0000012 313464010064 5ff7 0a090066');
    expect(line(decodeFrame(datagram, 101))).toBe(
      '10.9.0.2 > 224.0.0.18: VRRPv3, Advertisement, vrid 52, prio 100, intvl 100cs, length 12, addrs: 10.9.0.102 [ttl 1] [checksum payload-only]',
    );
    const padded = decodeFrame(
      concat(fromHex('45c0002400010000ff70d08c0a090001e0000012'), IPV4.subarray(20), fromHex('00000000')),
      101,
    );
    expect(line(padded)).toBe(
      `${IPV4_LINE} [4 bytes of Ethernet padding behind the message (bytes 32-35, IEEE 802.3 §3.2.8)]`,
    );
  });

  test('the authentication trailer of keepalived 2.4 is no trailing junk', () => {
    const message = '314bc80100641162 0a09004b';
    const trailer = '010100006b02ed8171530000ecf094f93b40f657b53cec190dd6ca47';
    const datagram = fromHex(`45c0003c00010000ff700000 0a090001 e0000012 ${message} ${trailer}`);
    expect(line(decodeFrame(datagram, 101))).toBe(
      '10.9.0.1 > 224.0.0.18: VRRPv3, Advertisement, vrid 75, prio 200, intvl 100cs, length 12, addrs: 10.9.0.75 [hmac key 1]',
    );
  });

  test('takes any bytes, on any link', () => {
    const start = fc.constantFrom(ethernet('0800', IPV4), ethernet('86dd', IPV6), IPV4, new Uint8Array());
    fc.assert(
      fc.property(
        start,
        fc.nat(40),
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom(0, 1, 101, 108, 113, 276),
        (head, keep, rest, linkType) => {
          const frame = concat(head.subarray(0, keep), rest);
          const content = decodeFrame(frame, linkType);
          if (content.kind === 'issue')
            expect(content.issue.offset + content.issue.length).toBeLessThanOrEqual(frame.length);
          expect(line(content)).not.toBe('');
        },
      ),
      { seed: 2026, numRuns: 2000 },
    );
  });
});
