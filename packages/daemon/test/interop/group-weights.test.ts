// What weights come to in a sync group, with and without sync_group_tracking_weight, beside real keepalived 2.2.7: what is
// tracked by a member goes wrong, and both advertise the same priorities, or are in fault alike.
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import { instanceConfig } from '../rig/instance-config.js';
import type { Kind } from '../rig/scenarios.js';
import { advertises, block, launch, onTrackingSite, patientWith } from '../rig/tracking-site.js';
import type { TrackingSite } from '../rig/tracking-site.js';

const KINDS: readonly [Kind][] = [['vrrpd'], ['keepalived']];

/** Something to track: its definition, its line in the instance, and how it is made wrong. */
interface Object {
  readonly definition?: (site: TrackingSite) => readonly string[];
  readonly lines: readonly string[];
  readonly fail: (site: TrackingSite) => Promise<unknown>;
}

const byInterface: Object = {
  lines: block('track_interface', 'eth1 weight -20'),
  fail: ({ setCable }) => setCable(0, 'eth1', 'down'),
};

const bySpoiling = (site: TrackingSite): Promise<void> => writeFile(join(site.folder, 'state'), '3');

const byFile = (line: string): Object => ({
  definition: ({ folder }) => block('track_file f', `file ${join(folder, 'state')}`),
  lines: block('track_file', line),
  fail: bySpoiling,
});

const byScript = (line: string): Object => ({
  definition: ({ folder }) => block('vrrp_script s', `script ${join(folder, 'check')}`, 'interval 1', 'weight -20'),
  lines: block('track_script', line),
  fail: bySpoiling,
});

const byProcess = (kind: Kind): Object => ({
  definition: () => block('vrrp_track_process p', `process grp-${kind}`, 'weight 20'),
  lines: block('track_process', 'p'),
  fail: (site) => launch(site, 0, `grp-${kind}`),
});

/** VI_1, priority 100, in a group with VI_2, priority 60: Master, then what it tracks goes wrong. */
async function afterFailure(
  kind: Kind,
  object: Object,
  groupLines: readonly string[],
  then: number | 'fault',
): Promise<void> {
  await onTrackingSite(1, async (site) => {
    await writeFile(join(site.folder, 'state'), '0');
    await writeFile(join(site.folder, 'check'), `#!/bin/sh\nexit "$(cat ${join(site.folder, 'state')})"\n`);
    await chmod(join(site.folder, 'check'), 0o755);
    const other = { name: 'VI_2', version: 3, vrid: 52, priority: 60, interval: 0.1, interface: 'eth0' } as const;
    const peer = await site.start(0, kind, 100, {
      objects: [
        ...(object.definition?.(site) ?? []),
        ...block('vrrp_sync_group G', ...block('group', 'VI_1', 'VI_2'), ...groupLines),
        instanceConfig({ ...other, addresses: ['198.51.100.20/24'] }),
      ],
      lines: object.lines,
    });
    await advertises(site, 100, 'all is well');
    const before = site.capture.seen.length;
    await object.fail(site);
    if (then === 'fault') {
      await peer.waitForLog(/\(VI_1\) Entering FAULT STATE/);
      await peer.waitForLog(/\(VI_2\) Entering FAULT STATE/);
    } else if (then === 100) {
      // Twenty intervals, and two runs of a script: whatever it comes to has happened.
      await site.capture.waitFor('20 advertisements', () => advertisedBy(site, before).length >= 40);
      expect(new Set(advertisedBy(site, before))).toEqual(new Set([100]));
    } else await advertises(site, then, 'what it tracks is wrong', before);
    if (then !== 'fault') expect(peer.log.filter(({ text }) => text.includes('FAULT STATE'))).toEqual([]);
  });
}

/** The priorities of VI_1 since then. */
function advertisedBy({ capture }: TrackingSite, from: number): readonly number[] {
  return capture.seen.slice(from).flatMap(({ vrid, priority }) => (vrid === 51 ? [priority] : []));
}

requires(
  'root',
  'keepalived',
  'tcpdump',
)('weights in a sync group', () => {
  describe.each(KINDS)('of %s', (kind) => {
    test.concurrent.each<[string, Object, number | 'fault']>([
      ['an interface keeps its weight, whatever keepalived says', byInterface, 80],
      ['a script with a weight is not tracked', byScript('s'), 100],
      ['a script without one is a fault', byScript('s weight 0'), 'fault'],
      ['a file is a fault: its weight of 1 is none', byFile('f'), 'fault'],
      ['a file with another weight is not tracked', byFile('f weight 2'), 100],
    ])('%s', (_title, object, then) => afterFailure(kind, object, [], then));

    test.concurrent('a process keeps its weight', () =>
      patientWith(kind, () => afterFailure(kind, byProcess(kind), [], 120)),
    );

    test.concurrent.each<[string, Object, number]>([
      ['an interface', byInterface, 80],
      ['a script', byScript('s'), 80],
      ['a file', byFile('f'), 103],
    ])('with sync_group_tracking_weight %s has its weight', (_title, object, then) =>
      afterFailure(kind, object, ['sync_group_tracking_weight'], then),
    );

    test.concurrent('what the group itself tracks has its weight in any case', () =>
      afterFailure(kind, { ...byFile('f'), lines: [] }, block('track_file', 'f weight 2'), 106),
    );
  });
});
