// The journal of addresses: what is written is what the next start reads, and damage is no obstacle.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readJournal, removeJournal, writeJournal } from '../../src/control/address-journal.js';
import type { Desired } from '../../src/plan/desired.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vrrpd-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const address = { kind: 'address' as const, family: 4 as const, address: '192.0.2.1', prefixLength: 32, link: 'eth0' };
const desired = {
  virtualRouters: [{ addresses: [{ ...address, scope: 0, noDad: false, tracked: true }] }],
  trackers: [],
};

describe('address journal', () => {
  test('survives a crash: the next start reads the addresses of this one and of the one before', () => {
    const path = join(folder, 'run', 'vrrp.addresses.json');
    const earlier = [{ ...address, address: '192.0.2.9' }];
    writeJournal(path, desired as unknown as Desired, earlier);
    expect(readJournal(path)).toEqual([address, ...earlier]);
    removeJournal(path);
    expect(readJournal(path)).toEqual([]);
  });

  test.each(['', '{', '{}', '[1, null, {"kind": "route"}, {"address": 5}]'])(
    'takes the damaged file %j as empty',
    (text) => {
      const path = join(folder, 'damaged.json');
      writeFileSync(path, text);
      expect(readJournal(path)).toEqual([]);
    },
  );
});
