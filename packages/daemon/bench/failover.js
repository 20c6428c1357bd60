// Failover beside real keepalived, in one run: who takes over how late, what a start costs, how much memory it takes.
// Both are the Backup of the same keepalived Master in the same namespaces, in turn; the Master is killed (SIGKILL).
// Needs root, keepalived and tcpdump. Prints medians and ratios; asserts nothing about time.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createNamespaceLab } from '@vrrp/netlink-native/testing';
import { masterDownInterval } from '@vrrp/state-machine';

const ROUNDS = 7;
const INTERVAL = 0.2;
const PRIORITY = { master: 200, backup: 100 };
const PROGRAM = fileURLToPath(new URL('../dist/bin.js', import.meta.url));
const PROGRAMS = { keepalived: ['keepalived'], vrrpd: [process.execPath, PROGRAM] };
const DOWN = masterDownInterval({
  version: 3,
  priority: PRIORITY.backup,
  downTimerAdverts: 3,
  masterAdvertisementInterval: INTERVAL * 1_000_000,
});

let starts = 0;
const lab = createNamespaceLab();
const folder = mkdtempSync(join(tmpdir(), 'vrrpd-bench-'));
try {
  const [a, b] = [await lab.addNamespace('a'), await lab.addNamespace('b')];
  await lab.addBridgeLan('lan', [
    { namespace: a, interface: 'eth0', addresses: ['192.0.2.1/24'] },
    { namespace: b, interface: 'eth0', addresses: ['192.0.2.2/24'] },
  ]);
  const heard = listen(b);
  const results = { keepalived: [], vrrpd: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of Object.keys(PROGRAMS)) results[name].push(await failover(name, a, b, heard));
  }
  print(results);
} finally {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
}

async function failover(name, a, b, heard) {
  const master = start(a, 'keepalived', 'master');
  await until(() => heard.last('192.0.2.1') !== undefined);
  const began = performance.now();
  const backup = start(b, name, 'backup');
  await new Promise((resolve) => lines(backup.stderr, (line) => line.includes('Entering BACKUP STATE') && resolve()));
  const started = performance.now() - began;
  await wait(5 * INTERVAL * 1_000);
  const memory = residentMemory(backup.pid);
  for (const pid of children(master.pid)) process.kill(pid, 'SIGKILL');
  master.kill('SIGKILL');
  await until(() => heard.last('192.0.2.2') !== undefined);
  const late = heard.first('192.0.2.2') - heard.last('192.0.2.1') - DOWN / 1_000_000;
  backup.kill('SIGTERM');
  await new Promise((resolve) => backup.once('exit', resolve));
  await lab.run(a, ['ip', 'address', 'del', '192.0.2.100/32', 'dev', 'eth0']);
  heard.forget();
  return { late: late * 1_000_000, started, memory };
}

function start(namespace, name, role) {
  const file = join(folder, `${role}.conf`);
  writeFileSync(file, config(PRIORITY[role]));
  // Fresh names: a killed keepalived leaves its pid files, and a zombie child counts as a running daemon.
  starts += 1;
  const pids = ['-p', join(folder, `${role}-${starts}.pid`), '-r', join(folder, `${role}-vrrp-${starts}.pid`)];
  const flags = ['-n', '-l', '-D', '-G', '-f', file, ...pids];
  const child = lab.spawn(namespace, [...PROGRAMS[name], ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr.resume();
  return child;
}

function config(priority) {
  return `vrrp_instance VI_1 {
  state BACKUP
  interface eth0
  virtual_router_id 51
  priority ${priority}
  version 3
  advert_int ${INTERVAL}
  virtual_ipaddress {
    192.0.2.100
  }
}
`;
}

/** The times at which each source was heard on the wire, in seconds, by one clock: tcpdump's. */
function listen(namespace) {
  let times = new Map();
  const child = lab.spawn(namespace, ['tcpdump', '-l', '-n', '-tt', '-i', 'eth0', 'ip proto 112'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  lines(child.stdout, (line) => {
    const [, at, source] = /^(\d+\.\d+) IP (\S+) >/.exec(line) ?? [];
    // A farewell (priority 0) is no advertisement of a Master.
    if (source !== undefined && !line.includes('prio 0')) times.set(source, [...(times.get(source) ?? []), Number(at)]);
  });
  return {
    first: (source) => times.get(source)?.[0],
    last: (source) => times.get(source)?.at(-1),
    forget: () => (times = new Map()),
  };
}

function lines(stream, listener) {
  createInterface({ input: stream }).on('line', listener);
}

async function until(condition) {
  while (!condition()) await wait(5);
}

function children(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

/** MiB, of the process and its children. */
function residentMemory(pid) {
  return [pid, ...children(pid)].reduce((sum, one) => {
    const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${one}/status`, 'utf8'))?.[1] ?? '0';
    return sum + Number(kib) / 1024;
  }, 0);
}

function print(results) {
  console.log(`failover of a Backup, version 3, interval ${INTERVAL} s, ${ROUNDS} rounds each, medians (min-max)`);
  const row = (title, unit, pick) => {
    const [ours, theirs] = [summary(results.vrrpd.map(pick)), summary(results.keepalived.map(pick))];
    const ratio = (ours.median / theirs.median).toFixed(2);
    console.log(`${title.padEnd(48)} vrrpd ${ours.text} ${unit}   keepalived ${theirs.text} ${unit}   ratio ${ratio}`);
  };
  row('first advertisement after Master_Down_Interval', 'µs', ({ late }) => late);
  row('from start to Backup', 'ms', ({ started }) => started);
  row('resident memory', 'MiB', ({ memory }) => memory);
}

function summary(values) {
  const sorted = values.toSorted((x, y) => x - y);
  const median = sorted[Math.floor(sorted.length / 2)];
  return { median, text: `${median.toFixed(0)} (${sorted[0].toFixed(0)}-${sorted.at(-1).toFixed(0)})` };
}
