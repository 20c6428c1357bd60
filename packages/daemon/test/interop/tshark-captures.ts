// The captures that tshark.test.ts has both programs read: the datagrams of tshark-messages.ts behind every link layer that
// @vrrp/wire/capture reads. The pcap files are ours; pcapng and microseconds are written by Wireshark's own tools.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  encodePcapHeader,
  encodePcapRecord,
  LINKTYPE_ETHERNET,
  LINKTYPE_IPV4,
  LINKTYPE_IPV6,
  LINKTYPE_LINUX_SLL,
  LINKTYPE_LINUX_SLL2,
  LINKTYPE_LOOP,
  LINKTYPE_NULL,
  LINKTYPE_RAW,
} from '@vrrp/wire/capture';
import { DATAGRAMS, joined } from './tshark-messages.js';
import type { Datagram } from './tshark-messages.js';

interface Link {
  readonly title: string;
  readonly linkType: number;
  /** What stands in front of a datagram of a family. */
  readonly header: (family: 4 | 6) => string;
  /** Link layers of one family only. */
  readonly family?: 4 | 6;
  /** Bytes behind the datagram, as short Ethernet frames have them. */
  readonly padding?: number;
}

const MACS = '01005e000012 00005e000133';
const ETHER_TYPE = { 4: '0800', 6: '86dd' } as const;
/** Outgoing, Ethernet hardware, 6 bytes of address. */
const SLL = '0004 0001 0006 00005e000133 0000';
const SLL2 = '0000 00000002 0001 04 06 00005e000133 0000';
const ETHERNET_PAYLOAD_MIN = 46;

export const LINKS: readonly Link[] = [
  {
    title: 'Ethernet',
    linkType: LINKTYPE_ETHERNET,
    header: (family) => `${MACS} ${ETHER_TYPE[family]}`,
    padding: ETHERNET_PAYLOAD_MIN,
  },
  { title: '802.1Q', linkType: LINKTYPE_ETHERNET, header: (family) => `${MACS} 8100 e00a ${ETHER_TYPE[family]}` },
  {
    title: '802.1ad over 802.1Q',
    linkType: LINKTYPE_ETHERNET,
    header: (family) => `${MACS} 88a8 0064 8100 000a ${ETHER_TYPE[family]}`,
  },
  { title: 'Linux cooked', linkType: LINKTYPE_LINUX_SLL, header: (family) => `${SLL} ${ETHER_TYPE[family]}` },
  {
    title: 'Linux cooked version 2',
    linkType: LINKTYPE_LINUX_SLL2,
    header: (family) => `${ETHER_TYPE[family]} ${SLL2}`,
  },
  { title: 'raw IP', linkType: LINKTYPE_RAW, header: () => '' },
  { title: 'raw IPv4', linkType: LINKTYPE_IPV4, header: () => '', family: 4 },
  { title: 'raw IPv6', linkType: LINKTYPE_IPV6, header: () => '', family: 6 },
  {
    title: 'null, little-endian',
    linkType: LINKTYPE_NULL,
    header: (family) => (family === 4 ? '02000000' : '1e000000'),
  },
  { title: 'null, big-endian', linkType: LINKTYPE_NULL, header: (family) => (family === 4 ? '00000002' : '0000001c') },
  {
    title: 'loopback of OpenBSD',
    linkType: LINKTYPE_LOOP,
    header: (family) => (family === 4 ? '00000002' : '00000018'),
  },
];

export interface CaptureFile {
  readonly title: string;
  readonly path: string;
  /** Which datagram each packet is, in file order. */
  readonly titles: readonly string[];
}

/** One nanosecond pcap a link layer, each with every datagram that it can carry. */
export function writePcapFiles(folder: string): readonly CaptureFile[] {
  return LINKS.map((link, index) => {
    const datagrams = DATAGRAMS.filter(({ family }) => link.family === undefined || link.family === family);
    const records = datagrams.map((datagram, number) =>
      encodePcapRecord({
        // A different instant for every packet, with digits in every place.
        timestamp: { seconds: 1_700_000_000 + index, nanoseconds: 1_002_003 * (number + 1) },
        bytes: frame(link, datagram),
      }),
    );
    const path = join(folder, `${index}.pcap`);
    writeFileSync(path, joined(encodePcapHeader({ linkType: link.linkType }), ...records));
    return { title: link.title, path, titles: datagrams.map(({ title }) => `${link.title}: ${title}`) };
  });
}

/** All of them one after the other in one pcapng, each on an interface of its own: by mergecap(1). */
export function mergeIntoPcapng(files: readonly CaptureFile[], folder: string): CaptureFile {
  const path = join(folder, 'all.pcapng');
  execFileSync('mergecap', ['-a', '-F', 'pcapng', '-I', 'none', '-w', path, ...files.map((file) => file.path)]);
  return { title: 'pcapng of every link layer', path, titles: files.flatMap(({ titles }) => titles) };
}

/** The same packets in a pcap with microseconds: by editcap(1). */
export function rewriteAsMicroseconds(file: CaptureFile, folder: string): CaptureFile {
  const path = join(folder, 'microseconds.pcap');
  execFileSync('editcap', ['-F', 'pcap', file.path, path]);
  return { ...file, title: `${file.title}, microseconds`, path };
}

function frame(link: Link, datagram: Datagram): Uint8Array {
  const header = new Uint8Array(Buffer.from(link.header(datagram.family).replaceAll(' ', ''), 'hex'));
  const missing = Math.max(0, (link.padding ?? 0) - datagram.bytes.length);
  return joined(header, datagram.bytes, new Uint8Array(missing));
}
