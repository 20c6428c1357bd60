// Real keepalived in a network namespace, observed as an operator would: log on standard error, pid files, the JSON dump.
// Facts it relies on, seen with 2.2.7: TMPDIR decides where the dump goes; `-p` and `-r` keep several apart; the VRRP
// child gets SIGTERM when its parent dies, and then still sends priority 0, so a crash has to kill the child first.
import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { NamespaceLab } from '@vrrp/netlink-native/testing';

import { eventually } from './deadline.js';
import { PeerProcess } from './peer.js';
import type { Peer } from './peer.js';

/** `keepalived --signum=JSON`: SIGRTMIN + 2. */
const SIGNAL_JSON = 36;

export interface PeerOptions {
  readonly lab: NamespaceLab;
  readonly namespace: string;
  /** The text of its keepalived.conf. */
  readonly config: string;
  /** An empty folder of its own, which outlives it. */
  readonly folder: string;
  /**
   * keepalived listens to process events before it enters its namespace, and there are none but in the first: it is
   * started there, with `-s`.
   */
  readonly processEvents?: true;
  /** Beside the environment of the test. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** One instance in keepalived's JSON dump: the fields that tests read. */
export interface KeepalivedInstance {
  readonly data: {
    readonly iname: string;
    /** 1 BACKUP, 2 MASTER, 3 FAULT. */
    readonly state: number;
    readonly effective_priority: number;
    readonly master_priority: number;
  };
  readonly stats: Readonly<Record<string, number>>;
}

export interface KeepalivedPeer extends Peer {
  readonly kind: 'keepalived';
  /** Asks for its JSON dump and reads it. */
  readState(): Promise<readonly KeepalivedInstance[]>;
}

/** Resolves when it has read its configuration and opened its sockets. */
export async function startKeepalived(options: PeerOptions): Promise<KeepalivedPeer> {
  const { lab, namespace, folder } = options;
  const file = join(folder, 'keepalived.conf');
  const childPidFile = join(folder, 'vrrp.pid');
  await writeFile(file, options.config);
  const flags = ['-n', '-l', '-D', '-f', file, '-p', join(folder, 'keepalived.pid'), '-r', childPidFile];
  const outside = ['nsenter', `--net=/proc/${process.pid}/ns/net`, 'keepalived', '-s', namespace, ...flags];
  const argv = options.processEvents === true ? outside : ['keepalived', ...flags];
  const child = lab.spawn(namespace, argv, {
    env: { ...process.env, ...options.environment, TMPDIR: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const peer = new PeerProcess('keepalived', namespace, child, () => [Number(readFileSync(childPidFile, 'utf8'))]);
  await peer.waitForLog(/Startup complete/);
  return Object.assign(peer, { kind: 'keepalived' as const, readState: () => readState(peer, folder) });
}

async function readState(peer: Peer, folder: string): Promise<readonly KeepalivedInstance[]> {
  const dump = join(folder, 'keepalived.json');
  await rm(dump, { force: true });
  process.kill(peer.pid, SIGNAL_JSON);
  const text = await eventually('keepalived writes its JSON dump', () => readFile(dump, 'utf8').then(complete, absent));
  return JSON.parse(text) as readonly KeepalivedInstance[];
}

/** 2.2.7 writes the dump in place, so it may be seen half written. */
function complete(text: string): string | undefined {
  return text.trimEnd().endsWith(']') ? text : undefined;
}

function absent(): undefined {
  return undefined;
}
