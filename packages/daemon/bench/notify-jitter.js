// What telling others costs those who advertise: 50 instances, of which 25 fall into a fault and come back again and again,
// each time telling scripts, mail and (vrrpd) a webhook all at once, while the other 25 are Masters throughout.
// Measured is how late the adverts of those are, with and without anybody to tell, beside real keepalived. Needs root,
// keepalived and tcpdump. Asserts nothing.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createNamespaceLab } from '@vrrp/netlink-native/testing';

const INSTANCES = 50;
const INTERVAL_MS = 100;
const FLIPS = 10;
const FLIP_MS = 1_000;
const PORTS = { smtp: 2525, http: 8080 };
const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const PROGRAMS = { keepalived: ['keepalived'], vrrpd: [process.execPath, path('../dist/bin.js')] };

const folder = mkdtempSync(join(tmpdir(), 'vrrpd-bench-'));
try {
  console.log(`${INSTANCES} instances, ${FLIPS} faults of half of them; how late the others advertise, in µs`);
  for (const name of ['vrrpd', 'keepalived']) {
    for (const told of [false, true]) {
      const { late, notices } = await measure(name, told);
      const at = (share) => Math.round(late[Math.min(late.length - 1, Math.floor(share * late.length))]);
      const title = `${name}, ${told ? 'everybody told' : 'nobody told'}`;
      console.log(
        `${title.padEnd(28)} p50 ${at(0.5)}  p99 ${at(0.99)}  max ${at(1)}  (${late.length} adverts, ${notices})`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(name, told) {
  const lab = createNamespaceLab();
  try {
    const namespace = await lab.addNamespace('node');
    await lab.addBridgeLan('lan', [{ namespace, interface: 'eth0', addresses: ['192.0.2.1/24'] }]);
    await lab.run(namespace, ['ip', 'link', 'set', 'lo', 'up']);
    const mails = await recorder(lab, namespace, '../test/rig/smtp-recorder.mjs', PORTS.smtp);
    const posts = await recorder(lab, namespace, '../test/rig/http-recorder.mjs', PORTS.http);
    const heard = await listen(lab, namespace);
    const level = join(folder, 'level');
    writeFileSync(level, '0');
    const file = join(folder, 'keepalived.conf');
    writeFileSync(file, config(level, told ? name : undefined));
    const pids = ['-p', join(folder, `${name}-${told}.pid`), '-r', join(folder, `${name}-${told}-vrrp.pid`)];
    const child = lab.spawn(namespace, [...PROGRAMS[name], '-n', '-l', '-G', '-f', file, ...pids], { stdio: 'ignore' });
    await wait(3_000);
    heard.start();
    for (let flip = 0; flip < FLIPS; flip += 1) {
      writeFileSync(level, flip % 2 === 0 ? '-254' : '0');
      await wait(FLIP_MS);
    }
    const late = heard.late();
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    return { late, notices: `${mails.length} mails, ${posts.length} documents` };
  } finally {
    await lab.close();
  }
}

function config(level, toldBy) {
  const mail = `smtp_server 127.0.0.1 ${PORTS.smtp}\n smtp_alert\n notification_email {\n a@example.org\n }`;
  const webhook = toldBy === 'vrrpd' ? `notify_webhook http://127.0.0.1:${PORTS.http}` : '';
  const instances = Array.from({ length: INSTANCES }, (_, index) => {
    const tracked = index % 2 === 1 ? 'track_file {\n level\n }' : '';
    const notify = toldBy === undefined ? '' : 'notify /bin/true';
    return `vrrp_instance VI_${index} {
 interface eth0\n virtual_router_id ${index + 1}\n version 3\n advert_int ${INTERVAL_MS / 1_000}
 ${tracked}\n ${notify}\n virtual_ipaddress {\n 198.51.100.${index + 1}\n }\n}`;
  });
  return `global_defs {\n ${toldBy === undefined ? '' : `${mail}\n ${webhook}`}\n script_user root\n}
track_file level {\n file ${level}\n weight 1\n}\n${instances.join('\n')}\n`;
}

async function recorder(lab, namespace, program, port) {
  const child = lab.spawn(namespace, [process.execPath, path(program), String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const heard = [];
  await new Promise((resolve) =>
    lines(child.stdout, (line) => (line === 'listening' ? resolve() : heard.push(line.length))),
  );
  return heard;
}

/** When each virtual router that nothing happens to advertised, by tcpdump's clock. */
async function listen(lab, namespace) {
  let times = new Map();
  const child = lab.spawn(namespace, ['tcpdump', '-l', '-n', '-tt', '-B', '8192', '-i', 'eth0', 'ip proto 112'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  lines(child.stdout, (line) => {
    const [, at, vrid] = /^(\d+\.\d+) IP .* vrid (\d+),/.exec(line) ?? [];
    if (vrid !== undefined && Number(vrid) % 2 === 1) times.set(vrid, [...(times.get(vrid) ?? []), Number(at) * 1e6]);
  });
  await wait(500);
  const gaps = (all) => all.slice(1).map((at, index) => at - all[index] - INTERVAL_MS * 1_000);
  return {
    start: () => (times = new Map()),
    late: () => [...times.values()].flatMap(gaps).toSorted((one, other) => one - other),
  };
}

function lines(stream, listener) {
  createInterface({ input: stream }).on('line', listener);
}
