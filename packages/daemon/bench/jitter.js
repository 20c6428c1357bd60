// Does what the control thread does reach the wire? A Master that advertises every 100 ms, alone and while 50 scripts run
// each second; vrrpd and real keepalived, one after the other in one run. A third party's clock: the kernel's, which stamps
// what tcpdump hears as it leaves. Jitter is how far an interval between two advertisements is from the one asked for,
// either way; late is how much longer it is. Needs root, keepalived and tcpdump. Prints ratios; asserts nothing about time.
// node bench/jitter.js [ADVERTISEMENTS]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createNamespaceLab } from '@vrrp/netlink-native/testing';

const ADVERTISEMENTS = Number(process.argv[2] ?? 1_000);
const INTERVAL_MS = 100;
const SCRIPTS = 50;
/** Advertisements that are not counted: until the code is compiled and every script has had its first run. */
const WARM_UP = 50;
const PROGRAM = fileURLToPath(new URL('../dist/bin.js', import.meta.url));
const PROGRAMS = { vrrpd: [process.execPath, PROGRAM], keepalived: ['keepalived'] };

const folder = mkdtempSync(join(tmpdir(), 'vrrpd-bench-'));
try {
  console.log(
    `jitter: |interval - ${INTERVAL_MS} ms|; ${ADVERTISEMENTS} advertisements at ${INTERVAL_MS} ms, alone and with ${SCRIPTS} scripts (/bin/true) each second`,
  );
  for (const name of Object.keys(PROGRAMS)) {
    const alone = spread(await intervals(name, 0));
    const busy = spread(await intervals(name, SCRIPTS));
    print(`${name}, alone`, alone);
    print(`${name}, ${SCRIPTS} scripts/s`, busy);
    console.log(`${name}: p99 of the jitter with scripts / without: ${(busy.p99 / alone.p99).toFixed(2)}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** How much each interval differs from the one that was asked for, in ms. */
async function intervals(name, scripts) {
  const lab = createNamespaceLab();
  try {
    const namespace = await lab.addNamespace('node');
    await lab.addBridgeLan('lan', [{ namespace, interface: 'eth0', addresses: ['192.0.2.1/24'] }]);
    const heard = listen(lab, namespace);
    const run = mkdtempSync(join(folder, 'run-'));
    writeFileSync(join(run, 'keepalived.conf'), config(scripts));
    const flags = ['-n', '-l', '-f', join(run, 'keepalived.conf'), '-p', join(run, 'pid'), '-r', join(run, 'vrrp.pid')];
    const child = lab.spawn(namespace, [...PROGRAMS[name], ...flags], { stdio: 'ignore' });
    const times = await heard(WARM_UP + ADVERTISEMENTS + 1);
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    const counted = times.slice(WARM_UP);
    return counted.slice(1).map((at, index) => (at - counted[index]) * 1_000 - INTERVAL_MS);
  } finally {
    await lab.close();
  }
}

function config(scripts) {
  const names = Array.from({ length: scripts }, (_, index) => `s${index}`);
  const blocks = names.map((name) => `vrrp_script ${name} {\n  script /bin/true\n  interval 1\n}\n`);
  return `global_defs {
  script_user root
  enable_script_security
}
${blocks.join('')}vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority 100
  version 3
  advert_int ${INTERVAL_MS / 1_000}
  virtual_ipaddress {
    198.51.100.10/24
  }
  ${names.length === 0 ? '' : `track_script {\n    ${names.join('\n    ')}\n  }`}
}
`;
}

/** Resolves with the times (s) of this many advertisements, stamped by the kernel as they leave. */
function listen(lab, namespace) {
  const argv = ['tcpdump', '-l', '-n', '-tt', '--immediate-mode', '-i', 'eth0', 'ip proto 112'];
  const child = lab.spawn(namespace, argv, { stdio: ['ignore', 'pipe', 'ignore'] });
  const times = [];
  return (count) =>
    new Promise((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const [, at] = /^(\d+\.\d+) IP /.exec(line) ?? [];
        if (at !== undefined && times.push(Number(at)) === count) resolve(times);
      });
    });
}

function spread(differences) {
  const jitter = differences.map(Math.abs).toSorted((a, b) => a - b);
  const at = (share) => jitter[Math.min(Math.floor(jitter.length * share), jitter.length - 1)];
  return {
    p50: at(0.5),
    p99: at(0.99),
    latest: Math.max(...differences),
    late: differences.filter((difference) => difference > 10).length,
  };
}

function print(title, { p50, p99, latest, late }) {
  const text = [`p50 ${p50.toFixed(3)} ms`, `p99 ${p99.toFixed(3)} ms`, `latest ${latest.toFixed(3)} ms`];
  console.log(`${title.padEnd(26)} jitter ${text.join('   ')}   more than 10 ms late: ${late}`);
}
