// Notify scripts and FIFOs of the real program: who is told what, in which order, as whom, and that a stop leaves nothing
// running and takes no time.
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';
import { createNodeClock, nodeSpawner } from '@vrrp/trackers';

import { Notifier, realNotifierPorts } from '../../src/control/notifications/notifier.js';
import { NO_NOTIFICATIONS, type DesiredSubject } from '../../src/plan/notifications.js';

import { eventually, Feed } from '../rig/deadline.js';
import { start } from './program.js';
import { createLoneNode, onStage } from './stage.js';

/** `nobody` of every Debian. */
const NOBODY = 65_534;
const STOP_WITHIN_MS = 1_000;

/** Appends its arguments, its first word and its user to a file. */
const TELL = '#!/bin/sh\necho "$(id -u) $(basename "$0") $*" >> "$(dirname "$0")/told"\n';
/** Never ends by itself nor by SIGTERM, and has a child that does not either. */
const STUBBORN =
  '#!/bin/sh\ntrap "" TERM\necho $$ >> "$(dirname "$0")/pids"\nsleep 1000 &\necho $! >> "$(dirname "$0")/pids"\nwait\nsleep 1000\n';

/** Takes 50 ms, and tells whether another one runs. */
const SLOW = `#!/bin/sh
mkdir "$0.lock" || echo "two at once" >> "$(dirname "$0")/told"
sleep 0.05
echo "$*" >> "$(dirname "$0")/told"
rmdir "$0.lock"
`;
const CHANGES = 1_000;
const CHANGES_TAKE_MS = 10_000;

const flappingSubject = (path: string): DesiredSubject => ({
  scope: 'INSTANCE',
  name: 'VI_1',
  priority: 100,
  scripts: { any: { argv: [path], mustBeSafe: false } },
  priorityChanges: false,
  tellsDeleted: false,
  mailed: false,
  webhooks: [],
  facts: { vrid: 51, interface: 'eth0', addresses: [] },
});

/** Resolves at this time of performance.now(), at once when it is past. */
function until(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, time - performance.now())));
}

const instance = (lines: string): string => `vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority 150
  version 3
  advert_int 0.1
  virtual_ipaddress {
    192.0.2.100
  }
${lines}
}
`;

async function script(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  await chmod(path, 0o755);
  return path;
}

/** Those that run: what process 1 has yet to bury (a zombie) does not. */
async function living(pids: readonly number[]): Promise<readonly number[]> {
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') X')));
  return pids.filter((_pid, index) => !/\) [ZX]/.test(stats[index] ?? ''));
}

requires('root')('notifications', () => {
  test.concurrent('scripts of the state, the general one with four words, and the group, each as its user', () =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const folder = await stage.folder();
      await chmod(join(folder, '..'), 0o755);
      await chmod(folder, 0o755);
      await chown(folder, NOBODY, NOBODY);
      // Whoever writes first, the others may go on.
      await writeFile(join(folder, 'told'), '');
      await chmod(join(folder, 'told'), 0o666);
      const own = await script(folder, 'own', TELL);
      const any = await script(folder, 'any', TELL);
      const group = await script(folder, 'group', TELL);
      const lines = `  notify_master "${own} with 'two words'"\n  notify "${any} x" nobody\n`;
      const config = `vrrp_sync_group G {\n  group {\n    VI_1\n  }\n  notify ${group}\n}\n${instance(lines)}`;
      const program = await start(stage, { namespace, folder, config });
      await program.becomes('master');
      const read = async (): Promise<readonly string[]> =>
        (await readFile(join(folder, 'told'), 'utf8').catch(() => '')).split('\n').slice(0, -1);
      await eventually('both masters are told', async () => ((await read()).length >= 5 ? true : undefined));
      expect(await program.stop()).toBe(0);
      const told = await read();
      expect(told.filter((line) => !line.includes('group'))).toEqual([
        `${NOBODY} any x INSTANCE VI_1 BACKUP 150`,
        '0 own with two words',
        `${NOBODY} any x INSTANCE VI_1 MASTER 150`,
        `${NOBODY} any x INSTANCE VI_1 STOP 150`,
      ]);
      expect(told.filter((line) => line.includes('group'))).toEqual([
        '0 group GROUP G BACKUP 0',
        '0 group GROUP G MASTER 0',
        '0 group GROUP G STOP 0',
      ]);
      await program.says(/^\(VI_1\) notify script .*any \(STOP\): exit 0$/);
    }),
  );

  test.concurrent('a FIFO gives its lines in order, and is gone at the end', () =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const folder = await stage.folder();
      const path = join(folder, 'fifo');
      const file = join(folder, 'bonus');
      const config =
        `global_defs {\n  vrrp_notify_fifo ${path}\n  vrrp_notify_priority_changes\n}\n` +
        `track_file bonus {\n  file ${file}\n}\n${instance('  track_file {\n    bonus\n  }')}`;
      const program = await start(stage, { namespace, folder, config });
      const reader = stage.lab.spawn(namespace, ['cat', path], { stdio: ['ignore', 'pipe', 'ignore'] });
      if (reader.stdout === null) throw new Error('cat could not be started');
      const lines = new Feed<string>();
      createInterface({ input: reader.stdout }).on('line', (line) => lines.push(line));
      const ended = once(reader, 'close');
      await lines.waitFor({ what: 'the Master is told', satisfies: (line) => line.includes(' MASTER ') });
      await writeFile(file, '7');
      await lines.waitFor({ what: 'the priority is told', satisfies: (line) => line.includes('MASTER_PRIORITY') });
      expect(await program.stop()).toBe(0);
      await ended;
      expect(lines.entries).toEqual([
        'INSTANCE "VI_1" BACKUP 150',
        'INSTANCE "VI_1" MASTER 150',
        'INSTANCE "VI_1" MASTER_PRIORITY 157',
        'INSTANCE "VI_1" STOP 157',
      ]);
      expect(existsSync(path)).toBe(false);
    }),
  );

  test.concurrent(
    '1,000 changes in 10 s, and a script that takes 50 ms: never two at once, and the last state comes last',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'vrrpd-flaps-'));
      const path = await script(folder, 'handler', SLOW);
      const clock = createNodeClock();
      const notifier = new Notifier(realNotifierPorts({ clock, spawner: nodeSpawner }), () => undefined);
      notifier.prepare({ ...NO_NOTIFICATIONS, subjects: [flappingSubject(path)] }).commit();
      const begin = performance.now();
      for (let change = 1; change <= CHANGES; change += 1) {
        const [from, to] = change % 2 === 0 ? (['master', 'backup'] as const) : (['backup', 'master'] as const);
        const priority = change % 250;
        notifier.heard(
          {
            kind: 'observation',
            at: 0,
            router: 'key',
            observation: { kind: 'transition', from, to, cause: 'startup', priority, faults: [] },
          },
          'VI_1',
        );
        await until(begin + (change * CHANGES_TAKE_MS) / CHANGES);
      }
      const told = (): Promise<string> => readFile(join(folder, 'told'), 'utf8');
      const last = `INSTANCE VI_1 BACKUP ${CHANGES % 250}`;
      await eventually('the last state is told', async () => ((await told()).endsWith(`${last}\n`) ? true : undefined));
      await notifier.stop();
      const lines = (await told()).split('\n').slice(0, -1);
      expect(lines.filter((line) => line.startsWith('two at once'))).toEqual([]);
      // A busy machine starts fewer than 20 a second.
      expect(lines.length).toBeGreaterThan(CHANGES / 50);
      expect(lines.at(-1)).toMatch(/ STOP \d+$/);
      expect(lines.at(-2)).toBe(last);
      await rm(folder, { recursive: true });
    },
  );

  test('a stop takes less than a second and leaves no child, whatever the scripts do', () =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const folder = await stage.folder();
      const path = await script(folder, 'stubborn', STUBBORN);
      const config =
        `global_defs {\n  notify_fifo ${join(folder, 'fifo')}\n  notify_fifo_script ${path}\n}\n` +
        `vrrp_script chk {\n  script ${path}\n  interval 1\n  weight 5\n}\n` +
        instance(`  notify ${path}\n  notify_stop ${path}\n  track_script {\n    chk\n  }`);
      const program = await start(stage, { namespace, folder, config });
      await program.becomes('master');
      const pids = async (): Promise<readonly number[]> =>
        (await readFile(join(folder, 'pids'), 'utf8').catch(() => '')).split('\n').slice(0, -1).map(Number);
      // The check, the reader and the handler of the first state, each with its child.
      await eventually('all of them run', async () => ((await pids()).length >= 6 ? true : undefined));
      const before = performance.now();
      expect(await program.stop()).toBe(0);
      expect(performance.now() - before).toBeLessThan(STOP_WITHIN_MS);
      expect(await living(await pids())).toEqual([]);
    }));
});
