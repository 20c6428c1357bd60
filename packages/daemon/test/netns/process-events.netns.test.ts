// Process events that are lost or not to be had: a process is found all the same. The kernel's own queue is made to
// overflow, and vrrpd runs in a process namespace of its own, where the kernel tells of nothing.
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import { openProcessEvents } from '@vrrp/netlink-native';
import { requires } from '@vrrp/netlink-native/testing';
import { createNodeClock, createProcessTracker, createProcessWatch, nodeProcessTable } from '@vrrp/trackers';
import type { ProcessEvent, ProcessEvents } from '@vrrp/trackers';

import { captureAdvertisements } from '../rig/capture.js';
import { eventually } from '../rig/deadline.js';
import { instanceConfig } from '../rig/instance-config.js';
import { launch } from './program.js';
import { createLoneNode, onStage } from './stage.js';

/** Events of changed names: more than the queue of the socket holds. */
const FLOOD = 40_000;
/** A rescan after lost events comes within a second; without one a look at every process each 5 s finds it, too. */
const RESCAN_WITHIN = 4_000;

requires('root')('process events', () => {
  test('that are lost (ENOBUFS): a process that started meanwhile is found by a rescan', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vrrpd-netns-'));
    const name = `lost-${process.pid}`;
    const program = join(folder, name);
    await copyFile('/bin/sleep', program);
    const heard: ProcessEvent['kind'][] = [];
    const real = openProcessEvents();
    const events: ProcessEvents = {
      subscribe: (listener) =>
        real.subscribe((event) => {
          heard.push(event.kind);
          listener(event);
        }),
    };
    const clock = createNodeClock();
    const processes = createProcessWatch({ clock, table: nodeProcessTable, events });
    const pattern = { process: name, fullCommand: false, quorum: 1, forkDelay: 0, terminateDelay: 0 };
    const tracker = createProcessTracker({ ...pattern, name }, { clock, processes });
    const statuses: string[] = [];
    tracker.start(({ status }) => statuses.push(status));
    await eventually('the first look', async () => (statuses.length > 0 ? true : undefined));
    // Nobody reads the queue meanwhile; when it is full the program starts, and the kernel has no room to say so.
    flood();
    const script = '"$0" 1000 < /dev/null > /dev/null 2>&1 & echo $!';
    const pid = Number(execFileSync('sh', ['-c', script, program], { encoding: 'utf8' }));
    try {
      const look = async (): Promise<true | undefined> => (statuses.at(-1) === 'up' ? true : undefined);
      await eventually('it is found', look, RESCAN_WITHIN);
      expect(heard).toContain('lost');
      expect(statuses).toEqual(['down', 'up']);
    } finally {
      process.kill(pid, 'SIGKILL');
      await tracker.close();
      await rm(folder, { recursive: true });
    }
  });
});

requires('root', 'tcpdump')('without process events', () => {
  test('every process is looked at each second, which is said once', () =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const folder = await stage.folder();
      const application = join(folder, `apart-${process.pid}`);
      await copyFile('/bin/sleep', application);
      const instance = instanceConfig({
        version: 3,
        vrid: 51,
        priority: 100,
        interval: 0.1,
        interface: 'eth0',
        addresses: ['198.51.100.10/24'],
        lines: ['track_process {', 'app', 'app2', '}'],
      });
      const tracked = (name: string): string =>
        `vrrp_track_process ${name} {\n process ${application}\n full_command\n weight 10\n}\n`;
      const capture = await captureAdvertisements(stage.lab, namespace, 'eth0');
      // Both share a process namespace and its /proc.
      const apart = ['unshare', '--pid', '--fork', '--mount-proc', 'sh', '-c', `"$0" 1000 & exec "$@"`, application];
      const program = await launch(stage, {
        namespace,
        config: `${tracked('app')}${tracked('app2')}${instance}`,
        wrapper: apart,
      });
      await capture.waitFor('its application runs', ({ priority }) => priority === 120);
      process.kill(await pidOf(application), 'SIGKILL');
      await capture.waitFor('its application is gone', ({ priority }) => priority === 100);
      const said = program.log.filter(({ msg }) => msg.startsWith('processes are looked at every second'));
      expect(said.map(({ msg }) => msg)).toEqual([expect.stringMatching(/because there are no process events: ./)]);
    }));
});

/** This process changes its name again and again, and keeps the one it had. */
function flood(): void {
  const own = readFileSync('/proc/self/comm', 'utf8').trim();
  const comm = openSync('/proc/self/comm', 'w');
  for (let count = 0; count < FLOOD; count += 1) writeSync(comm, own);
  closeSync(comm);
}

async function pidOf(program: string): Promise<number> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.startsWith(`${program}\0`)) return Number(pid);
  }
  throw new Error(`${program} does not run`);
}
