// The command `vrrpd` as its users get it: linked by npm in a clone, and out of the packed packages in an empty folder. What
// is not ours comes from the clone there, as it would come from a registry.
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { ROOT } from './repository.js';

const FILE = `vrrp_instance VI_1 {
  interface lo
  virtual_router_id 51
  virtual_ipaddress {
    198.51.100.10
  }
}
`;
/** Packing six packages on a busy machine, in ms. */
const PACKING_LIMIT = 120_000;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vrrpd-packed-'));
  writeFileSync(join(folder, 'keepalived.conf'), FILE);
});
afterAll(() => rmSync(folder, { recursive: true }));

function output(program: string, ...words: readonly string[]): string {
  return execFileSync('sh', ['-c', 'exec "$@" 2>&1', 'sh', program, ...words], { cwd: folder, encoding: 'utf8' });
}

test('it is there, and may be run, before anything is built: else npm would not link it in a clone', () => {
  const { bin } = JSON.parse(readFileSync(join(ROOT, 'packages', 'daemon', 'package.json'), 'utf8')) as {
    readonly bin: { readonly vrrpd: string };
  };
  const program = join(ROOT, 'packages', 'daemon', bin.vrrpd);
  expect(program).not.toContain('dist');
  expect(statSync(program).mode & 0o111).toBe(0o111);
  expect(output(program, '-v')).toMatch(/^vrrpd v\d/);
});

test(
  'it runs out of the packed packages in an empty folder, with the addon and what holds signals inside',
  () => {
    const modules = join(folder, 'node_modules');
    for (const name of readdirSync(join(ROOT, 'node_modules')).filter((one) => !one.startsWith('.'))) {
      if (name === '@vrrp' || name === 'vrrpd') continue;
      mkdirSync(modules, { recursive: true });
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
    }
    const packages = readdirSync(join(ROOT, 'packages')).map((name) => join(ROOT, 'packages', name));
    const packed = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--pack-destination', folder, ...packages], { encoding: 'utf8' }),
    ) as readonly { readonly name: string; readonly filename: string; readonly files: readonly { path: string }[] }[];
    for (const { name, filename } of packed) {
      mkdirSync(join(modules, name), { recursive: true });
      execFileSync('tar', ['-xf', join(folder, filename), '-C', join(modules, name), '--strip-components=1']);
    }
    const program = join(modules, 'vrrpd', 'bin', 'vrrpd.js');
    expect(output(program, '-v')).toMatch(/^vrrpd v\d/);
    expect(output(program, 'config', 'keepalived.conf', '--json')).toContain('"virtual_router_id": 51');
    const native = packed.find(({ name }) => name === '@vrrp/netlink-native')?.files.map(({ path }) => path) ?? [];
    for (const file of ['vrrp_netlink.node', 'vrrp_hold_signals.so']) {
      expect(native).toContainEqual(expect.stringMatching(new RegExp(`^prebuilds/linux-.*/${file}$`)));
    }
  },
  PACKING_LIMIT,
);
