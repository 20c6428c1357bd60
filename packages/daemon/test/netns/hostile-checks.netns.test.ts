// Whatever its checks are doing, vrrpd stops within a second, and nothing that they started is left; and checks that need
// no program tell what they find on the wire.
import { chmod, chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import { captureAdvertisements } from '../rig/capture.js';
import { eventually } from '../rig/deadline.js';
import { instanceConfig } from '../rig/instance-config.js';
import { start } from './program.js';
import { createLoneNode, createNodeLan, onStage } from './stage.js';
import type { Stage } from './stage.js';

/** From SIGTERM to the end of the process, in ms; its own limit is 1,000. */
const STOPS_WITHIN = 1_000;

/** The group `nogroup`. */
const NOBODY = 65_534;

/** Shell scripts; each gets a word of its own as an argument, by which what it starts is found. */
const HOSTILE: Readonly<Record<string, string>> = {
  blocks: 'sleep 1000; :',
  'ignores-term': 'trap "" TERM; while :; do sleep 1; done',
  forks: 'for i in 1 2 3 4 5; do sh -c "sleep 1000; :" "$0" & done; wait',
  emigrates: `trap "" TERM; setsid sh -c 'trap "" TERM; while :; do sleep 1; done' "$0" & while :; do sleep 1; done`,
  floods: 'head -c 1000000000 /dev/zero; sleep 1000; :',
};

const SERVER = `require('node:net').createServer((socket) => socket.destroy()).listen(8080, '192.0.2.1')`;

function config(scripts: Readonly<Record<string, string>>, more: readonly string[] = []): string {
  const names = Object.keys(scripts);
  const block = (name: string): string =>
    `vrrp_script ${name} {\n script "${scripts[name] ?? ''}"\n interval 1\n timeout 100\n weight 10\n}`;
  const instance = instanceConfig({
    version: 3,
    vrid: 51,
    priority: 100,
    interval: 0.1,
    interface: 'eth0',
    addresses: ['198.51.100.10/24'],
    lines: ['track_script {', ...names, '}', ...more],
  });
  return `global_defs {\n script_user root\n}\n${names.map(block).join('\n')}\n${instance}`;
}

/** The living processes that have this word among their arguments. */
async function processesWith(word: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.filter((_pid, index) => lines[index]?.includes(word) === true);
}

async function installScripts(stage: Stage): Promise<{ readonly folder: string; readonly config: string }> {
  const folder = await stage.folder();
  const scripts: Record<string, string> = {};
  for (const [name, text] of Object.entries(HOSTILE)) {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\n${text}\n`);
    await chmod(path, 0o755);
    scripts[name] = path;
  }
  return {
    folder,
    config: config({ ...scripts, refused: 'builtin:tcp 192.0.2.1:9', lost: 'builtin:ping 192.0.2.99' }),
  };
}

requires('root', 'tcpdump')('checks', () => {
  test('that block, fork, flood and ignore SIGTERM: vrrpd stops within a second, and nothing is left', () =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const { folder, config: text } = await installScripts(stage);
      const program = await start(stage, { namespace, folder: await stage.folder(), config: text });
      await program.becomes('master');
      const own = await eventually('every script and its children run', async () => {
        const pids = await processesWith(`${folder}/`);
        return pids.length >= Object.keys(HOSTILE).length + 6 ? pids : undefined;
      });
      const stopped = performance.now();
      expect(await program.stop()).toBe(0);
      expect(performance.now() - stopped).toBeLessThan(STOPS_WITHIN);
      expect(own.length).toBeGreaterThan(0);
      expect(await processesWith(`${folder}/`)).toEqual([]);
    }));

  test('that script security forbids: a fault that names the component and what mends it; mended, a reload runs them', () =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const open = join(await stage.folder(), 'open');
      await mkdir(open);
      await writeFile(join(open, 'check'), '#!/bin/sh\nexit 0\n');
      await chmod(join(open, 'check'), 0o755);
      await chown(open, 0, NOBODY);
      await chmod(open, 0o775);
      const text = config({ chk: join(open, 'check') }).replace('weight 10', 'weight 0');
      const secure = text.replace('script_user root', 'script_user root\n enable_script_security');
      const program = await start(stage, { namespace, config: secure });
      const said = await program.says(/^VRRP_Script\(chk\) failed/);
      expect(said.msg).toBe(
        `VRRP_Script(chk) failed (exec-error: script security: path component ${open} is group-writable by nogroup (0775); mend it with: chmod g-w ${open})`,
      );
      await program.becomes('fault');
      const [, command = ''] = /mend it with: ([^)]+)/.exec(said.msg) ?? [];
      expect((await stage.lab.run(namespace, command.split(' '))).status).toBe(0);
      program.signal('SIGHUP');
      await program.says(/^VRRP_Script\(chk\) succeeded$/);
      await program.becomes('master');
      expect(await program.stop()).toBe(0);
    }));

  test('that are built in change the priority: a port that opens, a host that answers, a file that is written', () =>
    onStage(async (stage) => {
      const { nodes } = await createNodeLan(stage);
      const [{ namespace }, neighbour] = nodes;
      const file = join(await stage.folder(), 'alive');
      const capture = await captureAdvertisements(stage.lab, namespace, 'eth0');
      const advertises = (priority: number) =>
        capture.waitFor(`priority ${priority}`, (packet) => packet.priority === priority, {
          from: capture.seen.length,
        });
      await stage.lab.setLink(neighbour.namespace, 'eth0', 'down');
      const program = await start(stage, {
        namespace,
        config: config({
          port: 'builtin:tcp 192.0.2.1:8080',
          host: `builtin:ping ${neighbour.address}`,
          file: `builtin:file ${file} max-age=1h`,
        }).replaceAll('timeout 100', 'timeout 0.9'),
      });
      await program.says(/^VRRP_Script\(port\) failed \(refused: 192\.0\.2\.1:8080\)$/);
      await program.says(/^VRRP_Script\(host\) (timed_out|failed \(unreachable: .*\))$/);
      await program.says(/^VRRP_Script\(file\) failed \(file-missing: .*\/alive\)$/);
      await advertises(100);
      await writeFile(file, '');
      await advertises(110);
      await stage.lab.setLink(neighbour.namespace, 'eth0', 'up');
      await advertises(120);
      const server = stage.lab.spawn(namespace, [process.execPath, '-e', SERVER], { stdio: 'ignore' });
      await advertises(130);
      server.kill('SIGKILL');
      await advertises(120);
      // None of it took a process.
      expect(await readFile(`/proc/${program.pid}/task/${program.pid}/children`, 'utf8')).toBe('');
      expect(await program.stop()).toBe(0);
    }));
});
