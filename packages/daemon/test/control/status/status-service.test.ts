// What the status socket answers, over the production engine in virtual time: who is Master and why, and the reason of every
// check that fails, in the document, the metrics and the explanation.
import { describe, expect, test } from '@jest/globals';

import { statusText } from '../../../src/cli/status-text.js';
import { statusSchema } from '../../../src/control/status/schema.js';
import type { StatusDocument, VirtualRouterDocument } from '../../../src/control/status/document.js';
import { desiredRouter, VIRTUAL } from '../../engine/pair.js';
import { EPOCH, ObservedPair, type Check } from './observed-pair.js';

const iso = (seconds: number): string => new Date(EPOCH + seconds * 1_000).toISOString();
const router = ({ virtualRouters: [first] }: StatusDocument): VirtualRouterDocument => {
  if (first === undefined) throw new Error('there is no virtual router');
  return first;
};

/** Every way in which a script fails, and one that does not. */
const CHECKS: Readonly<Record<string, Check>> = {
  missing: { does: 'missing', weight: -1 },
  slow: { does: 'hangs', weight: -2 },
  killed: { does: 'killed', weight: -4 },
  three: { does: 'exit 3', weight: -8 },
  good: { does: 'exit 0' },
};

describe('a Master', () => {
  test('has since when and why, its addresses, and what comes next', async () => {
    const pair = new ObservedPair();
    await pair.configure(100);
    await pair.until(4.7);
    const status = await pair.document();
    expect(statusSchema.parse(status)).toEqual(status);
    expect(status).toMatchObject({ time: iso(4.7), engine: { answered: true }, daemon: { uptime: 4.7 } });
    const found = router(status);
    expect(found).toMatchObject({
      name: 'VI_1',
      interface: 'eth0',
      vrid: 51,
      family: 4,
      version: 3,
      role: 'master',
      master: null,
      since: { time: iso(3.609), previous: 'backup', cause: 'master-down-timer' },
      priority: { base: 100, parts: [], sum: 100, effective: 100, rivalOwner: null },
      advertisementInterval: 1,
      masterDownInterval: 3.609375,
      skewTime: 0.609375,
      primaryAddress: '192.0.2.2',
      virtualAddresses: [{ address: VIRTUAL, prefixLength: 32, interface: 'eth0', advertised: true, present: true }],
      transitions: [
        { from: 'initialize', to: 'backup', cause: 'startup', count: 1 },
        { from: 'backup', to: 'master', cause: 'master-down-timer', count: 1 },
      ],
    });
    expect(found.since?.seconds).toBeCloseTo(1.09, 2);
    expect(found.next).toEqual({ kind: 'advertise', in: expect.closeTo(0.909, 2) });
    expect(found.statistics).toMatchObject({ advertisementsSent: 2, announcementsSent: 5, heardWhileMaster: 0 });
  });

  test('an address that somebody has just removed is not present', async () => {
    const pair = new ObservedPair();
    await pair.configure(100);
    await pair.until(4);
    const held = pair.node.kernel.snapshot().addresses.find(({ address }) => address === VIRTUAL);
    if (held === undefined) throw new Error('the address is not there');
    await pair.node.kernel.apply([{ action: 'remove', object: held }]);
    // Before it is put back.
    await pair.until(4.001);
    const { role, virtualAddresses } = router(await pair.document());
    expect([role, virtualAddresses[0]?.present]).toEqual(['master', false]);
  });

  test('counts the advertisements of another Master', async () => {
    const pair = new ObservedPair();
    await pair.configure(100);
    await pair.until(4);
    await pair.other.configure(desiredRouter(90, { listensFirst: false, priority: 255 }));
    await pair.until(5);
    const found = router(await pair.document());
    expect(found.role).toBe('backup');
    expect(found.statistics.heardWhileMaster).toBe(1);
    expect(await pair.metrics()).toContain(
      'vrrp_dual_master_total{instance="VI_1",interface="eth0",vrid="51",family="ipv4"} 1',
    );
  });
});

test('a Backup says whom it takes for the Master, and when it last heard it', async () => {
  const pair = new ObservedPair();
  await pair.other.configure(desiredRouter(200));
  await pair.until(3.3);
  await pair.configure(100);
  await pair.until(4.7);
  const { master, next, role } = router(await pair.document());
  expect(role).toBe('backup');
  // 200: 3 s + 56/256 s, then each second.
  expect(master).toEqual({
    address: '192.0.2.1',
    priority: 200,
    advertisementInterval: 1,
    heard: expect.closeTo(4.7 - 4.219, 2),
  });
  expect(next).toEqual({ kind: 'take-over', in: expect.closeTo(4.219 + 3.609 - 4.7, 2) });
  const { sentences } = await pair.explain('VI_1');
  expect(sentences).toEqual([
    'VI_1 is Backup, because it started.',
    `It has been so for 1.4 s, since ${iso(3.3)}; before that it was not running.`,
    'Its priority is 100: 100 configured.',
    'It takes 192.0.2.1 (priority 200) for the Master.',
    'It becomes Master when the Master falls silent or says that it stops.',
    'It becomes Master when its priority rises above 200, now 100.',
    'The Master was last heard 481 ms ago.',
    'It takes over in 3.1 s, unless 192.0.2.1 is heard before.',
  ]);
});

describe('a check that fails', () => {
  test.each([
    ['missing', 'exec-error', 'exec-error: spawn /missing ENOENT'],
    ['slow', 'timeout', 'timeout'],
    ['killed', 'signal 9', 'signal 9'],
    ['three', 'exit 3', 'exit 3'],
  ])('%s: %s', async (name, reason, evidence) => {
    const pair = new ObservedPair();
    await pair.configure(100, CHECKS);
    await pair.until(4.7);
    const status = await pair.document();
    expect(statusSchema.parse(status)).toEqual(status);
    const weight = CHECKS[name]?.weight ?? 0;
    expect(status.trackers.find((tracker) => tracker.name === name)).toMatchObject({
      kind: 'script',
      status: 'down',
      reason,
      evidence,
      lastRun: { result: reason },
      usedBy: [{ virtualRouter: 'VI_1', effect: 'weight', weight, reverse: false }],
    });
    expect(router(status).priority.parts).toContainEqual({ kind: 'script', name, value: weight });
    const metrics = await pair.metrics();
    expect(metrics).toContain(`vrrp_check_up{check="${name}",kind="script"} 0`);
    expect(metrics).toContain(`vrrp_check_failing{check="${name}",kind="script",reason="${reason}"} 1`);
    const { sentences } = await pair.explain('VI_1');
    expect(sentences).toContainEqual(
      expect.stringMatching(
        `^Script ${name} has been bad for [\\d.]+ s \\(${evidence}\\): it takes ${-weight} off the priority\\.$`,
      ),
    );
  });

  test('closes the gate: a fault with its reason', async () => {
    const pair = new ObservedPair();
    await pair.configure(100, { three: { does: 'exit 3' } });
    await pair.until(4.7);
    const found = router(await pair.document());
    expect(found).toMatchObject({ role: 'fault', next: null, master: null });
    expect(found.faults).toEqual([{ kind: 'tracker-down', message: 'script three is bad (exit 3)' }]);
    expect((await pair.explain('VI_1')).sentences).toContainEqual(
      expect.stringMatching(/^Script three has been bad for .*: as long as it is, the virtual router is in fault\.$/),
    );
  });

  test('a good one has neither reason nor fault, and its runs are counted by result', async () => {
    const pair = new ObservedPair();
    await pair.configure(100, CHECKS);
    await pair.until(4.7);
    const good = (await pair.document()).trackers.find(({ name }) => name === 'good');
    expect(good).toMatchObject({
      status: 'up',
      reason: null,
      runs: [{ result: 'exit 0', count: 5 }],
      lastRun: { result: 'exit 0', duration: 0.001 },
      usedBy: [{ effect: 'gate', weight: 0 }],
    });
    expect(await pair.metrics()).not.toContainEqual(expect.stringMatching(/^vrrp_check_failing\{check="good"/));
  });
});

describe('the configuration', () => {
  test('is that of the start until a reload, whose result is said', async () => {
    const pair = new ObservedPair();
    const desired = await pair.configure(100);
    await pair.until(2);
    const file = '/etc/keepalived/keepalived.conf';
    expect((await pair.document()).configuration).toEqual({ file, loadedAt: iso(0), lastReload: null, findings: [] });
    const reason = '/etc/keepalived/keepalived.conf:3: there is no interface eth9';
    pair.heardLifecycle({ kind: 'reload-refused', reason });
    const failed = { time: iso(2), successful: false, reason };
    expect((await pair.document()).configuration).toEqual({ file, loadedAt: iso(0), lastReload: failed, findings: [] });
    expect(await pair.metrics()).toContain('vrrp_config_last_reload_successful 0');
    await pair.until(3);
    pair.heardLifecycle({ kind: 'reload-complete' });
    pair.status.configured(desired);
    const done = { time: iso(3), successful: true, reason: null };
    expect((await pair.document()).configuration).toEqual({ file, loadedAt: iso(3), lastReload: done, findings: [] });
    expect(await pair.metrics()).toEqual(
      expect.arrayContaining([
        'vrrp_config_last_reload_successful 1',
        `vrrp_config_last_reload_success_timestamp_seconds ${EPOCH / 1_000 + 3}`,
      ]),
    );
  });

  test('says what of it is left out, with its place', async () => {
    const pair = new ObservedPair();
    const desired = await pair.configure(100);
    await pair.until(2);
    const place = { file: '/etc/keepalived/keepalived.conf', line: 7, column: 3 };
    const finding = { code: 'plan/no-interface', severity: 'error', message: 'VI_2 has no interface', place } as const;
    pair.status.configured(desired, [finding]);
    const document = await pair.document();
    expect(document.configuration.findings).toEqual([finding]);
    expect(await pair.metrics()).toContain('vrrp_config_findings{code="plan/no-interface"} 1');
    expect(statusText(document)).toContain(
      '/etc/keepalived/keepalived.conf:7: error: VI_2 has no interface [plan/no-interface]',
    );
  });

  test('a password in it is in no answer', async () => {
    const pair = new ObservedPair();
    const password = new TextEncoder().encode('topsecr8');
    const desired = desiredRouter(100, { version: 2, authentication: { kind: 'simple-password', password } });
    await pair.node.configure(desired);
    await pair.until(4);
    const answers = JSON.stringify([await pair.document(), await pair.explain('VI_1'), await pair.metrics()]);
    expect(answers).not.toContain('topsecr8');
    expect(answers).not.toContain(String(password));
    expect(answers).not.toContain(Buffer.from(password).toString('hex'));
  });
});

test('an address that somebody removed and that is back is counted, with who it was', async () => {
  const pair = new ObservedPair();
  await pair.configure(100);
  await pair.until(5);
  pair.node.takeAddress('192.0.2.100');
  await pair.until(6);
  const document = await pair.document();
  expect(router(document)).toMatchObject({
    role: 'master',
    repairs: { count: 1, last: { addresses: ['192.0.2.100'] } },
  });
  expect(await pair.metrics()).toContainEqual(expect.stringMatching(/^vrrp_addresses_repaired_total\{.*\} 1$/));
  expect(statusText(document)).toMatch(/VI_1: 1 address put back, last at 2026-\S+, removed by /);
});

test('the time of a transition is the same in every answer', async () => {
  const pair = new ObservedPair();
  await pair.configure(100);
  await pair.until(4);
  const first = router(await pair.document()).since?.time;
  await pair.until(4.000_7);
  await pair.until(9.999_6);
  expect(router(await pair.document()).since?.time).toBe(first);
});

test('a virtual router that is not there is said, with those that are', async () => {
  const pair = new ObservedPair();
  await pair.configure(100);
  await pair.until(1);
  expect(await pair.status.answer({ kind: 'explain', name: 'VI_9' })).toEqual({
    kind: 'unknown',
    message: 'there is no virtual router VI_9; there are: VI_1',
  });
});
