// The kernel's process connector: a program that starts, names itself and ends is heard, from any network namespace.
import { expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';

import { inNetworkNamespace, openProcessEvents } from '../src/index.js';
import type { ProcessEvent } from '../src/index.js';
import { createNamespaceLab, requires } from '../src/testing/index.js';

/** The kinds of events of one process up to its end; ends the subscription then. */
function lifeOf(
  program: readonly string[],
): Promise<{ readonly kinds: readonly string[]; readonly parent: number | undefined }> {
  return new Promise((resolve, reject) => {
    const heard: ProcessEvent[] = [];
    let pid: number | undefined;
    const stop = openProcessEvents().subscribe((event) => {
      if (event.kind === 'unavailable') reject(new Error(event.reason));
      heard.push(event);
      if (event.kind !== 'exit' || event.pid !== pid) return;
      stop();
      const own = heard.filter((one) => 'pid' in one && one.pid === pid);
      const fork = own.find(({ kind }) => kind === 'fork');
      resolve({ kinds: own.map(({ kind }) => kind), parent: fork?.kind === 'fork' ? fork.parent : undefined });
    });
    expect(heard).toEqual([]);
    const [file = '', ...args] = program;
    pid = spawn(file, args, { stdio: 'ignore' }).pid;
  });
}

requires('root')('process events', () => {
  test('tell of a program from its fork to its end', async () => {
    const { kinds, parent } = await lifeOf(['sh', '-c', 'echo renamed > /proc/self/comm; exec true']);
    expect(parent).toBe(process.pid);
    expect(kinds).toEqual(['fork', 'exec', 'comm', 'exec', 'exit']);
  });

  test('are heard from inside another network namespace where the first one can be entered', async () => {
    const lab = createNamespaceLab();
    try {
      const namespace = await lab.addNamespace('inside');
      const life = inNetworkNamespace(namespace, () => lifeOf(['true']));
      if (canEnterFirstNamespace()) expect((await life).kinds).toEqual(['fork', 'exec', 'exit']);
      else await expect(life).rejects.toThrow('cannot watch processes: sendmmsg: ECONNREFUSED');
    } finally {
      await lab.close();
    }
  });

  test('that cannot be had are one event with its reason, after subscribe has returned', async () => {
    const script = `
      import { openProcessEvents } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
      let returned = false;
      openProcessEvents().subscribe((event) => console.log(returned, event.kind, event.reason));
      returned = true;`;
    const lab = createNamespaceLab();
    try {
      // Without capabilities nobody may go to another namespace.
      const namespace = await lab.addNamespace('inside');
      const wrapper = ['setpriv', '--bounding-set=-all'];
      const result = await lab.run(namespace, [...wrapper, process.execPath, '--input-type=module', '-e', script]);
      expect(result).toMatchObject({ status: 0, stderr: '' });
      expect(result.stdout).toMatch(/^true unavailable cannot watch processes: .*\n$/);
    } finally {
      await lab.close();
    }
  });
});

/** Root without CAP_SYS_PTRACE, as in some containers, may not. */
function canEnterFirstNamespace(): boolean {
  try {
    readlinkSync('/proc/1/ns/net');
    return true;
  } catch {
    return false;
  }
}
