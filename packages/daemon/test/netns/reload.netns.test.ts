// A reload is a transaction: each of these changes is impossible, and then the configuration that ran runs on as if nothing
// had been asked; the log names the place, and the status says that the reload was refused, and why.
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import { captureAdvertisements } from '../rig/capture.js';
import { start, VRRPD } from './program.js';
import { createLoneNode, heldOf, onStage, untilHolding } from './stage.js';

const VIRTUAL = '198.51.100.10';
/** The instance that runs, less its last lines. */
const INSTANCE = `vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority 200
  version 3
  advert_int 0.2
  virtual_ipaddress {
    ${VIRTUAL}/24
  }
`;
const RUNS = `${INSTANCE}}\n`;

interface Impossible {
  /** What the file says, with the folder of the daemon. */
  text(folder: string): string;
  /** What else is done first. */
  prepare?(folder: string): Promise<void>;
  /** What the refusal says. */
  readonly reason: RegExp;
}

const IMPOSSIBLE: Readonly<Record<string, Impossible>> = {
  'an interface that does not exist': {
    text: () => RUNS.replace('eth0', 'nosuch0'),
    reason: /keepalived\.conf:2: .*nosuch0/,
  },
  'no virtual router id': {
    text: () => RUNS.replace('virtual_router_id 51', ''),
    reason: /keepalived\.conf:1: /,
  },
  'another network namespace, which does not exist': {
    text: () => `net_namespace nosuch\n${RUNS}`,
    reason: /Cannot change network namespace at a reload/,
  },
  'another instance name': {
    text: () => `instance other\n${RUNS}`,
    reason: /Cannot change instance name at a reload/,
  },
  'version 2 for an IPv6 address': {
    text: () => RUNS.replace('version 3', 'version 2').replace(`${VIRTUAL}/24`, '2001:db8::10/64'),
    reason: /VI_1/,
  },
  'authentication that is not there yet': {
    text: () =>
      `${INSTANCE.replace('version 3', 'version 2').replace('0.2', '1')}  authentication {\n    auth_type AH\n    auth_pass x\n  }\n}\n`,
    reason: /VI_1/,
  },
  'a FIFO where a file is': {
    text: (folder) => `global_defs {\n  notify_fifo ${folder}/file\n}\n${RUNS}`,
    prepare: (folder) => writeFile(join(folder, 'file'), 'precious'),
    reason: /notify FIFO .*\/file cannot be used: .* is not a FIFO/,
  },
  'a FIFO in a folder that does not exist': {
    text: (folder) => `global_defs {\n  vrrp_notify_fifo ${folder}/nosuch/fifo\n}\n${RUNS}`,
    reason: /notify FIFO .*\/nosuch\/fifo cannot be used: .*ENOENT/,
  },
  'a folder in the place of the file': {
    text: () => RUNS,
    prepare: async (folder) => {
      await rm(join(folder, 'keepalived.conf'));
      await mkdir(join(folder, 'keepalived.conf'));
    },
    reason: /is a directory/,
  },
  'no file': {
    text: () => RUNS,
    prepare: (folder) => rm(join(folder, 'keepalived.conf')),
    reason: /Config files missing/,
  },
};

interface Configuration {
  readonly lastReload: { readonly successful: boolean; readonly reason: string };
}

function statusOf(folder: string): Promise<Configuration> {
  const [program = '', ...words] = [...VRRPD, 'status', '--json', '--socket', join(folder, 'vrrp.sock')];
  return new Promise((resolve, reject) => {
    execFile(program, words, (error, stdout) => {
      if (error === null) resolve((JSON.parse(stdout) as { readonly configuration: Configuration }).configuration);
      else reject(error);
    });
  });
}

requires('root', 'tcpdump')('a reload that cannot be', () => {
  test.concurrent.each(Object.entries(IMPOSSIBLE))('%s', (_what, impossible) =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const capture = await captureAdvertisements(stage.lab, namespace, 'eth0');
      const program = await start(stage, { namespace, config: RUNS });
      const file = join(program.folder, 'keepalived.conf');
      await untilHolding(stage.lab, namespace, [VIRTUAL], 'all');
      const journal = await readFile(join(program.folder, 'vrrp.addresses.json'), 'utf8');

      const text = impossible.text(program.folder);
      await writeFile(file, text);
      await impossible.prepare?.(program.folder);
      const from = program.log.length;
      program.signal('SIGHUP');
      const { msg } = await program.says(/^the configuration was not reloaded; the one that runs stays: /, { from });
      expect(msg).toMatch(impossible.reason);

      const seen = capture.seen.length;
      await capture.waitFor('three more advertisements', () => capture.seen.length >= seen + 3);
      expect(new Set(capture.seen.map(({ priority, addresses }) => `${priority} ${addresses.join()}`))).toEqual(
        new Set([`200 ${VIRTUAL}`]),
      );
      expect(program.roles()).toEqual(['backup', 'master']);
      expect(program.log.slice(from).filter(({ event }) => event === 'addresses-removed')).toEqual([]);
      expect(await heldOf(stage.lab, namespace, [VIRTUAL])).toEqual([VIRTUAL]);
      expect(await readFile(join(program.folder, 'vrrp.addresses.json'), 'utf8')).toBe(journal);
      const { lastReload } = await statusOf(program.folder);
      expect(lastReload).toMatchObject({ successful: false, reason: expect.stringMatching(impossible.reason) });

      await rm(file, { recursive: true, force: true });
      await writeFile(file, RUNS);
      program.signal('SIGHUP');
      await program.says(/^Reload complete$/, { from });
      expect(await program.stop()).toBe(0);
    }),
  );
});
