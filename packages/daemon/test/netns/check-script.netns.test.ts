// ../../examples/check-script: the priority follows an HTTP server that answers /health, runs, and is started again.
import { once } from 'node:events';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import { captureAdvertisements } from '../rig/capture.js';
import { Feed, withDeadline } from '../rig/deadline.js';
import { start } from './program.js';
import { createLoneNode, onStage } from './stage.js';
import type { Stage } from './stage.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/check-script/', import.meta.url));
const FILE = join(EXAMPLE, 'keepalived.conf');
const FALL = 3;
const RISE = 2;
/** Of the shortened copy, in microseconds. */
const INTERVAL = 1_000_000;
/** The first of the failing checks may come as soon as the API has stopped; a busy machine is late by this at most. */
const SLACK = 700_000;

/** The API: says on standard output that it listens, and then one line for every request. */
const API = `
  const server = require('node:http').createServer((request, response) => {
    console.log(request.url);
    response.end('well');
  });
  server.listen(8080, '127.0.0.1', () => console.log('listening'));
`;

interface Api {
  /** Paths asked for. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

async function startApi({ lab }: Stage, namespace: string): Promise<Api> {
  const child = lab.spawn(namespace, [process.execPath, '-e', API], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('the API could not be started');
  const lines = new Feed<string>();
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  await lines.waitFor({ what: 'the API listens', satisfies: (line) => line === 'listening' });
  return {
    get requests() {
      return lines.entries.slice(1);
    },
    stop: async () => {
      const ended = once(child, 'close');
      child.kill('SIGKILL');
      await withDeadline('the API ends', ended);
    },
  };
}

requires('root', 'tcpdump')('examples/check-script', () => {
  test.concurrent('as it is: the check succeeds at once and the node advertises its full priority', () =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const api = await startApi(stage, namespace);
      const capture = await captureAdvertisements(stage.lab, namespace, 'eth0');
      const program = await start(stage, { namespace, config: { file: FILE } });
      await program.says(/^VRRP_Script\(check_api\) succeeded$/);
      const first = await capture.waitFor('an advertisement', () => true);
      expect(first).toMatchObject({ version: 2, vrid: 51, priority: 100, password: 'secret12', interval: 1_000_000 });
      expect(api.requests).toContain('/health');
      expect(await program.stop()).toBe(0);
    }),
  );

  // The file says `interval 5`; a copy with `interval 1` shows the same in a fifth of the time.
  test.concurrent('three failures take 20 from the priority, two successes give them back', () =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const api = await startApi(stage, namespace);
      const capture = await captureAdvertisements(stage.lab, namespace, 'eth0');
      const folder = await stage.folder();
      const text = await readFile(FILE, 'utf8');
      expect(text).toContain('interval 5 ');
      await copyFile(join(EXAMPLE, 'check_api.sh'), join(folder, 'check_api.sh'));
      const program = await start(stage, { namespace, folder, config: text.replace('interval 5 ', 'interval 1 ') });
      await capture.waitFor('full priority', ({ priority }) => priority === 100);

      const stopped = Date.now() * 1000;
      await api.stop();
      const lowered = await capture.waitFor('lowered priority', ({ priority }) => priority !== 100);
      expect(lowered.priority).toBe(80);
      const checks = (lowered.at - stopped) / INTERVAL;
      expect(checks).toBeGreaterThan(FALL - 1);
      // One interval until the first check, and one until the next advertisement.
      expect(checks).toBeLessThan(FALL + 1 + SLACK / INTERVAL);

      const from = program.log.length;
      const again = await startApi(stage, namespace);
      await program.says(/Changing effective priority from 80 to 100/, { from });
      expect(again.requests).toEqual(Array.from({ length: RISE }, () => '/health'));
      await capture.waitFor('full priority again', ({ priority }) => priority === 100, { from: capture.seen.length });
      expect(program.roles()).toEqual(['backup', 'master']);
    }),
  );
});
