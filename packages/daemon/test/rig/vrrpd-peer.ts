// Our own daemon, built, in a network namespace: the same interface as the keepalived peer, the same flags.
// It is one process, so killing it is a crash.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { PeerOptions } from './keepalived-peer.js';
import { PeerProcess } from './peer.js';
import type { Peer } from './peer.js';

const PROGRAM = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));

/** Resolves when it has read its configuration and opened its sockets. */
export async function startVrrpd(options: PeerOptions): Promise<Peer> {
  const { lab, namespace, folder } = options;
  const file = join(folder, 'keepalived.conf');
  await writeFile(file, options.config);
  const flags = ['-n', '-l', '-D', '-f', file, '-p', join(folder, 'vrrpd.pid'), '-r', join(folder, 'vrrp.pid')];
  const child = lab.spawn(namespace, [process.execPath, PROGRAM, ...flags], {
    env: { ...process.env, ...options.environment, TMPDIR: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const peer = new PeerProcess('vrrpd', namespace, child);
  await peer.waitForLog(/Startup complete/);
  return peer;
}
