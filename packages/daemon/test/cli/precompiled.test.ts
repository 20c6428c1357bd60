// The code cache of `vrrpd -t`: it is used where it fits, and whatever is wrong with it changes nothing but the time.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cacheUrl, compileScript, loadPrecompiled, packCache, unpackCache } from '../../src/cli/precompiled.js';

const DIST = dirname(fileURLToPath(new URL('../../dist/bin.js', import.meta.url)));
const PROGRAM = ['bin.js', 'config-test.script.js', 'config-test.script.js.cache'];
const CACHE = 'config-test.script.js.cache';
const SOURCE = '// hash\n(function (module) { module.exports = 42; })';
const DATA = Buffer.from('what V8 made of it');

describe('a cache file', () => {
  test('holds the data for its script', () => {
    expect(unpackCache(packCache(DATA, SOURCE), SOURCE)).toEqual(DATA);
  });

  test('of another script is not used', () => {
    expect(unpackCache(packCache(DATA, SOURCE), SOURCE.replace('hash', 'HASH'))).toBeUndefined();
  });

  test('of another Node is not used', () => {
    const file = packCache(DATA, SOURCE);
    file.write('v0', 'latin1');
    expect(unpackCache(file, SOURCE)).toBeUndefined();
  });

  test('that is damaged anywhere, or cut off, is not used', () => {
    const file = packCache(DATA, SOURCE);
    for (let at = 0; at < file.length; at += 1) {
      const damaged = Buffer.from(file);
      damaged.writeUInt8(file.readUInt8(at) ^ 1, at);
      expect(unpackCache(damaged, SOURCE)).toBeUndefined();
      expect(unpackCache(file.subarray(0, at), SOURCE)).toBeUndefined();
    }
  });
});

test('where nothing has been bundled there is nothing to load', () => {
  expect(loadPrecompiled(new URL('./none.script.js', import.meta.url))).toBeUndefined();
});

test('V8 takes the cache that the build has made', () => {
  const url = pathToFileURL(join(DIST, 'config-test.script.js'));
  const source = readFileSync(url, 'latin1');
  const data = unpackCache(readFileSync(cacheUrl(url)), source);
  expect(data).toBeDefined();
  expect(compileScript(source, url, data).cachedDataRejected).toBe(false);
});

describe('vrrpd -t', () => {
  let folder: string;
  const configuration = (): string => join(folder, 'keepalived.conf');
  const inFolder = (name: string): string => join(folder, name);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vrrpd-precompiled-'));
    for (const name of PROGRAM) copyFileSync(join(DIST, name), inFolder(name));
    writeFileSync(inFolder('package.json'), '{ "type": "module" }');
    writeFileSync(configuration(), 'vrrp_instance A {\n  interfase eth0\n}\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function configTest(...flags: readonly string[]): { readonly status: number | null; readonly stderr: string } {
    const words = [...flags, inFolder('bin.js'), '-t', '-f', configuration()];
    const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    return { status, stderr };
  }

  test('says the same with a cache, with none, with a bad one, and with one that V8 rejects', () => {
    const cache = readFileSync(inFolder(CACHE));
    const expected = configTest();
    expect(expected.status).toBe(5);
    expect(expected.stderr).toContain('"interfase" is no keyword of vrrp_instance');
    // Other flags: V8 would have compiled something else.
    expect(configTest('--no-lazy-feedback-allocation')).toEqual(expected);
    const middle = Math.floor(cache.length / 3);
    for (const bad of [
      Buffer.alloc(0),
      cache.subarray(0, middle),
      Buffer.from(cache).fill(0x55, middle, middle + 99),
    ]) {
      writeFileSync(inFolder(CACHE), bad);
      expect(configTest()).toEqual(expected);
    }
    rmSync(inFolder(CACHE));
    expect(configTest()).toEqual(expected);
  });
});
