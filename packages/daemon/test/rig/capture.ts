// What passes an interface, as tcpdump(8) decodes it: an independent second opinion on every packet, with the kernel's
// timestamps. tcpdump -v verifies the checksums of the IPv4 header and of VRRP (versions 2 and 3, both families).
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import type { NamespaceLab } from '@vrrp/netlink-native/testing';

import { Feed, withDeadline } from './deadline.js';

export interface CapturedAdvertisement {
  /** Microseconds since the epoch, taken by the kernel when the packet passed. */
  readonly at: number;
  readonly source: string;
  readonly destination: string;
  /** TTL or hop limit. */
  readonly ttl: number;
  readonly version: number;
  readonly vrid: number;
  readonly priority: number;
  /** Microseconds. */
  readonly interval: number;
  readonly addresses: readonly string[];
  /** The password as sent, with authentication of type PASS. */
  readonly password?: string;
  readonly checksumGood: boolean;
  /** All that tcpdump said of it after the timestamp, on one line. */
  readonly text: string;
}

export interface AdvertisementCapture {
  /** Everything captured so far, oldest first. */
  readonly seen: readonly CapturedAdvertisement[];
  /** The first one, from index `from` of `seen` on, that satisfies; rejects after `within` milliseconds. */
  waitFor(
    what: string,
    satisfies: (advertisement: CapturedAdvertisement) => boolean,
    options?: { readonly from?: number; readonly within?: number },
  ): Promise<CapturedAdvertisement>;
  stop(): Promise<void>;
}

/** tcpdump's own holds some 30 packets at once: many virtual routers send more, and on a busy machine nobody reads them. */
const BUFFER_KIB = '32768';
const FILTER = 'ip proto 112 or ip6 proto 112';
const FORMAT =
  /^(?<seconds>\d+)\.(?<micros>\d{6}) (?<text>IP6? \((?<header>.*?)\)\s+(?<source>\S+) > (?<destination>\S+): VRRPv(?<version>\d), Advertisement, vrid (?<vrid>\d+), prio (?<priority>\d+),.*? intvl (?<interval>\d+)(?<unit>c?s),.*)$/;
const SHOWN_MAX = 20;

/** Resolves when tcpdump listens: nothing that is sent afterwards is missed. */
export async function captureAdvertisements(
  lab: NamespaceLab,
  namespace: string,
  interfaceName: string,
): Promise<AdvertisementCapture> {
  const argv = ['tcpdump', '-i', interfaceName, '-l', '-n', '-v', '-tt', '-B', BUFFER_KIB, '--immediate-mode', FILTER];
  const child = lab.spawn(namespace, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  if (child.stdout === null || child.stderr === null) throw new Error('tcpdump could not be started');
  const feed = new Feed<CapturedAdvertisement>();
  const ended = once(child, 'close');
  const parse = createTcpdumpParser();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const advertisement = parse(line);
    if (advertisement !== undefined) feed.push(advertisement);
  });
  const said = new Feed<string>();
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line));
  await said.waitFor({ what: 'tcpdump listens', satisfies: (line) => line.includes('listening on') });
  return {
    seen: feed.entries,
    waitFor: (what, satisfies, options = {}) =>
      feed.waitFor({ ...options, what, satisfies, context: () => lastOnes(feed.entries) }),
    stop: async () => {
      child.kill('SIGINT');
      await withDeadline('tcpdump ends', ended);
    },
  };
}

/**
 * A function that takes the lines of `tcpdump -n -v -tt` one by one and returns an advertisement as soon as one is
 * complete. tcpdump puts IPv4 packets on two lines and IPv6 packets on one; what is not VRRP is passed over.
 */
export function createTcpdumpParser(): (line: string) => CapturedAdvertisement | undefined {
  let pending = '';
  return (line) => {
    pending = /^\s/.test(line) ? `${pending} ${line.trim()}` : line;
    const advertisement = readAdvertisement(pending);
    if (advertisement !== undefined) pending = '';
    return advertisement;
  };
}

function readAdvertisement(line: string): CapturedAdvertisement | undefined {
  const found = FORMAT.exec(line)?.groups;
  if (found === undefined) return undefined;
  const field = (name: string): string => found[name] ?? '';
  const text = field('text');
  const password = / auth "([^"]*)"/.exec(text)?.[1];
  return {
    at: Number(field('seconds')) * 1_000_000 + Number(field('micros')),
    source: field('source'),
    destination: field('destination'),
    ttl: Number(/(?:ttl|hlim) (\d+)/.exec(field('header'))?.[1]),
    version: Number(field('version')),
    vrid: Number(field('vrid')),
    priority: Number(field('priority')),
    interval: Number(field('interval')) * (field('unit') === 's' ? 1_000_000 : 10_000),
    addresses: / addrs(?:\(\d+\))?: ([^ ]+)/.exec(text)?.[1]?.split(',') ?? [],
    ...(password === undefined ? {} : { password }),
    checksumGood: !/bad (?:vrrp )?cksum/.test(text),
    text,
  };
}

function lastOnes(seen: readonly CapturedAdvertisement[]): string {
  return ['the last packets:', ...seen.slice(-SHOWN_MAX).map(({ at, text }) => `  ${at} ${text}`)].join('\n');
}
