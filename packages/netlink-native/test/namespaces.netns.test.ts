// The namespace laboratory itself: two namespaces on a bridge see each other, cables can be pulled, nothing is left behind.
import { afterEach, expect, test } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';

import { createNamespaceLab, requires } from '../src/testing/index.js';
import type { CommandResult, NamespaceLab } from '../src/testing/index.js';

requires('root', 'tcpdump')('namespace laboratory', () => {
  let lab: NamespaceLab = createNamespaceLab();

  afterEach(async () => {
    await lab.close();
    lab = createNamespaceLab();
  });

  /** From inside, to 192.0.2.1: ends when it was sent and the port answered 'unreachable', so the neighbour is known. */
  function sendDatagram(namespace: string): Promise<CommandResult> {
    const script = `const s = require('dgram').createSocket('udp4'); s.connect(9, '192.0.2.1', () => s.send('hello'));
      s.on('error', () => s.close());`;
    return lab.run(namespace, [process.execPath, '-e', script]);
  }

  async function twoNodes(): Promise<{ a: string; b: string; setCable: (state: 'up' | 'down') => Promise<void> }> {
    const a = await lab.addNamespace('a');
    const b = await lab.addNamespace('b');
    const lan = await lab.addBridgeLan('lan', [
      { namespace: a, interface: 'eth0', mac: '02:00:00:00:00:0a', addresses: ['192.0.2.1/24', '2001:db8::1/64'] },
      { namespace: b, interface: 'eth0', addresses: ['192.0.2.2/24'] },
    ]);
    return { a, b, setCable: (state) => lan.setCable({ namespace: a, interface: 'eth0' }, state) };
  }

  test('members of a LAN reach each other at once and have what they were given', async () => {
    const { a, b } = await twoNodes();
    expect(await sendDatagram(b)).toEqual({ stdout: '', stderr: '', status: 0 });
    const neighbours = await lab.run(b, ['ip', 'neigh', 'show', '192.0.2.1']);
    expect(neighbours.stdout).toContain('lladdr 02:00:00:00:00:0a');
    const held = await lab.addresses(a);
    expect(held).toContainEqual({
      interface: 'eth0',
      family: 4,
      address: '192.0.2.1',
      prefixLength: 24,
      scope: 'global',
      broadcast: '192.0.2.255',
      label: 'eth0',
    });
    expect(held).toContainEqual({
      interface: 'eth0',
      family: 6,
      address: '2001:db8::1',
      prefixLength: 64,
      scope: 'global',
    });
    const link = await lab.run(a, ['ip', '-o', 'link', 'show', 'eth0']);
    expect(link.stdout).toContain('02:00:00:00:00:0a');
  });

  test('a pulled cable takes the carrier, a link set down takes the interface', async () => {
    const { a, setCable } = await twoNodes();
    const flags = async (): Promise<string> => (await lab.run(a, ['ip', '-o', 'link', 'show', 'eth0'])).stdout;
    expect(await flags()).toContain('LOWER_UP');
    await setCable('down');
    expect(await flags()).toContain('NO-CARRIER');
    await setCable('up');
    await lab.setLink(a, 'eth0', 'down');
    expect(await flags()).not.toMatch(/<.*\bUP\b.*>/);
  });

  test('a capture holds what was sent after it began', async () => {
    const { a, b } = await twoNodes();
    const capture = await lab.capture(a, 'eth0', ['udp']);
    await sendDatagram(b);
    const pcap = await capture.stop();
    expect(Buffer.from(pcap.subarray(0, 4)).toString('hex')).toBe('d4c3b2a1');
    // The file header, a record header, and Ethernet, IPv4 and UDP headers with five bytes of payload.
    expect(pcap.length).toBe(24 + 16 + 14 + 20 + 8 + 5);
    expect(await capture.stop()).toEqual(pcap);
  });

  test('close ends programs, their children too, and removes every namespace', async () => {
    const a = await lab.addNamespace('a');
    const child = lab.spawn(a, ['sh', '-c', 'sleep 600 & echo $!; wait'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const grandchild = await new Promise<number>((resolve) => {
      child.stdout?.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())));
    });
    expect(() => process.kill(grandchild, 0)).not.toThrow();
    await lab.close();
    await lab.close();
    expect(child.signalCode).toBe('SIGKILL');
    // Killed; whoever inherited it may not have reaped it yet.
    expect(existsSync(`/proc/${grandchild}/exe`)).toBe(false);
    expect(readdirSync('/run/netns')).not.toContain(a);
  });

  test('a command that fails is a value with its status and words; a closed laboratory refuses', async () => {
    const a = await lab.addNamespace('a');
    expect(await lab.run(a, ['sh', '-c', 'echo no >&2; exit 3'])).toEqual({ stdout: '', stderr: 'no\n', status: 3 });
    await expect(lab.setLink(a, 'absent', 'up')).rejects.toThrow('absent');
    await lab.close();
    await expect(lab.addNamespace('b')).rejects.toThrow('closed');
  });
});
