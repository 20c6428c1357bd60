// In which order instances and sync groups are told, beside real keepalived 2.2.7: one story of two groups on two links,
// run by each of them, and then the FIFO has the same lines in the same order wherever that order is not one of timers.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, expect, test } from '@jest/globals';
import { createNamespaceLab, requires } from '@vrrp/netlink-native/testing';

import { eventually } from '../rig/deadline.js';
import { linesOf, readFifo, untilLine } from '../rig/fifo-reader.js';
import { instanceConfig } from '../rig/instance-config.js';
import { startKeepalived } from '../rig/keepalived-peer.js';
import { standIn, type Kind } from '../rig/scenarios.js';
import { block } from '../rig/tracking-site.js';
import { startVrrpd } from '../rig/vrrpd-peer.js';

/** The members of a group become Master with the last of them, whose lower priority makes it late by a clear time. */
const PRIORITIES = [50, 250, 100, 50, 250, 100] as const;

const instance = (number: number, link: string): string =>
  instanceConfig({
    name: `VI_${number}`,
    version: 3,
    vrid: 50 + number,
    priority: PRIORITIES[number - 1] ?? 0,
    interval: 0.4,
    interface: link,
    addresses: [`198.51.100.${number}/24`],
  });

const group = (name: string, ...members: readonly string[]): readonly string[] =>
  block(`vrrp_sync_group ${name}`, ...block('group', ...members));

/** G on eth0 and H on eth1, each with two members, and VI_3 alone; after the reload J with VI_6, too. */
const configText = (folder: string, isReloaded: boolean): string =>
  [
    ...block(
      'global_defs',
      'script_user root',
      `vrrp_notify_fifo ${folder}/vrrp.fifo root`,
      'fifo_write_vrrp_states_on_reload',
    ),
    ...group('G', 'VI_2', 'VI_1'),
    ...group('H', 'VI_4', 'VI_5'),
    ...(isReloaded ? group('J', 'VI_6') : []),
    ...[1, 2, 3].map((number) => instance(number, 'eth0')),
    ...[4, 5].map((number) => instance(number, 'eth1')),
    ...(isReloaded ? [instance(6, 'eth0')] : []),
  ].join('\n');

/** The lines of each part of the story. */
interface Told {
  readonly start: readonly string[];
  readonly master: readonly string[];
  readonly fault: readonly string[];
  readonly reload: readonly string[];
  readonly recovery: readonly string[];
  readonly stop: readonly string[];
  /** Of a second run, which begins without the carrier of eth1. */
  readonly startInFault: readonly string[];
}

async function story(kind: Kind): Promise<Told> {
  const lab = createNamespaceLab();
  const folder = await mkdtemp(join(tmpdir(), 'vrrpd-interop-'));
  try {
    const namespace = await lab.addNamespace('node');
    const lan = (name: string, link: string, address: string) =>
      lab.addBridgeLan(name, [{ namespace, interface: link, addresses: [address] }]);
    await lan('lan', 'eth0', '192.0.2.1/24');
    const second = await lan('lan2', 'eth1', '203.0.113.1/24');
    const cable = (state: 'up' | 'down') => second.setCable({ namespace, interface: 'eth1' }, state);
    const options = { lab, namespace, folder, config: configText(folder, false) };
    const begin = () => (standIn(kind) === 'keepalived' ? startKeepalived(options) : startVrrpd(options));
    readFifo(lab, namespace, folder, 'vrrp');
    let from = 0;
    /** What was told since the part before, when all of these lines have been. */
    const part = async (...last: readonly string[]): Promise<readonly string[]> => {
      for (const line of last) await untilLine(folder, 'vrrp', line, from);
      const lines = (await linesOf(folder, 'vrrp')).slice(from);
      from += lines.length;
      return lines;
    };
    const peer = await begin();
    const all = await part('GROUP "G" MASTER 0', 'GROUP "H" MASTER 0', 'INSTANCE "VI_3" MASTER 100');
    await cable('down');
    const fault = await part('GROUP "H" FAULT 0');
    await writeFile(join(folder, 'keepalived.conf'), configText(folder, true));
    process.kill(peer.pid, 'SIGHUP');
    const reload = await part('GROUP "J" MASTER 0');
    await cable('up');
    const recovery = await part('GROUP "H" MASTER 0');
    await peer.stop();
    const stop = await part('GROUP "J" STOP 0');
    await cable('down');
    await eventually('eth1 has no carrier', async () => {
      const { stdout } = await lab.run(namespace, ['ip', 'link', 'show', 'eth1']);
      return stdout.includes('NO-CARRIER') ? true : undefined;
    });
    const again = await begin();
    const startInFault = await part('INSTANCE "VI_3" MASTER 100');
    await again.stop();
    return {
      start: all.filter(begins),
      master: all.filter((line) => !begins(line)),
      fault,
      reload,
      recovery,
      stop,
      startInFault: startInFault.filter((line) => !line.includes('MASTER')),
    };
  } finally {
    await lab.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of each group on its own: which of two groups is first is a matter of timers. */
const about = (lines: readonly string[], ...names: readonly string[]): readonly string[] =>
  lines.filter((line) => names.some((name) => line.includes(`"${name}"`)));

const begins = (line: string): boolean => line.includes('BACKUP');

/** What a reload tells of states, before the new instance goes on. */
const states = (lines: readonly string[]): readonly string[] =>
  lines.slice(0, lines.indexOf('INSTANCE "VI_6" BACKUP 100') + 1);

const isMaster = (line: string): boolean => /^INSTANCE .* MASTER /.test(line);

requires('root', 'keepalived')('the order of what is told', () => {
  let ours: Told;
  let theirs: Told;
  beforeAll(async () => {
    [ours, theirs] = await Promise.all([story('vrrpd'), story('keepalived')]);
  }, 90_000);

  test('at the start groups come before instances', () => {
    expect(ours.start).toEqual([
      'GROUP "G" BACKUP 0',
      'GROUP "H" BACKUP 0',
      ...PRIORITIES.slice(0, 5).map((priority, index) => `INSTANCE "VI_${index + 1}" BACKUP ${priority}`),
    ]);
    expect(ours.start).toEqual(theirs.start);
  });

  test('at a start in fault the instances that are in fault come before the groups', () => {
    expect(ours.startInFault[0]).toBe('INSTANCE "VI_4" FAULT 50');
    expect(ours.startInFault).toEqual(theirs.startInFault);
  });

  test.each([['master'], ['fault'], ['recovery']] as const)('to %s members come before their group', (part) => {
    for (const names of [
      ['VI_1', 'VI_2', 'G'],
      ['VI_4', 'VI_5', 'H'],
    ]) {
      expect(about(ours[part], ...names)).toEqual(about(theirs[part], ...names));
    }
    expect(about(ours[part], 'VI_4', 'VI_5', 'H').at(-1)).toMatch(/^GROUP "H"/);
  });

  test('fifo_write_vrrp_states_on_reload: groups first, then instances; keepalived leaves out Masters', () => {
    expect(states(ours.reload)).toEqual([
      'GROUP "G" MASTER 0',
      'GROUP "H" FAULT 0',
      'GROUP "J" BACKUP 0',
      'INSTANCE "VI_1" MASTER 50',
      'INSTANCE "VI_2" MASTER 250',
      'INSTANCE "VI_3" MASTER 100',
      'INSTANCE "VI_4" FAULT 50',
      'INSTANCE "VI_5" FAULT 250',
      'INSTANCE "VI_6" BACKUP 100',
    ]);
    expect(states(ours.reload).filter((line) => !isMaster(line))).toEqual(states(theirs.reload));
  });

  test('at the stop instances come before groups', () => {
    expect(ours.stop.at(-1)).toBe('GROUP "J" STOP 0');
    expect(ours.stop).toEqual(theirs.stop);
  });
});
