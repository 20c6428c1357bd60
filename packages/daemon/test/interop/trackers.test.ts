// What is tracked decides, with real keepalived 2.2.7: the same inputs make both daemons advertise the same priorities,
// and between one of each the address goes where the application runs, and comes back.
import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import { eventually } from '../rig/deadline.js';
import { PAIRS, type Kind } from '../rig/scenarios.js';
import { advertises, block, launch, onTrackingSite, patientWith, VIRTUAL } from '../rig/tracking-site.js';
import type { Tracked, TrackingSite } from '../rig/tracking-site.js';

const trackedApplication = (name: string): Tracked => ({
  objects: block('vrrp_track_process app', `process ${name}`, 'weight 10'),
  lines: block('track_process', 'app'),
});

requires(
  'root',
  'keepalived',
  'tcpdump',
)('what is tracked', () => {
  describe.each<[Kind]>([['vrrpd'], ['keepalived']])('by %s makes the priorities that are written here', (kind) => {
    test.concurrent('a file', () =>
      onTrackingSite(1, async (site) => {
        const path = join(site.folder, 'value');
        await writeFile(path, '5\n');
        await site.start(0, kind, 244, {
          objects: block('track_file f', `file ${path}`),
          lines: block('track_file', 'f'),
        });
        await advertises(site, 249, '5 at start');
        for (const [text, priority] of [
          ['6', 250],
          ['-10', 234],
          ['0x08', 252],
          ['300', 254],
          [' 7 apples', 251],
          ['apples', 244],
          ['-253', 1],
        ] as const) {
          await writeFile(path, text);
          await advertises(site, priority, `${text} in the file`);
        }
        const before = site.capture.seen.length;
        await writeFile(path, '-254');
        await advertises(site, 0, 'a fault: it leaves', before);
        await rm(path);
        await advertises(site, 244, 'no file');
      }),
    );

    test.concurrent('a file with a weight that is reversed', () =>
      onTrackingSite(1, async (site) => {
        const path = join(site.folder, 'value');
        await site.start(0, kind, 100, {
          objects: block('track_file f', `file ${path}`, 'weight -3 reverse'),
          lines: block('track_file', 'f'),
        });
        await advertises(site, 100, 'no file');
        await writeFile(path, '10');
        await advertises(site, 130, '10 times 3');
        await writeFile(path, '-10');
        await advertises(site, 70, '-10 times 3');
      }),
    );

    test.concurrent('a script', () =>
      onTrackingSite(1, async (site) => {
        const status = join(site.folder, 'status');
        const path = join(site.folder, 'check');
        await writeFile(path, `#!/bin/sh\nexit "$(cat ${status})"\n`);
        await chmod(path, 0o755);
        await writeFile(status, '0');
        await site.start(0, kind, 100, {
          objects: block('vrrp_script chk', `script ${path}`, 'interval 1', 'weight -20', 'fall 2', 'rise 2'),
          lines: block('track_script', 'chk'),
        });
        await advertises(site, 100, 'it succeeds');
        await writeFile(status, '1');
        await advertises(site, 80, 'it fails twice');
        await writeFile(status, '0');
        await advertises(site, 100, 'it succeeds twice');
      }),
    );

    test.concurrent('a process', () =>
      patientWith(kind, () =>
        onTrackingSite(1, async (site) => {
          const name = `intr-${kind}`;
          await site.start(0, kind, 100, {
            objects: block('vrrp_track_process app', `process ${name}`, 'weight 10', 'quorum 2'),
            lines: block('track_process', 'app'),
          });
          await advertises(site, 100, 'none runs');
          const first = await launch(site, 0, name);
          await launch(site, 0, name);
          await advertises(site, 110, 'two run');
          first.kill('SIGKILL');
          await advertises(site, 100, 'one runs');
        }),
      ),
    );
  });

  describe.each(PAIRS.map(({ master, backup }) => [master, backup] as const))(
    'the address leaves the %s node for the %s node, and comes back',
    (first, second) => {
      test.concurrent('when the application of the first one stops, and starts again', () =>
        patientWith('keepalived', () =>
          onTrackingSite(2, async (site) => {
            // The nodes see the processes of one machine here: each has an application of its own name.
            const names = [`p1-${first}`, `p2-${first}`] as const;
            const application = await launch(site, 0, names[0]);
            await launch(site, 1, names[1]);
            await site.start(0, first, 100, trackedApplication(names[0]));
            await site.start(1, second, 95, trackedApplication(names[1]));
            await moves(site, {
              fail: async () => void application.kill('SIGKILL'),
              mend: () => launch(site, 0, names[0]),
              priorities: [110, 105],
            });
          }),
        ),
      );

      test.concurrent('when the number in its file changes', () =>
        onTrackingSite(2, async (site) => {
          const path = join(site.folder, 'bonus');
          await writeFile(path, '5\n');
          await site.start(0, first, 244, {
            objects: block('vrrp_track_file f', `file ${path}`),
            lines: block('track_file', 'f weight 1'),
          });
          await site.start(1, second, 246, { lines: [] });
          await moves(site, {
            fail: () => writeFile(path, '1\n'),
            mend: () => writeFile(path, '5\n'),
            priorities: [249, 246],
          });
        }),
      );

      test.concurrent('when its script fails, and succeeds again', () =>
        onTrackingSite(2, async (site) => {
          const status = join(site.folder, 'status');
          const path = join(site.folder, 'check_api.sh');
          await writeFile(status, '0');
          await writeFile(path, `#!/bin/sh\nexit "$(cat ${status})"\n`);
          await chmod(path, 0o755);
          await site.start(0, first, 100, {
            objects: block('vrrp_script chk', `script ${path}`, 'interval 1', 'weight -20', 'fall 3', 'rise 2'),
            lines: block('track_script', 'chk'),
          });
          await site.start(1, second, 95, { lines: [] });
          await moves(site, {
            fail: () => writeFile(status, '3'),
            mend: () => writeFile(status, '0'),
            priorities: [100, 95],
          });
        }),
      );
    },
  );
});

/** The first node holds the address; then what it tracks fails, and is mended. `priorities`: of each when it holds it. */
async function moves(
  site: TrackingSite,
  story: {
    readonly fail: () => Promise<unknown>;
    readonly mend: () => Promise<unknown>;
    readonly priorities: readonly [number, number];
  },
): Promise<void> {
  const [own, others] = story.priorities;
  await holds(site, 0);
  await advertises(site, own, 'the first node, all is well');
  await story.fail();
  await holds(site, 1);
  await advertises(site, others, 'the second node');
  await story.mend();
  await holds(site, 0);
  await advertises(site, own, 'the first node again');
}

function holds({ lab, namespaces }: TrackingSite, node: number): Promise<unknown> {
  return eventually(`node ${node} alone holds the address`, async () => {
    const held = await Promise.all(namespaces.map((namespace) => lab.addresses(namespace)));
    const holders = held.map((addresses) => addresses.some(({ address }) => address === VIRTUAL));
    return holders[node] === true && holders[1 - node] === false ? true : undefined;
  });
}
