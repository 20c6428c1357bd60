// Signals at every moment of a start, from the first statement of the program on: none but those that ask for it ends it, the
// debugger's port stays shut, and one that asks for the end gets it by the book. What comes while Node.js itself starts for
// the first time nobody can hold, so each test waits for the first handler.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import { eventually } from '../rig/deadline.js';
import { instanceConfig } from '../rig/instance-config.js';
import { launch } from './program.js';
import type { Program } from './program.js';
import { createLoneNode, heldOf, onStage } from './stage.js';
import type { Stage } from './stage.js';

const VIRTUAL = '198.51.100.10';
/** JSON and STATS_CLEAR as `--signum` prints them, and others of the real-time signals. */
const REALTIME = [34, 36, 50, 63, 64] as const;
/** The handler that is installed last, as a bit. */
const LAST = 1n << BigInt(constants.signals.SIGSTKFLT - 1);
const HARMLESS = (
  ['SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGPIPE', 'SIGVTALRM', 'SIGPROF', 'SIGIO', 'SIGPWR'] as const
).map((name) => constants.signals[name]);
/** Between two volleys, in ms. */
const PAUSE_MS = 3;
/** In /proc/PID/net/tcp: the port of Node's debugger, 9229. */
const DEBUGGER_PORT = ':240D ';

async function startLone(stage: Stage): Promise<{ readonly namespace: string; readonly program: Program }> {
  const { namespace } = (await createLoneNode(stage)).node;
  const text = instanceConfig({
    version: 3,
    vrid: 51,
    priority: 200,
    interval: 0.2,
    interface: 'eth0',
    addresses: [`${VIRTUAL}/24`],
  });
  const program = await launch(stage, { namespace, config: text });
  await eventually('the first handlers', async () => ((await maskOf(program.pid, 'SigCgt')) & LAST ? true : undefined));
  return { namespace, program };
}

/** proc_pid_status(5): signals that have a handler, or are ignored. */
async function maskOf(pid: number, field: 'SigCgt' | 'SigIgn'): Promise<bigint> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, mask = '0'] =
    text
      .split('\n')
      .find((line) => line.startsWith(field))
      ?.split('\t') ?? [];
  return BigInt(`0x${mask}`);
}

/** Whether the process was there to be sent it. */
function reaches(pid: number, signal: number): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

requires('root')('signals while it starts', () => {
  test.concurrent('volleys of all that ask for no end: it starts, and no debugger can come in', () =>
    onStage(async (stage) => {
      const { program } = await startLone(stage);
      const isUp = (): boolean => program.log.some(({ msg }) => msg === 'Startup complete');
      while (!isUp()) {
        // Those without a name in Node.js are the addon's, which is loaded a moment later.
        const realtime = (await maskOf(program.pid, 'SigIgn')) & (1n << BigInt(REALTIME[0] - 1)) ? REALTIME : [];
        expect([...HARMLESS, ...realtime].filter((signal) => !reaches(program.pid, signal))).toEqual([]);
        await wait(PAUSE_MS);
      }
      await program.says(/^Reload complete$/);
      await program.becomes('master');
      expect(program.log.filter(({ msg }) => msg.includes('ebugger'))).toEqual([]);
      expect(await readFile(`/proc/${program.pid}/net/tcp`, 'utf8')).not.toContain(DEBUGGER_PORT);
      expect(await program.stop()).toBe(0);
    }),
  );

  test.concurrent.each([0, 40, 80, 120, 180, 250, 350, 500])(
    'SIGTERM %d ms after the first handler: status 0',
    (after) =>
      onStage(async (stage) => {
        const { namespace, program } = await startLone(stage);
        await wait(after);
        expect(await program.stop()).toBe(0);
        for (const file of ['vrrpd.pid', 'vrrp.pid', 'vrrp.sock']) {
          expect(existsSync(join(program.folder, file))).toBe(false);
        }
        expect(await heldOf(stage.lab, namespace, [VIRTUAL])).toEqual([]);
      }),
  );

  test.concurrent('a pid file is there only when a reload may be asked for', () =>
    onStage(async (stage) => {
      const { program } = await startLone(stage);
      await eventually('the pid file', async () => (existsSync(join(program.folder, 'vrrpd.pid')) ? true : undefined));
      program.signal('SIGHUP');
      await program.says(/^Reload complete$/);
      expect(await program.stop()).toBe(0);
    }),
  );
});
