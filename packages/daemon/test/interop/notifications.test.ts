// Who is told what, beside real keepalived 2.2.7: one story of two instances in a sync group and two alone, run by each of
// them, and then the arguments of scripts, the lines of FIFOs and the mails are the same.
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, expect, test } from '@jest/globals';
import { createNamespaceLab, requires } from '@vrrp/netlink-native/testing';
import type { NamespaceLab } from '@vrrp/netlink-native/testing';
import { encodeAdvertisement } from '@vrrp/wire';

import { eventually, type Feed } from '../rig/deadline.js';
import { linesOf, readFifo, untilLine } from '../rig/fifo-reader.js';
import { instanceConfig } from '../rig/instance-config.js';
import { startKeepalived } from '../rig/keepalived-peer.js';
import type { PeerOptions } from '../rig/keepalived-peer.js';
import type { Peer } from '../rig/peer.js';
import { recordMail, type RecordedMail } from '../rig/recorder.js';
import { standIn, type Kind } from '../rig/scenarios.js';
import { openVrrpSender, VRRP_GROUP } from '../rig/vrrp-sender.js';
import { startVrrpd } from '../rig/vrrpd-peer.js';

const SMTP_PORT = 2525;
const NODE = 'lb1';
const OTHER = '192.0.2.2';
/** Seconds: a Backup waits three of these, so that the scripts of one state end before the next one comes. */
const INTERVAL = 0.4;

/** What the story of one daemon left behind. */
interface Told {
  /** `USER PROGRAM ARGUMENTS` of each script, by instance or group. */
  readonly scripts: readonly string[];
  readonly fifo: readonly string[];
  /** Read by somebody else than a script of the daemon, which is ended with it. */
  readonly vrrpFifo: readonly string[];
  readonly mails: readonly RecordedMail[];
  readonly fifoOwner: string;
  readonly fifoMode: string;
  readonly fifoIsLeft: boolean;
}

/** Appends its user, its name and its arguments to a file. */
const TELL = '#!/bin/sh\necho "$(id -un) $(basename "$0") $*" >> "$(dirname "$0")/told"\n';
/** Copies a FIFO, its last argument, to a file beside it. */
const COPY = '#!/bin/sh\nfor path; do :; done\nexec cat "$path" >> "$(dirname "$0")/$1"\n';
const SCRIPTS = ['master', 'backup', 'fault', 'stop', 'deleted', 'any', 'group', 'lower'];

const instance = (number: number, ...lines: readonly string[]): string =>
  instanceConfig({
    name: `VI_${number}`,
    version: 3,
    vrid: 50 + number,
    priority: 150,
    interval: INTERVAL,
    interface: 'eth0',
    addresses: [`198.51.100.${number}/24`],
    lines,
  });

const configText = (folder: string, members: readonly string[], all: boolean): string => {
  const notify = (name: string, words = ''): string => `notify_${name} "${folder}/${name}${words}"`;
  const states = ['master', 'backup', 'fault', 'stop'].map((name) => notify(name, " 'a b' c"));
  return [
    `global_defs {
      enable_script_security
      script_user root
      router_id ${NODE}
      notify_fifo ${folder}/all.fifo nobody
      notify_fifo_script "${folder}/copy all"
      vrrp_notify_fifo ${folder}/vrrp.fifo
      smtp_server 127.0.0.1 ${SMTP_PORT}
      smtp_helo_name lb1.example.org
      notification_email_from lb@example.org
      notification_email {
        a@example.org
        b@example.org c@example.org
      }
      smtp_alert_vrrp
    }
    track_file level {
      file ${folder}/level
    }
    vrrp_sync_group G {
      group {
        ${members.join('\n')}
      }
      notify ${folder}/group
    }`,
    instance(1, ...states, `notify "${folder}/any x" nobody`),
    instance(2, 'smtp_alert off'),
    instance(3, `notify_priority_changes`, 'track_file {\n level\n }', `notify ${folder}/any nobody`),
    ...(all
      ? [
          instance(
            4,
            `notify_deleted ${folder}/deleted`,
            `notify ${folder}/any`,
            `notify_master_rx_lower_pri ${folder}/lower`,
          ),
          instance(5, `notify ${folder}/any`, notify('fault')),
        ]
      : []),
  ].join('\n');
};

/** The same for both: from the start to the end, through a fault, a priority, and a reload that removes two instances. */
async function story(kind: Kind): Promise<Told> {
  const lab = createNamespaceLab();
  const folder = await mkdtemp(join(tmpdir(), 'vrrpd-interop-'));
  try {
    await chmod(folder, 0o755);
    for (const name of SCRIPTS) await program(join(folder, name), TELL);
    await program(join(folder, 'copy'), COPY);
    await writeFile(join(folder, 'told'), '');
    await chmod(join(folder, 'told'), 0o666);
    const namespace = await lab.addNamespace('node');
    const node = { namespace: await lab.addNamespace('other'), interface: 'eth0', address: OTHER };
    await lab.addBridgeLan('lan', [
      { namespace, interface: 'eth0', addresses: ['192.0.2.1/24'] },
      { ...node, addresses: [`${OTHER}/24`] },
    ]);
    const other = await openVrrpSender(node);
    const mails = await recordMail(lab, namespace, SMTP_PORT);
    const members = ['VI_1', 'VI_2'];
    const options = { lab, namespace, folder, config: configText(folder, members, true) };
    readFifo(lab, namespace, folder, 'vrrp');
    const peer = await start(kind, options);
    const says = (line: string, from = 0): Promise<string> => untilLine(folder, 'all', line, from);
    await says('GROUP "G" MASTER 0');
    for (const number of [3, 4, 5]) await says(`INSTANCE "VI_${number}" MASTER 150`);
    await untilQuiet(folder, mails);
    await writeFile(join(folder, 'level'), '7');
    await says('INSTANCE "VI_3" MASTER_PRIORITY 157');
    other.send([lowerPriority()]);
    await says('INSTANCE "VI_4" MASTER_RX_LOWER_PRI 150');
    await untilQuiet(folder, mails);
    await setLink(lab, namespace, 'down');
    await says('GROUP "G" FAULT 0');
    await says('INSTANCE "VI_5" FAULT 150');
    await untilQuiet(folder, mails);
    const fifo = await stat(join(folder, 'all.fifo'));
    const before = (await linesOf(folder, 'all')).length;
    await setLink(lab, namespace, 'up');
    await says('GROUP "G" MASTER 0', before);
    for (const number of [4, 5]) await says(`INSTANCE "VI_${number}" MASTER 150`, before);
    await untilQuiet(folder, mails);
    await writeFile(join(folder, 'keepalived.conf'), configText(folder, members, false));
    process.kill(peer.pid, 'SIGHUP');
    await says('INSTANCE "VI_4" DELETED 150');
    await says('INSTANCE "VI_5" FAULT 150', before);
    await untilQuiet(folder, mails);
    expect(await peer.stop()).toBe(0);
    await untilQuiet(folder, mails);
    other.close();
    return {
      scripts: await linesOf(folder, 'told'),
      fifo: await linesOf(folder, 'all'),
      vrrpFifo: await linesOf(folder, 'vrrp'),
      mails: mails.entries,
      fifoOwner: `${fifo.uid}:${fifo.gid}`,
      fifoMode: (fifo.mode & 0o777).toString(8),
      fifoIsLeft: existsSync(join(folder, 'all.fifo')),
    };
  } finally {
    await lab.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Another Master of VI_4, with a lower priority. */
function lowerPriority(): Uint8Array {
  return encodeAdvertisement(
    {
      version: 3,
      family: 4,
      vrid: 54,
      priority: 90,
      maxAdvertiseInterval: INTERVAL * 100,
      addresses: ['198.51.100.4'],
    },
    { source: OTHER, destination: VRRP_GROUP, checksum: 'with-pseudo-header' },
  );
}

function start(kind: Kind, options: PeerOptions): Promise<Peer> {
  return standIn(kind) === 'keepalived' ? startKeepalived(options) : startVrrpd(options);
}

async function program(path: string, text: string): Promise<void> {
  await writeFile(path, text);
  await chmod(path, 0o755);
}

async function setLink(lab: NamespaceLab, namespace: string, state: 'up' | 'down'): Promise<void> {
  const { status, stderr } = await lab.run(namespace, ['ip', 'link', 'set', 'eth0', state]);
  if (status !== 0) throw new Error(stderr);
}

/** Nothing new has been told for a while: what a program still does after its last line on the FIFO. */
async function untilQuiet(folder: string, mails: Feed<RecordedMail>): Promise<void> {
  let last = '';
  let same = 0;
  await eventually('nothing more is told', async () => {
    const now = `${(await linesOf(folder, 'told')).length} ${mails.entries.length}`;
    same = now === last ? same + 1 : 0;
    last = now;
    return same >= QUIET_LOOKS ? true : undefined;
  });
}

/** About half a second. */
const QUIET_LOOKS = 25;

/** Scripts of keepalived run side by side, so that only what is told of each subject by each script has an order. */
function byProgram(scripts: readonly string[]): readonly string[] {
  return scripts.toSorted();
}

function byName(told: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return grouped(told, (line) => line.split(' ')[1] ?? '');
}

function grouped<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  return new Map(items.map((item) => [key(item), items.filter((other) => key(other) === key(item))]));
}

/** From, To, Subject, X-Mailer and the body: what keepalived writes, less the time. */
function mailFacts({ helo, from, recipients, text }: RecordedMail): object {
  const end = text.indexOf('\r\n\r\n');
  const header = (name: string): string => new RegExp(`^${name}: (.*)$`, 'mi').exec(text.slice(0, end))?.[1] ?? '';
  return {
    helo,
    from,
    recipients,
    subject: header('Subject'),
    sender: header('From'),
    to: header('To'),
    mailer: header('X-Mailer'),
    body: text.slice(end),
  };
}

function factsBySubject(mails: readonly RecordedMail[]): ReadonlyMap<string, readonly object[]> {
  return new Map([...grouped(mails, subjectOf)].map(([name, some]) => [name, some.map(mailFacts)]));
}

function beforeTheStop(told: readonly string[]): readonly string[] {
  return told.filter((line) => !line.includes(' STOP '));
}

function subjectOf({ text }: RecordedMail): string {
  return /^Subject: .* (\S+ \S+) - /m.exec(text)?.[1] ?? '';
}

requires('root', 'keepalived')('by vrrpd and by keepalived', () => {
  let ours: Told;
  let theirs: Told;
  beforeAll(async () => {
    [ours, theirs] = await Promise.all([story('vrrpd'), story('keepalived')]);
  }, 60_000);

  test('scripts are run with the same arguments as the same users', () => {
    expect(ours.scripts.length).toBeGreaterThan(20);
    expect(byProgram(ours.scripts)).toEqual(byProgram(theirs.scripts));
  });

  test('FIFOs are told the same in the same order, instance by instance', () => {
    // keepalived says BACKUP_PRIORITY again at a reload, whatever the state and the priority.
    const known = theirs.vrrpFifo.filter((line) => !line.includes('BACKUP_PRIORITY'));
    expect(byName(ours.vrrpFifo)).toEqual(byName(known));
    expect(ours.vrrpFifo).toContain('INSTANCE "VI_3" STOP 157');
    // Its script may be ended before it has read what was told last.
    expect(beforeTheStop(ours.fifo)).toEqual(beforeTheStop(ours.vrrpFifo));
    expect(beforeTheStop(theirs.fifo)).toEqual(beforeTheStop(theirs.vrrpFifo));
  });

  test('FIFOs belong to the same user with the same mode, and are gone at the end', () => {
    for (const fact of ['fifoOwner', 'fifoMode', 'fifoIsLeft'] as const) expect(ours[fact]).toBe(theirs[fact]);
  });

  test('the same mails are sent, in the same order for each instance and group', () => {
    // keepalived connects for those of the stop and ends before it sends them.
    const sent = ours.mails.filter(({ text }) => !text.includes('- Stopping'));
    const mailed = factsBySubject(sent);
    expect([...mailed.keys()].toSorted()).toEqual([
      'Group G',
      ...[1, 3, 4, 5].map((number) => `Instance VI_${number}`),
    ]);
    expect(mailed).toEqual(factsBySubject(theirs.mails));
    expect(ours.mails.length - sent.length).toBe(['G', 'VI_1', 'VI_3'].length);
  });
});
