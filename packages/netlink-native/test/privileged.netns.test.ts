// What needs root and the real kernel but no LAN: unix datagrams that arrive, namespaces, priority, refusals.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { encodeUnixAddress } from '../src/codec/socket-address.js';
import { enterNetworkNamespace, inNetworkNamespace, sendUnixDatagram } from '../src/index.js';
import { DatagramSocket } from '../src/native/datagram-socket.js';
import { nativeAddon } from '../src/native/load.js';
import { createNamespaceLab, requires } from '../src/testing/index.js';
import type { NamespaceLab } from '../src/testing/index.js';

const DIST = fileURLToPath(new URL('../dist/index.js', import.meta.url));

requires('root', 'tcpdump')('with privileges', () => {
  let lab: NamespaceLab = createNamespaceLab();
  beforeEach(() => {
    lab = createNamespaceLab();
  });
  afterEach(() => lab.close());

  test('unix datagrams arrive, at a path and at an abstract name', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vrrp-unix-'));
    const addon = nativeAddon();
    const { AF_UNIX, SOCK_DGRAM } = addon.constants;
    for (const path of [join(folder, 'notify'), `@vrrp-test-${process.pid}`]) {
      const purpose = { code: 'ERR_VRRP_UNIX_DATAGRAM', operation: 'receive' } as const;
      const receiver = new DatagramSocket(addon, purpose, AF_UNIX, SOCK_DGRAM, 0);
      receiver.bind(encodeUnixAddress(path));
      const received = new Promise<string>((resolve, reject) => {
        const shape = { slots: 1, nameBytes: 112, controlBytes: 0, payloadBytes: 64 };
        const onBatch = (_: number, batch: { payload(slot: number): Uint8Array }): void => {
          resolve(Buffer.from(batch.payload(0)).toString());
        };
        receiver.receive(shape, { onBatch, onError: reject });
      });
      sendUnixDatagram(path, new TextEncoder().encode('READY=1'));
      expect(await received).toBe('READY=1');
      receiver.close();
    }
    rmSync(folder, { recursive: true });
  });

  test('inNetworkNamespace comes back, also from an action that throws', async () => {
    const namespace = await lab.addNamespace('a');
    const here = readlinkSync('/proc/thread-self/ns/net');
    const there = inNetworkNamespace(namespace, () => readlinkSync('/proc/thread-self/ns/net'));
    expect(there).not.toBe(here);
    const failing = (): unknown => JSON.parse(`{ ${there}`);
    expect(() => inNetworkNamespace(lab.path(namespace), failing)).toThrow(SyntaxError);
    expect(readlinkSync('/proc/thread-self/ns/net')).toBe(here);
    expect(() => enterNetworkNamespace('/proc/thread-self/ns/net')).not.toThrow();
  });

  test('priority and locked memory are those of the process that asks', async () => {
    const report = await script(`
      vrrp.setRealtimePriority(1, 'fifo'); vrrp.lockMemory();
      const fs = await import('node:fs');
      // Garbage, so that V8 gives memory back after locking: it aborts when it cannot.
      for (let i = 0; i < 100; i++) new Array(100000).fill(i);
      // Field 41 of /proc/PID/stat is the scheduling policy, 40 the priority (proc(5)).
      const fields = fs.readFileSync('/proc/thread-self/stat', 'utf8').split(') ')[1].split(' ');
      const locked = /VmLck:\\s+(\\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1];
      console.log(fields[37], fields[38] & 0xff, Number(locked) > 0);
    `);
    expect(report).toBe('1 1 true');
    expect(readFileSync('/proc/self/status', 'utf8')).toMatch(/VmLck:\s+0 kB/);
  });

  test('a realtime thread that never sleeps is told of, and loses its priority; programs have no such limit', async () => {
    const report = await script(`
      const { Worker } = await import('node:worker_threads');
      const { readFileSync } = await import('node:fs');
      const hangs = () => import(process.env.VRRP).then((vrrp) => {
        vrrp.limitRealtimeRun(20000);
        vrrp.setRealtimePriority(1);
        require('node:worker_threads').parentPort.postMessage(vrrp.threadId());
        for (;;);
      });
      const worker = new Worker('(' + hangs + ')()', { eval: true, execArgv: [] });
      const told = new Promise((resolve) => process.once('SIGXCPU', resolve));
      const thread = await new Promise((resolve) => worker.once('message', resolve));
      const policy = () => readFileSync('/proc/self/task/' + thread + '/stat', 'utf8').split(') ')[1].split(' ')[38];
      const before = policy();
      await told;
      vrrp.endRealtimePriority(thread);
      const limits = process.env.VRRP_LIMITS;
      const argv = ['sh', '-c', 'grep realtime.timeout /proc/self/limits > ' + limits];
      await new Promise((resolve) => vrrp.startProgram({ argv, environment: process.env }, resolve));
      console.log(before, policy(), readFileSync(limits, 'utf8').includes('unlimited'));
      process.exit();
    `);
    expect(report).toBe('2 0 true');
  });

  test.each([
    [
      "vrrp.openVrrpSocket({ family: 4, linkIndex: 1, linkName: 'lo' }, () => {}, () => {})",
      'ERR_VRRP_SOCKET',
      'CAP_NET_RAW',
    ],
    ['vrrp.openFrameSocket({ linkIndex: 1 })', 'ERR_VRRP_SOCKET', 'CAP_NET_RAW'],
    ["vrrp.enterNetworkNamespace('/proc/self/ns/net')", 'ERR_VRRP_NAMESPACE', 'CAP_SYS_ADMIN'],
    ['vrrp.setRealtimePriority(1)', 'ERR_VRRP_SCHEDULER', 'CAP_SYS_NICE'],
    ['vrrp.lockMemory()', 'ERR_VRRP_MEMORY_LOCK', 'CAP_IPC_LOCK'],
  ])('without them %s says what is missing', async (call, code, capability) => {
    const report = await script(
      `try { ${call}; } catch (error) { console.log(error.code, error.message); }`,
      WITHOUT_CAPABILITIES,
    );
    expect(report).toMatch(new RegExp(`^${code} cannot .*: (EPERM|ENOMEM); .*${capability}`));
  });

  test('without them an address is refused, and reading works', async () => {
    const report = await script(
      `const kernel = await vrrp.openKernel();
       const lo = (await kernel.read('link')).find(({ name }) => name === 'lo');
       const address = { kind: 'address', family: 4, address: '192.0.2.7', prefixLength: 32, linkIndex: lo.index };
       const [result] = await kernel.apply([{ action: 'add', object: address }]);
       console.log(result.error.code, result.error.message);`,
      WITHOUT_CAPABILITIES,
    );
    expect(report).toMatch(/^ERR_VRRP_NETLINK_ACK cannot add address .*EPERM.*CAP_NET_ADMIN/);
  });
});

/** Root without any capability: unlike an ordinary user it may read this package wherever it was cloned to. */
const WITHOUT_CAPABILITIES = ['setpriv', '--bounding-set=-all'];

/** Runs a module script in a process of its own, behind the wrapper's words, with this package as `vrrp`; resolves with what it wrote. */
async function script(text: string, wrapper: readonly string[] = []): Promise<string> {
  const source = `import * as vrrp from ${JSON.stringify(DIST)}; ${text}`;
  const [program = '', ...args] = [...wrapper, process.execPath, '--input-type=module', '-e', source];
  const folder = mkdtempSync(join(tmpdir(), 'vrrp-script-'));
  const env = { ...process.env, VRRP: DIST, VRRP_LIMITS: join(folder, 'limits') };
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const status = await new Promise((resolve) => {
    child.on('close', resolve);
  });
  rmSync(folder, { recursive: true });
  expect(status).toBe(0);
  return output.trim();
}
