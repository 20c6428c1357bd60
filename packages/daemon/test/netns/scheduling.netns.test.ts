// How the engine's thread is scheduled on a real kernel: real-time by itself, as the configuration says, as far as it is
// allowed; and what happens when it is told (SIGXCPU, RLIMIT_RTTIME) that it keeps a processor for itself.
import { readdir, readFile } from 'node:fs/promises';

import { expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import { instanceConfig } from '../rig/instance-config.js';
import { start } from './program.js';
import type { Program } from './program.js';
import { createLoneNode, onStage } from './stage.js';
import type { Stage } from './stage.js';

const SCHED_OTHER = 0;
const SCHED_RR = 2;

interface Scheduled {
  readonly policy: number;
  readonly realtimePriority: number;
  readonly niceValue: number;
}

/** proc(5), /proc/PID/stat: the fields behind the name, which may hold anything; `nice`, `rt_priority` and `policy`. */
async function scheduledAs(stat: string): Promise<Scheduled> {
  const text = await readFile(stat, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return { policy: field(41), realtimePriority: field(40), niceValue: field(19) };
}

async function threadsOf({ pid }: Program): Promise<readonly Scheduled[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  return Promise.all(threads.map((thread) => scheduledAs(`/proc/${pid}/task/${thread}/stat`)));
}

const isOrdinary = ({ policy, niceValue }: Scheduled): boolean => policy === SCHED_OTHER && niceValue === 0;

/** A Master, and its threads that are scheduled in another way than all the world. */
async function running(
  stage: Stage,
  globals: string,
  wrapper: readonly string[] = [],
): Promise<{ readonly program: Program; readonly special: readonly Scheduled[] }> {
  const { namespace } = (await createLoneNode(stage)).node;
  const instance = instanceConfig({
    version: 3,
    vrid: 51,
    priority: 200,
    interval: 0.2,
    interface: 'eth0',
    addresses: ['198.51.100.10/24'],
  });
  const config = `global_defs {\n${globals}\n}\n${instance}`;
  const program = await start(stage, { namespace, config, flags: ['-D'], wrapper });
  await program.becomes('master');
  const special = (await threadsOf(program)).filter((thread) => !isOrdinary(thread));
  return { program, special };
}

requires('root')('the engine thread, and no other,', () => {
  test.concurrent.each([
    ['has the lowest real-time priority by itself', '', { policy: SCHED_RR, realtimePriority: 1, niceValue: -20 }],
    ['takes vrrp_rt_priority', 'vrrp_rt_priority 50', { policy: SCHED_RR, realtimePriority: 50, niceValue: -20 }],
    ['takes vrrp_priority instead', 'vrrp_priority -5', { policy: SCHED_OTHER, realtimePriority: 0, niceValue: -5 }],
    ['takes both', 'vrrp_priority 3\nvrrp_rt_priority 2', { policy: SCHED_RR, realtimePriority: 2, niceValue: 3 }],
  ])('%s', (_, globals, expected) =>
    onStage(async (stage) => {
      const { program, special } = await running(stage, globals);
      expect(special).toEqual([expected]);
      expect(await program.stop()).toBe(0);
    }),
  );

  test.concurrent('is an ordinary one where more is not allowed, which is said when the file asks for more', () =>
    onStage(async (stage) => {
      const wrapper = ['setpriv', '--bounding-set=-sys_nice'];
      const { program, special } = await running(stage, 'vrrp_rt_priority 50', wrapper);
      expect(special).toEqual([]);
      const { level, msg } = await program.heard('refused', (record) => record.msg.includes('real-time priority 50'));
      expect([level, msg]).toEqual(['warning', expect.stringMatching(/nice value 0, and not .*EPERM.*CAP_SYS_NICE/)]);
      expect(await program.stop()).toBe(0);
    }),
  );

  test.concurrent('loses its real-time priority when it computes for too long, and a reload gives it back', () =>
    onStage(async (stage) => {
      const { program } = await running(stage, '');
      program.signal('SIGXCPU');
      await program.heard('the loss', (record) => record.msg.includes('computes without a pause'));
      const ordinary = { policy: SCHED_OTHER, realtimePriority: 0, niceValue: -20 };
      expect((await threadsOf(program)).filter((thread) => !isOrdinary(thread))).toEqual([ordinary]);
      const from = program.log.length;
      program.signal('SIGHUP');
      await program.heard('the return', (record) => record.msg.includes('has real-time priority 1'), { from });
      expect((await threadsOf(program)).filter(({ policy }) => policy === SCHED_RR)).toHaveLength(1);
      expect(await program.stop()).toBe(0);
    }),
  );
});
