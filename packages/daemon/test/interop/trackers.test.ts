// What is tracked decides, with real keepalived 2.2.7: the same inputs make both daemons advertise the same priorities,
// and between one of each the address goes where the application runs, and comes back.
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';
import { createNamespaceLab, requires } from '@vrrp/netlink-native/testing';
import type { NamespaceLab } from '@vrrp/netlink-native/testing';

import { captureAdvertisements } from '../rig/capture.js';
import type { AdvertisementCapture } from '../rig/capture.js';
import { eventually } from '../rig/deadline.js';
import { instanceConfig } from '../rig/instance-config.js';
import { startKeepalived } from '../rig/keepalived-peer.js';
import type { Peer } from '../rig/peer.js';
import { PAIRS, standIn, type Kind } from '../rig/scenarios.js';
import { startVrrpd } from '../rig/vrrpd-peer.js';

const INTERFACE = 'eth0';
const VIRTUAL = '198.51.100.10';

/** One or two nodes on a LAN, and a folder for what they track. */
interface Site {
  readonly lab: NamespaceLab;
  readonly folder: string;
  readonly namespaces: readonly string[];
  readonly capture: AdvertisementCapture;
  start(node: number, kind: Kind, priority: number, tracked: Tracked): Promise<Peer>;
}

/** Objects before the instance, and its lines. */
interface Tracked {
  readonly objects: readonly string[];
  readonly lines: readonly string[];
}

async function onSite(nodes: number, body: (site: Site) => Promise<void>): Promise<void> {
  const lab = createNamespaceLab();
  const folder = await mkdtemp(join(tmpdir(), 'vrrpd-interop-'));
  try {
    const namespaces: string[] = [];
    for (let node = 1; node <= nodes; node += 1) namespaces.push(await lab.addNamespace(`node${node}`));
    const member = (namespace: string, index: number) => ({
      namespace,
      interface: INTERFACE,
      addresses: [`192.0.2.${index + 1}/24`],
    });
    await lab.addBridgeLan('lan', namespaces.map(member));
    const capture = await captureAdvertisements(lab, namespaces.at(-1) ?? '', INTERFACE);
    const start: Site['start'] = async (node, kind, priority, { objects, lines }) => {
      const instance = instanceConfig({
        version: 3,
        vrid: 51,
        priority,
        interval: 0.1,
        interface: INTERFACE,
        addresses: [`${VIRTUAL}/24`],
        lines,
      });
      const own = await mkdtemp(join(folder, 'run-'));
      const config = `${objects.join('\n')}\n${instance}`;
      const options = { lab, namespace: namespaces[node] ?? '', config, folder: own };
      return standIn(kind) === 'keepalived'
        ? startKeepalived({ ...options, processEvents: true })
        : startVrrpd(options);
    };
    await body({ lab, folder, namespaces, capture, start });
  } finally {
    await lab.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const block = (head: string, ...lines: readonly string[]): readonly string[] => [`${head} {`, ...lines, '}'];

const trackedApplication = (name: string): Tracked => ({
  objects: block('vrrp_track_process app', `process ${name}`, 'weight 10'),
  lines: block('track_process', 'app'),
});

async function advertises({ capture }: Site, priority: number, why: string): Promise<void> {
  const from = capture.seen.length;
  await capture.waitFor(`priority ${priority}: ${why}`, (packet) => packet.priority === priority, { from });
}

/** A process of this name. Its file is made once: one that is open for writing cannot be started (ETXTBSY). */
async function launch({ lab, folder, namespaces }: Site, node: number, name: string) {
  const program = join(folder, name);
  if (!existsSync(program)) await copyFile('/bin/sleep', program);
  return lab.spawn(namespaces[node] ?? '', [program, '1000'], { stdio: 'ignore' });
}

const KEEPALIVED_TRIES = 3;

requires(
  'root',
  'keepalived',
  'tcpdump',
)('what is tracked', () => {
  describe.each<[Kind]>([['vrrpd'], ['keepalived']])('by %s makes the priorities that are written here', (kind) => {
    test.concurrent('a file', () =>
      onSite(1, async (site) => {
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
        await writeFile(path, '-254');
        await advertises(site, 0, 'a fault: it leaves');
        await rm(path);
        await advertises(site, 244, 'no file');
      }),
    );

    test.concurrent('a file with a weight that is reversed', () =>
      onSite(1, async (site) => {
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
      onSite(1, async (site) => {
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
        onSite(1, async (site) => {
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

  test.concurrent.each(PAIRS.map(({ master, backup }) => [master, backup] as const))(
    'the application of the %s node stops and the address goes to the %s node; it starts and the address comes back',
    (first, second) =>
      patientWith('keepalived', () =>
        onSite(2, async (site) => {
          const { lab, namespaces } = site;
          // The nodes see the processes of one machine here: each has an application of its own name.
          const names = [`p1-${first}`, `p2-${first}`] as const;
          const application = await launch(site, 0, names[0]);
          await launch(site, 1, names[1]);
          const a = await site.start(0, first, 100, trackedApplication(names[0]));
          const b = await site.start(1, second, 95, trackedApplication(names[1]));
          const holds = (node: number): Promise<unknown> =>
            eventually(`node ${node} alone holds the address`, async () => {
              const held = await Promise.all(namespaces.map((namespace) => lab.addresses(namespace)));
              const holders = held.map((addresses) => addresses.some(({ address }) => address === VIRTUAL));
              return holders[node] === true && holders[1 - node] === false ? true : undefined;
            });
          await holds(0);
          await advertises(site, 110, 'the first node, with its application');
          application.kill('SIGKILL');
          await holds(1);
          await advertises(site, 105, 'the second node');
          await launch(site, 0, names[0]);
          await holds(0);
          await advertises(site, 110, 'the first node again');
          expect(await a.stop()).toBe(0);
          expect(await b.stop()).toBe(0);
        }),
      ),
  );
});

/**
 * keepalived 2.2.7 now and then overlooks the start or the end of a process here (about one run in five), and never finds
 * out later: a comparison it takes part in may be made again. Ours alone has one try.
 */
async function patientWith(kind: string, body: () => Promise<void>): Promise<void> {
  const tries = kind === 'keepalived' ? KEEPALIVED_TRIES : 1;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await body();
    } catch (error) {
      if (attempt === tries) throw error;
    }
  }
}
