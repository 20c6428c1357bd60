// The bookkeeper of network objects: what it asks the kernel for, in which order, and what it tells its owners.
import { describe, expect, test } from '@jest/globals';
import type { Address, ChangeResult, Link } from '@vrrp/netlink-native';
import type { DesiredAddress } from '../../src/plan/desired.js';
import { REPAIR_DELAY, RETRY_MAX, RETRY_MIN, type PlannedChange } from '../../src/reconcile/kept-object.js';
import { ObjectKeeper } from '../../src/reconcile/object-keeper.js';
import { ObservedNetwork } from '../../src/reconcile/observed.js';

const SECONDARY = 0x01;
const ALL = 1_000;

const desired = (address: string, more: Partial<DesiredAddress> = {}): DesiredAddress => ({
  kind: 'address',
  family: 4,
  address,
  prefixLength: 24,
  link: 'eth0',
  scope: 0,
  noDad: false,
  tracked: true,
  ...more,
});
const observed = (address: string, flags = 0): Address => ({
  kind: 'address',
  family: 4,
  address,
  prefixLength: 24,
  linkIndex: 2,
  scope: 0,
  flags,
  protocol: 0,
});
const link = (index: number, name: string): Link => ({
  kind: 'link',
  index,
  name,
  mac: '',
  mtu: 1500,
  adminUp: true,
  running: true,
  multicast: true,
  loopback: false,
  noArp: false,
  type: '',
});
const A = desired('192.0.2.1');
const B = desired('192.0.2.2');

/** A keeper with a log of what it tells, and a kernel that does as it is told unless it refuses. */
class Desk {
  readonly told: string[] = [];
  readonly network = new ObservedNetwork();
  readonly keeper = new ObjectKeeper<string>({
    set: (owner, objects) => this.told.push(`${owner} set ${texts(objects)}`),
    removed: (owner, objects) => this.told.push(`${owner} removed ${texts(objects)}`),
    announce: (owner, objects, times) => this.told.push(`${owner} announce ${texts(objects)} ${times}`),
    repaired: (owner, objects, by) => this.told.push(`${owner} repaired ${texts(objects)} ${by?.process ?? '?'}`),
    refused: (owner, action, object, error) =>
      this.told.push(`${owner ?? 'nobody'} refused ${action} ${object.address}: ${error.message}`),
  });
  linkIndexes = (name: string): number | undefined => ({ eth0: 2, eth1: 3 })[name];
  now = 0;

  constructor() {
    this.holdsOnly([]);
  }

  /** What the kernel is seen to have: two links and these. */
  holdsOnly(addresses: readonly Address[]): void {
    this.network.reset([link(2, 'eth0'), link(3, 'eth1'), ...addresses]);
  }

  take(max = ALL): readonly PlannedChange<string>[] {
    return this.keeper.take(this.now, max, this.linkIndexes, this.network);
  }

  settle(changes: readonly PlannedChange<string>[], result: ChangeResult = { ok: true, changed: true }): void {
    this.keeper.settle(
      changes,
      changes.map(() => result),
      this.now,
    );
  }

  /** One batch, carried out. */
  batch(result?: ChangeResult): readonly string[] {
    const changes = this.take();
    this.settle(changes, result);
    return words(changes);
  }

  /** Has been asked for and is there. */
  holding(owner: string, ...objects: readonly DesiredAddress[]): this {
    this.keeper.want(owner, objects, this.now);
    this.batch();
    this.told.length = 0;
    return this;
  }
}

const REFUSED: ChangeResult = { ok: false, error: Object.assign(new Error('no memory'), { code: 'ERR' }) };

describe('what is wanted', () => {
  test('is asked for in its order, told when all was tried, and announced after that', () => {
    const desk = new Desk();
    desk.keeper.want('m', [B, A], 0);
    desk.keeper.announce('m', [B, A], 5);
    expect(desk.told).toEqual([]);
    expect(desk.batch()).toEqual(['add 192.0.2.2', 'add 192.0.2.1']);
    expect(desk.told).toEqual(['m set 192.0.2.2 192.0.2.1', 'm announce 192.0.2.2 192.0.2.1 5']);
    expect(desk.keeper.nextAt()).toBeUndefined();
  });

  test('comes in shares, and is told once', () => {
    const desk = new Desk();
    desk.keeper.want('m', [A, B], 0);
    desk.settle(desk.take(1));
    expect(desk.told).toEqual([]);
    desk.settle(desk.take(1));
    expect(desk.told).toEqual(['m set 192.0.2.1 192.0.2.2']);
  });

  test('and refused is tried again with growing patience, said once, and not announced meanwhile', () => {
    const desk = new Desk();
    desk.keeper.want('m', [A], 0);
    desk.keeper.announce('m', [A], 5);
    const delays: number[] = [];
    for (let time = 0; time < 8; time += 1) {
      expect(desk.batch(REFUSED)).toEqual(['add 192.0.2.1']);
      delays.push((desk.keeper.nextAt() ?? 0) - desk.now);
      desk.now = desk.keeper.nextAt() ?? 0;
    }
    expect(delays).toEqual([1, 2, 4, 8, 16, 32].map((factor) => factor * RETRY_MIN).concat(RETRY_MAX, RETRY_MAX));
    expect(desk.told).toEqual(['m refused add 192.0.2.1: no memory', 'm set ']);
    expect(desk.batch()).toEqual(['add 192.0.2.1']);
  });

  test('on a link that is not there waits for it', () => {
    const desk = new Desk();
    desk.keeper.want('m', [desired('192.0.2.1', { link: 'eth9' })], 0);
    expect(desk.batch()).toEqual([]);
    expect(desk.told).toEqual(['m refused add 192.0.2.1: no interface eth9', 'm set ']);
    desk.keeper.linkChanged('eth9', 10);
    expect(desk.keeper.nextAt()).toBe(10);
  });
});

describe('what is released', () => {
  test('goes, and is announced no more', () => {
    const desk = new Desk().holding('m', A, B);
    desk.keeper.announce('m', [A], 1);
    desk.keeper.release('m', [A, B], 0);
    expect(desk.batch()).toEqual(['remove 192.0.2.1', 'remove 192.0.2.2']);
    expect(desk.told).toEqual(['m announce 192.0.2.1 1', 'm removed 192.0.2.1 192.0.2.2']);
  });

  test('before it was asked for is never asked for', () => {
    const desk = new Desk();
    desk.keeper.want('m', [A], 0);
    desk.keeper.release('m', [A], 0);
    expect(desk.batch()).toEqual([]);
  });

  test('while it is being added goes after that', () => {
    const desk = new Desk();
    desk.keeper.want('m', [A], 0);
    const adding = desk.take();
    desk.keeper.release('m', [A], 0);
    expect(desk.take()).toEqual([]);
    desk.settle(adding);
    expect(desk.batch()).toEqual(['remove 192.0.2.1']);
    expect(desk.told).toEqual(['m removed 192.0.2.1']);
  });

  test('by one and taken by another stays where it is: nothing is asked of the kernel', () => {
    const desk = new Desk().holding('old', A);
    desk.keeper.release('old', [A], 0);
    desk.keeper.want('new', [A], 0);
    expect(desk.batch()).toEqual([]);
    expect(desk.told).toContain('new set 192.0.2.1');
  });

  test('goes before anything is added, whoever is asked first', () => {
    const desk = new Desk().holding('old', A);
    desk.keeper.want('new', [B], 0);
    desk.keeper.release('old', [A], 0);
    expect(desk.batch()).toEqual(['remove 192.0.2.1', 'add 192.0.2.2']);
  });

  test('on a link that was renamed meanwhile goes, too', () => {
    const desk = new Desk().holding('m', A);
    desk.linkIndexes = () => undefined;
    desk.keeper.release('m', [A], 0);
    expect(desk.batch()).toEqual(['remove 192.0.2.1']);
  });

  test('on a link that is gone is gone', () => {
    const desk = new Desk().holding('m', A);
    desk.network.reset([]);
    desk.keeper.release('m', [A], 0);
    expect(desk.batch()).toEqual([]);
    expect(desk.told).toEqual(['m removed 192.0.2.1']);
  });

  test('and refused is tried again, long after its owner forgot it', () => {
    const desk = new Desk().holding('m', A);
    desk.keeper.release('m', [A], 0);
    desk.batch(REFUSED);
    expect(desk.told).toEqual(['m refused remove 192.0.2.1: no memory', 'm removed ']);
    desk.now = desk.keeper.nextAt() ?? 0;
    expect(desk.batch()).toEqual(['remove 192.0.2.1']);
    expect(desk.keeper.nextAt()).toBeUndefined();
  });
});

test('another form of what is there: it goes, and comes as it should be', () => {
  const desk = new Desk().holding('m', A);
  desk.keeper.want('m', [{ ...A, label: 'eth0:1' }], 0);
  expect(desk.batch()).toEqual(['remove 192.0.2.1']);
  expect(desk.batch()).toEqual(['add 192.0.2.1']);
  expect(desk.told).toEqual(['m set 192.0.2.1']);
});

test('a removed primary address takes secondaries along: ours and others are put back in the same batch', () => {
  const desk = new Desk().holding('m', A, B);
  desk.holdsOnly([observed('192.0.2.1'), observed('192.0.2.2', SECONDARY), observed('192.0.2.77', SECONDARY)]);
  desk.keeper.release('m', [A], 0);
  expect(desk.batch()).toEqual(['remove 192.0.2.1', 'add 192.0.2.2', 'add 192.0.2.77']);
  expect(desk.told).toEqual(['m removed 192.0.2.1']);
});

describe('what somebody removes', () => {
  const key = 'address/2/192.0.2.1/24';

  test('comes back after the repair delay, and is told with who did it', () => {
    const desk = new Desk().holding('m', A);
    desk.keeper.lost(key, 0, { port: 7, process: 'ip' });
    expect(desk.keeper.nextAt()).toBe(REPAIR_DELAY);
    expect(desk.batch()).toEqual([]);
    desk.now = REPAIR_DELAY;
    expect(desk.batch()).toEqual(['add 192.0.2.1']);
    expect(desk.told).toEqual(['m repaired 192.0.2.1 ip']);
  });

  test('by old news only, and is there: nothing happened', () => {
    const desk = new Desk().holding('m', A);
    desk.keeper.lost(key, 0);
    desk.keeper.seen(key);
    expect(desk.keeper.nextAt()).toBeUndefined();
    desk.keeper.lost(key, 0);
    desk.now = REPAIR_DELAY;
    desk.batch({ ok: true, changed: false });
    expect(desk.told).toEqual([]);
  });

  test.each([
    ['that is not tracked', { ...A, tracked: false }, key],
    ['of another', A, 'address/2/192.0.2.9/24'],
  ])('%s is nobody’s business', (_title, object, removed) => {
    const desk = new Desk().holding('m', object);
    desk.keeper.lost(removed, 0);
    expect(desk.keeper.nextAt()).toBeUndefined();
  });

  test('is missed by a comparison, too', () => {
    const desk = new Desk().holding('m', A, B);
    desk.holdsOnly([observed('192.0.2.2')]);
    expect(desk.keeper.missingIn(desk.network)).toEqual([key]);
  });
});

test('a purge removes what is nobody’s, and leaves what is wanted', async () => {
  const desk = new Desk().holding('m', A);
  desk.keeper.purge([A, B], 0);
  let isDone = false;
  const tried = desk.keeper.tried().then(() => (isDone = true));
  await Promise.resolve();
  expect(isDone).toBe(false);
  expect(desk.batch()).toEqual(['remove 192.0.2.2']);
  await tried;
});

function words(changes: readonly PlannedChange<string>[]): readonly string[] {
  return changes.map(({ action, object }) => `${action} ${object.kind === 'address' ? object.address : object.kind}`);
}

function texts(objects: readonly DesiredAddress[]): string {
  return objects.map(({ address }) => address).join(' ');
}
