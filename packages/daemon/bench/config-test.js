// A configuration test as a whole process, beside `keepalived -t` in one run: wall time and peak memory on generated files
// of 10, 1,000 and 10,000 instances, and what Node.js alone costs. Prints medians, bests and ratios; asserts nothing.
// Without keepalived, or without root for its namespace, only our side is shown. Run: npm run bench
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const SIZES = [10, 1000, 10_000];
const ROUNDS = 7;
const PROGRAM = fileURLToPath(new URL('../dist/bin.js', import.meta.url));
/** How often the peak is looked at; the kernel keeps the highest so far (proc(5), VmHWM). */
const LOOK_MS = 1;

const folder = mkdtempSync(join(tmpdir(), 'vrrpd-bench-'));
const namespace = `vrrpd-bench-${process.pid}`;
const rooted = process.getuid() === 0 && spawnSync('ip', ['netns', 'add', namespace]).status === 0;
const inNamespace = rooted ? ['ip', 'netns', 'exec', namespace] : [];
try {
  const programs = { vrrpd: [process.execPath, PROGRAM], ...(rooted ? { keepalived: ['keepalived'] } : {}) };
  const node = await measure({ node: [...inNamespace, process.execPath, '-e', '0'] });
  console.log(`node -e 0: ${milliseconds(node.node)}, ${node.node.megabytes.toFixed(0)} MB`);
  for (const size of SIZES) {
    const file = join(folder, `${size}.conf`);
    writeFileSync(file, configuration(size));
    const commands = Object.entries(programs).map(([name, words]) => [
      name,
      [...inNamespace, ...words, '-t', '-f', file],
    ]);
    print(size, await measure(Object.fromEntries(commands)));
  }
} finally {
  if (rooted) spawnSync('ip', ['netns', 'delete', namespace]);
  rmSync(folder, { recursive: true });
}

/** Each command in turn, round after round, so that what else the machine does meets all of them alike. */
async function measure(commands) {
  const results = {};
  for (const name of Object.keys(commands)) results[name] = { times: [], megabytes: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, [program, ...words]] of Object.entries(commands)) {
      const started = process.hrtime.bigint();
      const { error } = spawnSync(program, words);
      if (error !== undefined) throw error;
      results[name].times.push(Number(process.hrtime.bigint() - started) / 1e6);
    }
  }
  // Looking takes time from the one that is looked at: not in the rounds above.
  for (const [name, command] of Object.entries(commands)) results[name].megabytes = await peakMegabytes(command);
  return results;
}

async function peakMegabytes([program, ...words]) {
  const child = spawn(program, words, { stdio: 'ignore' });
  const ended = once(child, 'exit');
  let peak = 0;
  while (child.exitCode === null && child.signalCode === null) {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      // It has just ended.
    }
    await wait(LOOK_MS);
  }
  await ended;
  return peak;
}

function print(size, { vrrpd, keepalived }) {
  const ours = `vrrpd ${milliseconds(vrrpd)}, ${vrrpd.megabytes.toFixed(0)} MB`;
  if (keepalived === undefined) {
    console.log(`${size} instances: ${ours}`);
    return;
  }
  const theirs = `keepalived ${milliseconds(keepalived)}, ${keepalived.megabytes.toFixed(0)} MB`;
  const time = (median(vrrpd.times) / median(keepalived.times)).toFixed(2);
  const memory = (vrrpd.megabytes / keepalived.megabytes).toFixed(1);
  console.log(`${size} instances: ${ours}; ${theirs}; ratio: time ${time}, memory ${memory}`);
}

function milliseconds({ times }) {
  return `${median(times).toFixed(0)} ms (best ${Math.min(...times).toFixed(0)})`;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function configuration(instances) {
  const blocks = [];
  for (let index = 0; index < instances; index += 1) {
    const [vrid, link] = [1 + (index % 255), Math.floor(index / 255)];
    blocks.push(`vrrp_instance VI_${index} {
    state BACKUP
    interface eth${link}
    virtual_router_id ${vrid}
    priority ${1 + (index % 254)}
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass secret
    }
    virtual_ipaddress {
        10.${index >> 16}.${(index >> 8) & 255}.${index & 255}/24
    }
}
`);
  }
  // The interfaces do not exist where this runs.
  return `global_defs {\n    dynamic_interfaces\n}\n${blocks.join('')}`;
}
