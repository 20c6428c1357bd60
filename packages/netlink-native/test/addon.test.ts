// The addon itself: which file is loaded, that it works in any number of threads and lets a process end, and that wrong
// arguments are exceptions and never a crash.
import { describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';

import { addonCandidates, loadAddon, nativeAddon } from '../src/native/load.js';
import { SlotBatch } from '../src/native/slot-batch.js';

const execute = promisify(execFile);
const [ADDON = ''] = addonCandidates();

describe('another program', () => {
  const DIST = JSON.stringify(new URL('../dist/index.js', import.meta.url).href);
  const become = async (program: string): Promise<string> => {
    const source = `import { replaceProgram } from ${DIST};
      process.env.WHO = 'the same ' + process.pid;
      console.log(replaceProgram(${JSON.stringify(program)}, ['sh', '-c', 'echo $WHO $$']));
      console.log('still here');`;
    const { stdout } = await execute(process.execPath, ['--input-type=module', '-e', source]);
    return stdout.trim();
  };

  test('takes the place of this one: pid, environment and standard output are the same', async () => {
    expect(await become('/bin/sh')).toMatch(/^the same (\d+) \1$/);
  });

  test('that cannot be run leaves everything as it is, and says why', async () => {
    expect(await become('/nowhere/sh')).toBe('execve /nowhere/sh ENOENT\nstill here');
  });
});

describe('loading', () => {
  test('takes the prebuilt file of this platform first', () => {
    expect(addonCandidates()).toHaveLength(2);
    expect(ADDON).toMatch(new RegExp(`prebuilds/linux-${process.arch}-(glibc|musl)/vrrp_netlink\\.node$`));
    expect(loadAddon(['/nowhere/vrrp.node', ...addonCandidates()])).toBe(nativeAddon());
  });

  test('tells every file it tried and why, and how to build one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'vrrp-load-'));
    const broken = join(folder, 'broken.node');
    writeFileSync(broken, 'not an object file');
    try {
      expect(() => loadAddon(['/nowhere/vrrp.node', broken])).toThrow(
        expect.objectContaining({
          code: 'ERR_VRRP_NATIVE_MISSING',
          message: expect.stringMatching(/nowhere\/vrrp\.node.*broken\.node.*npm run build:native/s),
        }),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('works in many threads at once, also when they are ended with everything open', async () => {
    const script = `
      const { parentPort } = require('node:worker_threads');
      const addon = require(${JSON.stringify(ADDON)});
      const timer = new addon.Timer();
      timer.open(() => { timer.set(addon.monotonicMicros() + 200); parentPort.postMessage('tick'); });
      timer.set(0);
      const socket = new addon.Socket();
      socket.open(addon.constants.AF_NETLINK, addon.constants.SOCK_RAW, addon.constants.NETLINK_ROUTE);
      const batch = new addon.MessageBatch(new Uint8Array(512), new Int32Array(4), 1, 0, 0, 512);
      socket.start(batch, () => {});
    `;
    const workers = Array.from({ length: 4 }, () => new Worker(script, { eval: true }));
    await Promise.all(
      workers.map(
        (worker) =>
          new Promise<void>((resolve, reject) => {
            let ticks = 0;
            worker.on('message', () => {
              if (++ticks === 3) resolve();
            });
            worker.on('error', reject);
          }),
      ),
    );
    expect(await Promise.all(workers.map((worker) => worker.terminate()))).toEqual([1, 1, 1, 1]);
  });

  test.each([
    ['nothing open', '', 0],
    [
      'an unreferenced timer',
      'const t = new addon.Timer(); t.open(() => {}); t.set(addon.monotonicMicros() + 6e7); t.unref();',
      0,
    ],
    [
      'a closed timer',
      'const t = new addon.Timer(); t.open(() => {}); t.set(addon.monotonicMicros() + 6e7); t.close();',
      0,
    ],
    [
      'a timer still open at exit()',
      'const t = new addon.Timer(); t.open(() => {}); t.set(0); setImmediate(() => process.exit(3));',
      3,
    ],
    ['a listener that throws', 'const t = new addon.Timer(); t.open(() => { throw new Error("bug"); }); t.set(0);', 1],
  ])('a process with %s ends', async (_, script, status) => {
    const run = execute(process.execPath, ['-e', `const addon = require(${JSON.stringify(ADDON)}); ${script}`]);
    expect(
      await run.then(
        () => 0,
        (error: unknown) => Reflect.get(Object(error), 'code'),
      ),
    ).toBe(status);
  });
});

describe('message batches', () => {
  const addon = nativeAddon();

  test.each([
    ['no slots', [64, 4, 0, 8, 8, 16]],
    ['a slab too small', [63, 4, 2, 8, 8, 16]],
    ['lengths too few', [64, 7, 2, 8, 8, 16]],
    ['parts that are not aligned', [64, 8, 1, 7, 8, 16]],
    ['more slots than the kernel takes', [2_000_000, 8192, 1025, 8, 8, 16]],
  ] as const)('%s is a RangeError', (_, [slab, lengths, slots, name, control, payload]) => {
    const make = (): unknown =>
      new addon.MessageBatch(new Uint8Array(slab), new Int32Array(lengths), slots, name, control, payload);
    expect(make).toThrow('do not fit');
  });

  test('other arguments than those meant are a TypeError, not a crash', () => {
    const { Socket, MessageBatch } = addon;
    expect(() => Reflect.construct(MessageBatch, [])).toThrow('expected');
    expect(() => new Socket().receive({})).toThrow('MessageBatch');
    expect(() => new Socket().open(Number.NaN, 0, 0)).not.toThrow();
    expect(() => Reflect.apply(new Socket().open, new Socket(), ['x'])).toThrow('integer');
    expect(() => Reflect.apply(new Socket().open, {}, [1, 2, 3])).toThrow();
    expect(() => new Socket().attachFilter(new Uint8Array(7))).toThrow('sock_filter');
  });

  test('a message longer than its room is a RangeError', () => {
    const batch = new SlotBatch(addon, { slots: 1, nameBytes: 8, controlBytes: 8, payloadBytes: 16 });
    expect(() => batch.put(0, new Uint8Array(17))).toThrow('the limit is 16');
    expect(() => batch.put(0, new Uint8Array(16), new Uint8Array(9))).toThrow(RangeError);
    const lengths = new Int32Array(4).fill(100);
    const lying = new addon.MessageBatch(new Uint8Array(32), lengths, 1, 8, 8, 16);
    expect(() => new addon.Socket().send(lying, 1, 0)).toThrow('longer than its slot');
    expect(() => new addon.Socket().send(lying, 2, 0)).toThrow('more messages than slots');
    expect(() => new addon.Socket().send(lying, -1, 0)).toThrow('more messages than slots');
  });

  test('its memory cannot be moved to another thread', () => {
    const { slab } = new SlotBatch(addon, { slots: 1, nameBytes: 8, controlBytes: 8, payloadBytes: 16 });
    try {
      // Newer versions of Node.js refuse, older ones copy.
      structuredClone(slab, { transfer: [slab.buffer as ArrayBuffer] });
    } catch (error) {
      expect(error).toMatchObject({ name: 'DataCloneError' });
    }
    expect(slab).toHaveLength(32);
  });
});
