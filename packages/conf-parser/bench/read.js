// How long a configuration test takes, as whole processes: node with this package beside `keepalived -t`, on generated
// files of 10, 1,000 and 10,000 instances. Prints times and ratios and asserts nothing. Without keepalived (or root, for
// the namespace it needs) only our side is shown. Run: npm run bench
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIZES = [10, 1000, 10_000];
const RUNS = 5;
const PARSER = new URL('../dist/index.js', import.meta.url).href;

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

/** Best of some runs: the least disturbed by what else the machine does. */
function best(command, args) {
  let found = { milliseconds: Number.POSITIVE_INFINITY, megabytes: 0, status: 0 };
  for (let run = 0; run < RUNS; run += 1) {
    const started = process.hrtime.bigint();
    const { status, stdout, error } = spawnSync(command, args, { encoding: 'utf8' });
    if (error !== undefined) return undefined;
    const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
    if (milliseconds < found.milliseconds) found = { milliseconds, megabytes: Number(stdout.trim()) || 0, status };
  }
  return found;
}

const folder = mkdtempSync(join(tmpdir(), 'vrrpd-bench-'));
const namespace = `vrrpd-bench-${process.pid}`;
const rooted = process.getuid() === 0 && spawnSync('ip', ['netns', 'add', namespace]).status === 0;
try {
  console.log('instances     ours (ms)   peak (MB)   keepalived -t (ms)   ratio');
  for (const size of SIZES) {
    const file = join(folder, `${size}.conf`);
    writeFileSync(file, configuration(size));
    const program = `
      import { readFileSync } from 'node:fs';
      import { exitStatus, parseConfig } from ${JSON.stringify(PARSER)};
      const parsed = parseConfig(${JSON.stringify(file)}, { read: (path) => readFileSync(path, 'utf8'), glob: () => [] });
      console.log(process.resourceUsage().maxRSS / 1024);
      process.exitCode = exitStatus(parsed);`;
    const ours = best(process.execPath, ['--input-type=module', '-e', program]);
    const theirs = rooted ? best('ip', ['netns', 'exec', namespace, 'keepalived', '-t', '-f', file]) : undefined;
    const columns = [
      String(size).padStart(9),
      ours.milliseconds.toFixed(0).padStart(13),
      ours.megabytes.toFixed(0).padStart(11),
      (theirs?.milliseconds.toFixed(0) ?? '-').padStart(20),
      (theirs === undefined ? '-' : (ours.milliseconds / theirs.milliseconds).toFixed(2)).padStart(7),
    ];
    console.log(columns.join(' '));
  }
} finally {
  if (rooted) execFileSync('ip', ['netns', 'delete', namespace]);
  rmSync(folder, { recursive: true });
}
