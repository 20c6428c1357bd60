// Reloads without end, two configurations in turn, under a ping of 10 ms to an address that both have: nothing is lost, no
// advertisement is missing, and nothing grows. VRRPD_RELOADS=1000 makes it the long run that a release has seen.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import { captureAdvertisements } from '../rig/capture.js';
import { instanceConfig } from '../rig/instance-config.js';
import { start, type Program } from './program.js';
import { createNodeLan, onStage } from './stage.js';

const RELOADS = Number(process.env['VRRPD_RELOADS'] ?? 40);
/** Seconds. */
const INTERVAL = 0.2;
/** Of an advertisement, in intervals; the machine runs other tests too. */
const GAP_MAX = 1.5;
const PING_INTERVAL = '0.01';
const KEPT = '198.51.100.1';
/** Reloads until maps, caches and the heap have the size that they keep. */
const SETTLED_AFTER = 10;
const MIB = 1024 * 1024;
/** What the heap of a process may do between two looks. */
const MEMORY_GROWTH_MAX = 40 * MIB;
const TIME_LIMIT = 60_000 + RELOADS * 3_000;

requires('root', 'tcpdump')('reloads', () => {
  test(
    `${RELOADS} in a row cost nothing`,
    () =>
      onStage(async (stage) => {
        const { nodes } = await createNodeLan(stage);
        const [node, client] = nodes;
        const program = await start(stage, { namespace: node.namespace, config: configuration(0) });
        await program.becomes('master');
        await stage.lab.run(client.namespace, ['ip', 'route', 'add', `${KEPT}/32`, 'dev', 'eth0']);
        await stage.lab.run(client.namespace, ['ping', '-c', '1', KEPT]);
        const capture = await captureAdvertisements(stage.lab, client.namespace, 'eth0');
        const ping = stage.lab.spawn(client.namespace, ['ping', '-q', '-i', PING_INTERVAL, KEPT], {
          stdio: ['ignore', 'pipe', 'ignore'],
        });
        let summary = '';
        ping.stdout?.on('data', (chunk: Buffer) => (summary += chunk.toString()));
        const pinged = new Promise((resolve) => ping.once('close', resolve));
        const from = program.log.length;
        let before: Sizes | undefined;
        for (let count = 1; count <= RELOADS; count += 1) {
          await reload(program, configuration(count));
          if (count === SETTLED_AFTER) before = sizesOf(program);
        }
        const after = sizesOf(program);
        ping.kill('SIGINT');
        await pinged;
        const [, sent, received] = /(\d+) packets transmitted, (\d+) received/.exec(summary) ?? [];
        // The last one may be on its way.
        expect(Number(sent) - Number(received)).toBeLessThanOrEqual(1);
        const ofKept = capture.seen.filter(({ vrid }) => vrid === 51).map(({ at }) => at);
        const gaps = ofKept.slice(1).map((at, index) => at - (ofKept[index] ?? 0));
        expect(gaps.length).toBeGreaterThan(0);
        expect(Math.max(...gaps)).toBeLessThan(INTERVAL * GAP_MAX * 1_000_000);
        expect(
          program.log
            .slice(from)
            .filter(({ event, virtualRouter }) => event === 'transition' && virtualRouter === 'KEPT'),
        ).toEqual([]);
        expect(after.descriptors).toBe(before?.descriptors);
        expect(after.journal).toBe(before?.journal);
        expect(after.memory - (before?.memory ?? 0)).toBeLessThan(MEMORY_GROWTH_MAX);
        if (RELOADS > 100) {
          process.stderr.write(
            `${sent} pings, ${Number(sent) - Number(received)} lost; the longest gap ${Math.max(...gaps)} µs; before ${JSON.stringify(before)}, after ${JSON.stringify(after)}\n`,
          );
        }
      }),
    TIME_LIMIT,
  );
});

/** One virtual router that stays, one that changes, and one that comes and goes. */
function configuration(count: number): string {
  const odd = count % 2 === 1;
  const common = { version: 3, priority: 100, interval: INTERVAL, interface: 'eth0' } as const;
  const changed = odd ? ['198.51.100.2/32', '198.51.100.3/32'] : ['198.51.100.3/32', '198.51.100.4/32'];
  return [
    instanceConfig({ ...common, name: 'KEPT', vrid: 51, addresses: [`${KEPT}/32`] }),
    instanceConfig({ ...common, name: 'CHANGED', vrid: 52, addresses: changed, priority: odd ? 100 : 110 }),
    odd ? instanceConfig({ ...common, name: 'COMES', vrid: 53, addresses: ['198.51.100.5/32'] }) : '',
  ].join('\n');
}

async function reload(program: Program, config: string): Promise<void> {
  const from = program.log.length;
  await writeFile(join(program.folder, 'keepalived.conf'), config);
  program.signal('SIGHUP');
  await program.says(/^Reload complete$/, { from });
}

interface Sizes {
  readonly descriptors: number;
  /** Bytes. */
  readonly memory: number;
  readonly journal: number;
}

function sizesOf({ pid, folder }: Program): Sizes {
  const [, resident = '0'] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  const journal = readdirSync(folder).find((name) => name.endsWith('.json'));
  if (journal === undefined) throw new Error('there is no journal');
  return {
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    memory: Number(resident) * 1024,
    journal: statSync(join(folder, journal)).size,
  };
}
