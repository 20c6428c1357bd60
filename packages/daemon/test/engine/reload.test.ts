// A new configuration while virtual routers run: what goes, what stays, what comes, and what is refused.
import { describe, expect, test } from '@jest/globals';
import type { Desired, DesiredAddress } from '../../src/plan/desired.js';
import { desiredRouter, SECOND, Stage, VIRTUAL, virtualAddress } from './pair.js';

describe('a new configuration while running', () => {
  test('adds and removes addresses without leaving the role or missing an advertisement', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure(desiredRouter(100));
    await stage.until(5.2);
    await host.configure(desiredRouter(100, {}, [virtualAddress(VIRTUAL), virtualAddress('192.0.2.101')]));
    await stage.until(8);
    expect(host.holds('192.0.2.101')).toBe(true);
    await host.configure(desiredRouter(100, {}, [virtualAddress('192.0.2.101')]));
    await stage.until(10);
    expect([host.holds(VIRTUAL), host.holds('192.0.2.101')]).toEqual([false, true]);
    expect(stage.told('a').filter((kind) => kind.startsWith('master->'))).toEqual([]);
    const gaps = stage.heard.slice(1).map((one, index) => one.at - (stage.heard[index]?.at ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(SECOND);
    expect(stage.heard.at(-1)?.advertisement.addresses).toEqual(['192.0.2.101']);
  });

  test('what a running Master holds is no leftover, though the journal names it: it says priority 0 first', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure(desiredRouter(100));
    await stage.until(5);
    const journal = [{ kind: 'address', family: 4, address: VIRTUAL, prefixLength: 32, link: 'eth0' }] as const;
    await host.configure({ virtualRouters: [], syncGroups: [], trackers: [] }, journal);
    await stage.until(5.1);
    expect(stage.told('a')).not.toContain('leftovers-removed');
    expect(stage.heard.at(-1)?.advertisement.priority).toBe(0);
    expect(host.holds(VIRTUAL)).toBe(false);
  });

  test('a virtual router that is gone says priority 0 and gives its addresses back', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure(desiredRouter(100));
    await stage.until(5);
    await host.configure({ virtualRouters: [], syncGroups: [], trackers: [] });
    await stage.until(5.1);
    expect(stage.heard.at(-1)?.advertisement.priority).toBe(0);
    expect(host.holds(VIRTUAL)).toBe(false);
    expect(host.engine.snapshot()).toEqual([]);
  });

  test('what cannot be run is refused, and nothing has changed', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure(desiredRouter(100));
    await stage.until(5);
    const before = stage.told('a').length;
    const impossible = desiredRouter(100, { priority: 300 });
    expect(await host.engine.prepare(impossible)).toEqual([
      { router: 'VI_1', message: expect.stringContaining('priority') },
    ]);
    await expect(host.engine.commit([])).rejects.toThrow(TypeError);
    expect(stage.told('a')).toHaveLength(before);
    await stage.until(7);
    expect(host.engine.snapshot()[0]?.role).toBe('master');
  });

  test('an address that moves from one Master to another stays where it is, both ways', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    const [x, y] = [virtualAddress('192.0.2.150'), virtualAddress('192.0.2.151')];
    await host.configure(pair([x], [y]));
    await stage.until(5);
    const lost: string[] = [];
    host.kernel.watch((event) => {
      if (event.kind === 'removed') lost.push(event.object.kind);
    });
    await host.configure(pair([y], [x]));
    await stage.until(6);
    await host.configure(pair([x, y], []));
    await stage.until(7);
    expect([host.holds(x.address), host.holds(y.address), lost]).toEqual([true, true, []]);
    expect(host.engine.snapshot().map(({ role }) => role)).toEqual(['master', 'master']);
  });

  test('a new virtual router whose address is there already removes it, and takes it when it is Master', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure({ virtualRouters: [], syncGroups: [], trackers: [] });
    host.kernel.addAddress(1, `${VIRTUAL}/32`);
    await stage.until(1);
    await host.configure(desiredRouter(100));
    expect(host.holds(VIRTUAL)).toBe(false);
    await stage.until(6);
    expect(host.holds(VIRTUAL)).toBe(true);
  });
});

/** Two virtual routers on one link, with these addresses. */
function pair(first: readonly DesiredAddress[], second: readonly DesiredAddress[]): Desired {
  const [one] = desiredRouter(100, { vrid: 51, name: 'one' }, first).virtualRouters;
  const [two] = desiredRouter(100, { vrid: 52, name: 'two' }, second).virtualRouters;
  if (one === undefined || two === undefined) throw new Error('there are two');
  return { virtualRouters: [one, { ...two, key: 'two' }], syncGroups: [], trackers: [] };
}
