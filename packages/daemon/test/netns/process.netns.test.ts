// The program as a process, as keepalived(8) describes it: flags that only ask, exit statuses, pid files, the background,
// the namespace it runs in, the configuration test. Where real keepalived can be asked, it is asked in the same namespace.
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import { captureAdvertisements } from '../rig/capture.js';
import { eventually, Feed } from '../rig/deadline.js';
import { instanceConfig } from '../rig/instance-config.js';
import { launch, pidFlags, runVrrpd, start, VRRPD } from './program.js';
import { createLoneNode, createNamespaceWith, heldOf, onStage, untilHolding } from './stage.js';
import type { Stage } from './stage.js';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
/** Where the addon may be: what is shipped, and what was built here. */
const ADDON_FOLDERS = ['prebuilds', 'build'].map((name) =>
  fileURLToPath(new URL(`../../../netlink-native/${name}`, import.meta.url)),
);
const VIRTUAL = '198.51.100.10';
const FOREGROUND = ['-n', '-l', '-G'];

function config(more: Partial<Parameters<typeof instanceConfig>[0]> = {}): string {
  return instanceConfig({
    version: 3,
    vrid: 51,
    priority: 200,
    interval: 0.2,
    interface: 'eth0',
    addresses: [`${VIRTUAL}/24`],
    ...more,
  });
}

/** A folder with this file in it; resolves with the file's path. */
async function fileOf(stage: Stage, text: string): Promise<string> {
  const file = join(await stage.folder(), 'keepalived.conf');
  await writeFile(file, text);
  return file;
}

/**
 * Words that run a program where these folders stand in for others: `folders` is by mount point. The mounts are the
 * program's alone (mount_namespaces(7)).
 */
function withMounts(folders: Readonly<Record<string, string>>): readonly string[] {
  const mounts = Object.entries(folders).map(([point, folder]) => `mount --bind ${folder} ${point} &&`);
  return ['unshare', '--mount', 'sh', '-c', `${mounts.join(' ')} exec "$@"`, 'sh'];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function pidIn(file: string): Promise<number> {
  return eventually(`a pid in ${file}`, async () => {
    const text = await readFile(file, 'utf8').catch(() => '');
    return /^\d+\n$/.test(text) ? Number(text) : undefined;
  });
}

requires('root', 'keepalived')('flags that only ask', () => {
  test.concurrent('-v, --version, -h and --help answer on standard error with status 0', () =>
    onStage(async (stage) => {
      const namespace = await stage.lab.addNamespace('ask');
      for (const [flag, pattern] of [
        ['-v', /^vrrpd v\d+\.\d+\.\d+/],
        ['--version', /^vrrpd v\d+\.\d+\.\d+/],
        ['-h', /^Usage: vrrpd .*--dont-fork/s],
        ['--help', /^Usage: vrrpd .*--dont-fork/s],
      ] as const) {
        const answer = await runVrrpd(stage, namespace, [flag]);
        expect({ flag, ...answer }).toEqual({ flag, status: 0, stdout: '', stderr: expect.stringMatching(pattern) });
      }
    }),
  );

  test.concurrent('--signum prints what keepalived prints', () =>
    onStage(async (stage) => {
      const namespace = await stage.lab.addNamespace('signum');
      for (const name of ['STOP', 'RELOAD', 'DATA', 'STATS', 'JSON', 'STATS_CLEAR', 'NONSENSE']) {
        const ours = await runVrrpd(stage, namespace, [`--signum=${name}`]);
        const theirs = await stage.lab.run(namespace, ['keepalived', `--signum=${name}`]);
        expect({ name, status: ours.status, stdout: ours.stdout.trim() }).toEqual({
          name,
          status: theirs.status,
          stdout: theirs.stdout.trim(),
        });
      }
    }),
  );
});

requires('root', 'keepalived')('exit statuses', () => {
  test.concurrent.each([
    ['an unknown option', ['--nonsense'], /Unknown option --nonsense/],
    ['an option without its argument', ['-n', '-f'], /use-file|-f|requires an argument/],
  ] as const)('1: %s', (_what, words, pattern) =>
    onStage(async (stage) => {
      const namespace = await stage.lab.addNamespace('option');
      const answer = await runVrrpd(stage, namespace, words);
      expect(answer).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(pattern) });
    }),
  );

  test.concurrent.each([
    ['of the command line', ['-s', 'nosuch'], ''],
    ['of the file', [], 'net_namespace nosuch\n'],
    ['of a test', ['-t', '-s', 'nosuch'], ''],
  ] as const)('0, as keepalived, and a sentence: a network namespace %s that is not there', (_what, words, line) =>
    onStage(async (stage) => {
      const namespace = await createNamespaceWith(stage, ['eth0']);
      const file = await fileOf(stage, line + config());
      const given = [...FOREGROUND, ...words, '-f', file, ...pidFlags(await stage.folder())];
      const ours = await runVrrpd(stage, namespace, given);
      const theirs = await stage.lab.run(namespace, ['keepalived', '-P', ...given]);
      expect([ours.status, theirs.status]).toEqual([0, 0]);
      expect(ours.stderr).toMatch(/Unable to set network namespace nosuch.*ENOENT/);
      expect(ours.stderr).not.toMatch(/^ +at /m);
    }),
  );

  test.concurrent('2: an interface that does not exist, as keepalived, and the line that names it', () =>
    onStage(async (stage) => {
      const namespace = await createNamespaceWith(stage, ['eth0']);
      const file = await fileOf(stage, config({ interface: 'nosuch0' }));
      const words = [...FOREGROUND, '-f', file, ...pidFlags(await stage.folder())];
      const ours = await runVrrpd(stage, namespace, words);
      const theirs = await stage.lab.run(namespace, ['keepalived', ...words]);
      expect([ours.status, theirs.status]).toEqual([2, 2]);
      expect(ours.stderr).toMatch(/keepalived\.conf:3:\d+: error: there is no interface nosuch0/);
    }),
  );

  test.concurrent.each(['CAP_NET_RAW', 'CAP_NET_ADMIN'])(
    '4: without %s, in a sentence that names it; no pid file',
    (name) =>
      onStage(async (stage) => {
        const { namespace } = (await createLoneNode(stage)).node;
        const wrapper = ['setpriv', `--bounding-set=-${name.slice('CAP_'.length).toLowerCase()}`];
        const program = await launch(stage, { namespace, config: config(), wrapper });
        expect(await program.end()).toBe(4);
        const sentences = program.log.map(({ msg }) => msg).filter((msg) => msg.includes(name));
        expect(sentences).toEqual([expect.stringMatching(/^cannot .*: CAP_NET_\w+ is missing$/)]);
        expect(existsSync(join(program.folder, 'vrrpd.pid'))).toBe(false);
      }),
  );

  test.concurrent('6: no configuration file, as keepalived', () =>
    onStage(async (stage) => {
      const namespace = await stage.lab.addNamespace('missing');
      const folder = await stage.folder();
      const words = [...FOREGROUND, '-f', join(folder, 'absent.conf'), ...pidFlags(folder)];
      const ours = await runVrrpd(stage, namespace, words);
      const theirs = await stage.lab.run(namespace, ['keepalived', ...words]);
      expect([ours.status, theirs.status]).toEqual([6, 6]);
      expect(ours.stderr).toContain(`Config files missing '${join(folder, 'absent.conf')}'`);
    }),
  );

  test.concurrent('0: another one runs already, which is said and does not disturb it', () =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const first = await start(stage, { namespace, config: config() });
      await first.becomes('master');
      const second = await launch(stage, { namespace, config: config(), folder: first.folder });
      expect(await second.end()).toBe(0);
      expect(second.log.map(({ msg }) => msg)).toContainEqual(expect.stringContaining('already running'));
      expect(await pidIn(join(first.folder, 'vrrpd.pid'))).toBe(first.pid);
      expect(await heldOf(stage.lab, namespace, [VIRTUAL])).toEqual([VIRTUAL]);
      expect(await first.stop()).toBe(0);
      expect(first.roles()).toEqual(['backup', 'master']);
    }),
  );
});

requires('root', 'tcpdump')('files and processes', () => {
  test.concurrent('it collects garbage in the thread that makes it, started as it may be', () =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const program = await start(stage, { namespace, config: config() });
      await program.becomes('master');
      const words = (await readFile(`/proc/${program.pid}/cmdline`, 'utf8')).split('\0');
      expect(words.slice(1, 4)).toEqual(['--single-threaded-gc', '--no-memory-reducer', VRRPD[1]]);
      expect(await program.stop()).toBe(0);
    }),
  );

  test.concurrent('-p and -r hold its pid while it runs, for everybody to read', () =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const program = await start(stage, { namespace, config: config() });
      const files = ['vrrpd.pid', 'vrrp.pid'].map((name) => join(program.folder, name));
      for (const file of files) {
        expect(await readFile(file, 'utf8')).toBe(`${program.pid}\n`);
        expect((await stat(file)).mode & 0o777).toBe(0o644);
      }
      expect(await program.stop()).toBe(0);
      expect(files.filter((file) => existsSync(file))).toEqual([]);
    }),
  );

  test.concurrent('without -f, -p and -r: /etc/keepalived/keepalived.conf, /run/keepalived.pid and /run/vrrp.pid', () =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const [etc, run] = [await stage.folder(), await stage.folder()];
      await writeFile(join(etc, 'keepalived.conf'), config({ priority: 123 }));
      const capture = await captureAdvertisements(stage.lab, namespace, 'eth0');
      const words = [...withMounts({ '/etc/keepalived': etc, '/run': run }), ...VRRPD, ...FOREGROUND];
      const child = stage.lab.spawn(namespace, words, { stdio: 'ignore' });
      expect(await pidIn(join(run, 'keepalived.pid'))).toBe(child.pid);
      expect(await pidIn(join(run, 'vrrp.pid'))).toBe(child.pid);
      await capture.waitFor('it runs that file', ({ priority }) => priority === 123);
      child.kill('SIGTERM');
      await eventually('the pid file is gone', async () =>
        existsSync(join(run, 'keepalived.pid')) ? undefined : true,
      );
    }),
  );

  test.concurrent('without the native addon: its log says what is missing and how to get it, and it ends with 70', () =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const [file, empty] = [await fileOf(stage, config()), await stage.folder()];
      const hidden = Object.fromEntries(ADDON_FOLDERS.filter((path) => existsSync(path)).map((path) => [path, empty]));
      const words = [...withMounts(hidden), ...VRRPD, ...FOREGROUND, '-f', file];
      const { status, stderr } = await stage.lab.run(namespace, [...words, ...pidFlags(await stage.folder())]);
      expect(stderr).toContain('Starting vrrpd');
      expect(stderr).toMatch(/cannot load the native addon; tried .*build it with "npm run build:native"/);
      expect(status).toBe(70);
    }),
  );

  test.concurrent('without -n: the background, status 0, and /dev/log; SIGTERM to the pid in the file ends it', () =>
    onStage(async (stage) => {
      const { lab } = stage;
      const { namespace } = (await createLoneNode(stage)).node;
      const folder = await stage.folder();
      const syslog = await listenToSyslog(stage, join(folder, 'log'));
      const devices = join(folder, 'dev');
      await mkdir(devices);
      await lab.run(namespace, [
        'sh',
        '-c',
        `cp -a /dev/null /dev/urandom ${devices} && ln -s ${folder}/log ${devices}`,
      ]);
      const file = await fileOf(stage, config());
      const words = [...withMounts({ '/dev': devices }), ...VRRPD, '-D', '-f', file, ...pidFlags(folder)];
      const answer = await lab.run(namespace, words);
      expect(answer).toEqual({ status: 0, stdout: '', stderr: '' });

      const pid = await pidIn(join(folder, 'vrrpd.pid'));
      expect(isAlive(pid)).toBe(true);
      await untilHolding(lab, namespace, [VIRTUAL], 'all');
      await syslog.waitFor({
        what: 'the log reaches /dev/log',
        // <29>: facility daemon (3), severity notice (5).
        satisfies: (line) =>
          line.startsWith('<29>') && line.endsWith(`Keepalived_vrrp[${pid}]: (VI_1) Entering MASTER STATE`),
        context: () => syslog.entries.join('\n'),
      });
      process.kill(pid, 'SIGTERM');
      await eventually('it ends', async () => (isAlive(pid) ? undefined : true));
      expect(existsSync(join(folder, 'vrrpd.pid'))).toBe(false);
      expect(await heldOf(lab, namespace, [VIRTUAL])).toEqual([]);
    }),
  );

  test.concurrent('-s: it runs in that network namespace', () =>
    onStage(async (stage) => {
      const { node } = await createLoneNode(stage);
      const elsewhere = await stage.lab.addNamespace('elsewhere');
      const program = await start(stage, { namespace: elsewhere, config: config(), flags: ['-s', node.namespace] });
      await program.becomes('master');
      await untilHolding(stage.lab, node.namespace, [VIRTUAL], 'all');
      expect(await program.stop()).toBe(0);
      expect(await heldOf(stage.lab, node.namespace, [VIRTUAL])).toEqual([]);
    }),
  );

  test.concurrent.each([
    ['alpha', 151],
    ['gamma', 150],
  ])("-i %s chooses among '@id' lines", (id, priority) =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const capture = await captureAdvertisements(stage.lab, namespace, 'eth0');
      const lines = ['@alpha priority 151', '@beta priority 152'];
      await start(stage, { namespace, config: config({ priority: 150, lines }), flags: ['-i', id] });
      expect((await capture.waitFor('an advertisement', () => true)).priority).toBe(priority);
    }),
  );

  test.concurrent('-d logs the configuration without its password', () =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const secret = 'S3cr3tXY';
      const text = config({ version: 2, interval: 1, password: secret });
      const program = await start(stage, { namespace, config: text, flags: ['-d'] });
      const dump = await program.says(/"virtual_router_id":51/);
      expect(dump.msg).toContain('"auth_pass":"********"');
      expect(await program.stop()).toBe(0);
      expect(JSON.stringify(program.log)).not.toContain(secret);
    }),
  );
});

/** A file and what may be wrong with it. */
const MISTAKES: readonly (readonly [string, string])[] = [
  ['nothing', config()],
  ['an unknown keyword', config({ lines: ['nonsense 1'] })],
  ['an interface that does not exist', config({ interface: 'nosuch0' })],
  ['a keyword without its argument', config({ lines: ['garp_master_delay'] })],
  ['a priority out of range', config({ priority: 300 })],
  [
    'a script without script security',
    `vrrp_script up {\n    script /bin/true\n}\n${config({ lines: ['track_script {', 'up', '}'] })}`,
  ],
];

requires('root', 'keepalived')('-t exits as keepalived -t', () => {
  test.concurrent('with every example', () =>
    onStage(async (stage) => {
      const { lab } = stage;
      const namespace = await createNamespaceWith(stage, ['eth0', 'eth1', 'ens18']);
      const files = ['two-nodes/node-a', 'two-nodes/node-b', 'unicast/node-a', 'unicast/node-b'];
      for (const name of [...files, 'multiple-addresses/keepalived', 'check-script/keepalived']) {
        const words = ['-t', '-f', join(EXAMPLES, `${name}.conf`)];
        const ours = await runVrrpd(stage, namespace, words);
        const theirs = await lab.run(namespace, ['keepalived', ...words]);
        expect({ name, ...ours }).toEqual({ name, status: 0, stdout: '', stderr: '' });
        expect({ name, status: theirs.status }).toEqual({ name, status: 0 });
      }
    }),
  );

  test.concurrent.each(MISTAKES)('with %s', (_what, text) =>
    onStage(async (stage) => {
      const namespace = await createNamespaceWith(stage, ['eth0']);
      const words = ['-t', '-f', await fileOf(stage, text)];
      const ours = await runVrrpd(stage, namespace, words);
      const theirs = await stage.lab.run(namespace, ['keepalived', ...words]);
      expect(ours).toMatchObject({ status: theirs.status, stdout: '' });
      expect(ours.stderr === '').toBe(ours.status === 0);
    }),
  );

  test.concurrent('with no file; and its words go to the file that is named', () =>
    onStage(async (stage) => {
      const namespace = await stage.lab.addNamespace('test');
      const folder = await stage.folder();
      const [file, log] = [join(folder, 'absent.conf'), join(folder, 'words')];
      const ours = await runVrrpd(stage, namespace, [`-t${log}`, '-f', file]);
      expect(ours).toEqual({ status: 0, stdout: '', stderr: '' });
      expect(await readFile(log, 'utf8')).toContain(file);
      await rm(log);
      const theirs = await stage.lab.run(namespace, ['keepalived', `-t${log}`, '-f', file]);
      expect(theirs.status).toBe(0);
    }),
  );
});

/** A syslog daemon for one test: everything that is sent to the socket. perl(1) is in every Debian; Node has no such sockets. */
async function listenToSyslog({ lab }: Stage, path: string): Promise<Feed<string>> {
  const listener = `
    my ($log, $line);
    socket($log, AF_UNIX, SOCK_DGRAM, 0) && bind($log, sockaddr_un($ARGV[0])) || die "cannot listen: $!";
    $| = 1;
    print "listening\\n";
    print "$line\\n" while defined recv($log, $line, 65536, 0);
  `;
  const namespace = await lab.addNamespace('syslog');
  const child = lab.spawn(namespace, ['perl', '-MSocket', '-e', listener, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('perl could not be started');
  const lines = new Feed<string>();
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  await lines.waitFor({ what: 'the syslog listens', satisfies: (line) => line === 'listening' });
  return lines;
}
