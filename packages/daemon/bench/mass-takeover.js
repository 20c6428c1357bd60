// 255 virtual routers on one link lose their Master at once, beside real keepalived in one run: how long from the first
// advertisement of the new Master to its last, to the first address, and to the last announcement.
// Both are the Backup of the same Master in the same namespaces, in turn. The Master is played here: it advertises for all in
// one batch, so that all deadlines of the Backup lie together, and falls silent.
// Needs root, keepalived and tcpdump. Prints medians and ratios; asserts nothing about time.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inNetworkNamespace, openVrrpSocket } from '@vrrp/netlink-native';
import { createNamespaceLab } from '@vrrp/netlink-native/testing';
import { encodeAdvertisement, encodeIpv4Header, ipBytes, IPV4_HEADER_LENGTH, VRRP_GROUP_IPV4 } from '@vrrp/wire';

const ROUNDS = 5;
const INSTANCES = 255;
/** Version 3 carries 12 bits of centiseconds; long enough for a busy machine to advertise 255 in time. */
const INTERVAL = 1;
const PROGRAM = fileURLToPath(new URL('../dist/bin.js', import.meta.url));
const PROGRAMS = { keepalived: ['keepalived'], vrrpd: [process.execPath, PROGRAM] };
const MICROS = 1_000_000;

let starts = 0;
const lab = createNamespaceLab();
const folder = mkdtempSync(join(tmpdir(), 'vrrpd-bench-'));
try {
  const [a, b, c] = [await lab.addNamespace('a'), await lab.addNamespace('b'), await lab.addNamespace('c')];
  await lab.addBridgeLan('lan', [
    { namespace: a, interface: 'eth0', addresses: ['192.0.2.1/24'] },
    { namespace: b, interface: 'eth0', addresses: ['192.0.2.2/24'] },
    { namespace: c, interface: 'eth0', addresses: ['192.0.2.3/24'] },
  ]);
  const wire = await listen(c, b);
  const results = { keepalived: [], vrrpd: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of Object.keys(PROGRAMS)) results[name].push(await takeover(name, a, b, wire));
  }
  print(results);
} finally {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
}

async function takeover(name, a, b, wire) {
  const master = await beMaster(a);
  const backup = start(b, name);
  await wait(3 * INTERVAL * 1_000);
  wire.forget();
  master.close();
  await until(() => wire.advertised('192.0.2.2').size === INSTANCES && wire.announced().size === INSTANCES);
  await until(() => wire.addresses().length >= INSTANCES);
  const times = [...wire.advertised('192.0.2.2').values()];
  const first = Math.min(...times);
  const measured = {
    lastAdvertisement: Math.max(...times) - first,
    firstAddress: Math.min(...wire.addresses()) - first,
    lastAnnouncement: Math.max(...wire.announced().values()) - first,
  };
  backup.kill('SIGTERM');
  await new Promise((resolve) => backup.once('exit', resolve));
  wire.forget();
  return measured;
}

/** Advertises priority 200 for every VRID in one batch an interval. */
async function beMaster(namespace) {
  const { stdout } = await lab.run(namespace, ['cat', '/sys/class/net/eth0/ifindex']);
  const options = { family: 4, linkIndex: Number(stdout), linkName: 'eth0' };
  const socket = inNetworkNamespace(namespace, () =>
    openVrrpSocket(
      options,
      () => undefined,
      () => undefined,
    ),
  );
  const batch = Array.from({ length: INSTANCES }, (_, index) => ({
    bytes: datagram(index + 1),
    destination: VRRP_GROUP_IPV4,
  }));
  const timer = setInterval(() => socket.send(batch), INTERVAL * 1_000);
  return {
    close() {
      clearInterval(timer);
      socket.close();
    },
  };
}

function datagram(vrid) {
  const [source, destination] = ['192.0.2.1', VRRP_GROUP_IPV4];
  const message = encodeAdvertisement(
    {
      version: 3,
      family: 4,
      vrid,
      priority: 200,
      maxAdvertiseInterval: INTERVAL * 100,
      addresses: [`198.51.100.${vrid}`],
    },
    { source, destination, checksum: 'with-pseudo-header' },
  );
  const bytes = new Uint8Array(IPV4_HEADER_LENGTH + message.length);
  encodeIpv4Header(bytes, 0, {
    source: ipBytes(source),
    destination: ipBytes(destination),
    ttl: 255,
    tos: 0xc0,
    identification: 1,
    payloadLength: message.length,
    protocol: 112,
  });
  bytes.set(message, IPV4_HEADER_LENGTH);
  return bytes;
}

function start(namespace, name) {
  const file = join(folder, 'backup.conf');
  writeFileSync(file, config());
  // Fresh names: a killed keepalived leaves its pid files, and a zombie child counts as a running daemon.
  starts += 1;
  const pids = ['-p', join(folder, `${starts}.pid`), '-r', join(folder, `vrrp-${starts}.pid`)];
  const flags = ['-n', '-G', '-f', file, ...pids];
  return lab.spawn(namespace, [...PROGRAMS[name], ...flags], { stdio: 'ignore' });
}

function config() {
  const instance = (vrid) => `vrrp_instance VI_${vrid} {
  state BACKUP
  interface eth0
  virtual_router_id ${vrid}
  priority 100
  version 3
  advert_int ${INTERVAL}
  garp_master_delay 0
  virtual_ipaddress {
    198.51.100.${vrid}/32
  }
}
`;
  return Array.from({ length: INSTANCES }, (_, index) => instance(index + 1)).join('');
}

/** What a third node sees on the wire, and what the kernel of `holder` tells of its addresses; seconds of the wall clock. */
async function listen(namespace, holder) {
  let adverts = new Map();
  let announcements = new Map();
  let added = [];
  const capture = ['tcpdump', '-l', '-n', '-tt', '-B', '16384', '-i', 'eth0', 'ip proto 112 or arp'];
  const wire = lab.spawn(namespace, capture, { stdio: ['ignore', 'pipe', 'ignore'] });
  lines(wire.stdout, (line) => {
    const [, at, source, vrid] = /^(\d+\.\d+) IP (\S+) >.* vrid (\d+), prio (?!0,)/.exec(line) ?? [];
    if (vrid !== undefined) {
      const known = adverts.get(source) ?? new Map();
      if (!known.has(vrid)) known.set(vrid, Number(at));
      adverts.set(source, known);
    }
    const [, when, address, same] = /^(\d+\.\d+) ARP, Request who-has (\S+) .*tell ([^,\s]+)/.exec(line) ?? [];
    if (address?.startsWith('198.51.100.') && address === same && !announcements.has(address))
      announcements.set(address, Number(when));
  });
  const monitor = lab.spawn(holder, ['ip', '-ts', 'monitor', 'address'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let now = 0;
  lines(monitor.stdout, (line) => {
    const [, stamp] = /^\[([^\]]+)\]/.exec(line) ?? [];
    if (stamp !== undefined) {
      const [whole, fraction] = stamp.split('.');
      now = Date.parse(whole) / 1_000 + Number(`0.${fraction}`);
    }
    if (line.includes('198.51.100.') && !line.includes('Deleted')) added.push(now);
  });
  await wait(1_000);
  return {
    advertised: (source) => adverts.get(source) ?? new Map(),
    announced: () => announcements,
    addresses: () => added,
    forget() {
      adverts = new Map();
      announcements = new Map();
      added = [];
    },
  };
}

function lines(stream, listener) {
  createInterface({ input: stream }).on('line', listener);
}

async function until(condition) {
  while (!condition()) await wait(5);
}

function print(results) {
  console.log(
    `takeover of ${INSTANCES} virtual routers at once, ${ROUNDS} rounds each, medians (min-max) after the first advertisement`,
  );
  const row = (title, pick) => {
    const [ours, theirs] = [summary(results.vrrpd.map(pick)), summary(results.keepalived.map(pick))];
    const ratio = (ours.median / theirs.median).toFixed(2);
    console.log(`${title.padEnd(24)} vrrpd ${ours.text} µs   keepalived ${theirs.text} µs   ratio ${ratio}`);
  };
  row('last advertisement', ({ lastAdvertisement }) => lastAdvertisement * MICROS);
  row('first address seen', ({ firstAddress }) => firstAddress * MICROS);
  row('last first announcement', ({ lastAnnouncement }) => lastAnnouncement * MICROS);
}

function summary(values) {
  const sorted = values.toSorted((x, y) => x - y);
  const median = sorted[Math.floor(sorted.length / 2)];
  return { median, text: `${median.toFixed(0)} (${sorted[0].toFixed(0)}-${sorted.at(-1).toFixed(0)})` };
}
