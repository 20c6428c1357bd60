// What the engine makes of unicast peers: the form of their checksums, their own address after a fault, and two virtual
// routers that only their peers tell apart. Virtual time.
import { describe, expect, test } from '@jest/globals';
import { encodeAdvertisement } from '@vrrp/wire';
import type { DesiredVirtualRouter } from '../../src/plan/desired.js';
import type { SimulatedHost } from '../../src/simulation/simulated-host.js';
import { desiredRouter, Stage, VIRTUAL, virtualAddress } from './pair.js';

/** With priority 100 and one peer, whose word alone counts. */
const unicastRouter = (key: string, peer: string, address: string): DesiredVirtualRouter => {
  const unicast = { peers: [{ address: peer }], checkSource: true };
  const [one] = desiredRouter(100, { name: key, unicast }, [virtualAddress(address)]).virtualRouters;
  if (one === undefined) throw new Error('no virtual router');
  return { ...one, key, channel: { family: 4, link: 'eth0', unicastPeers: [peer], ttl: 255 } };
};

/** A host, named a, that runs these. */
async function withRouters(
  virtualRouters: readonly DesiredVirtualRouter[],
): Promise<{ readonly stage: Stage; readonly host: SimulatedHost }> {
  const stage = new Stage();
  const host = stage.addHost('a');
  await host.configure({ virtualRouters, syncGroups: [], trackers: [] });
  return { stage, host };
}

describe('unicast', () => {
  test('a peer that reckons checksums the old way is answered the same way', async () => {
    const { stage } = await withRouters([unicastRouter('one', '192.0.2.9', VIRTUAL)]);
    await stage.until(5);
    expect(stage.heard.at(-1)?.checksum).toBe('with-pseudo-header');
    const old = encodeAdvertisement(
      { version: 3, family: 4, vrid: 51, priority: 50, maxAdvertiseInterval: 100, addresses: [VIRTUAL] },
      { source: '192.0.2.9', destination: '224.0.0.18', checksum: 'with-pseudo-header' },
    );
    const peer = stage.network.datagrams.attach('old', () => undefined);
    peer.send({ source: '192.0.2.9', destination: '192.0.2.1', ttl: 255, payload: old });
    await stage.until(7);
    expect(stage.heard.at(-1)).toMatchObject({ from: 'a', checksum: 'multicast-pseudo-header' });
  });
});

describe('two unicast routers with one VRID', () => {
  test('are each told what its own peer says, and what nobody of theirs says is judged by the first', async () => {
    const virtualRouters = [
      unicastRouter('one', '192.0.2.8', VIRTUAL),
      unicastRouter('two', '192.0.2.9', '192.0.2.101'),
    ];
    const { stage, host } = await withRouters(virtualRouters);
    const peer = stage.network.datagrams.attach('peer', () => undefined);
    const say = (source: string): void => {
      const payload = encodeAdvertisement(
        { version: 3, family: 4, vrid: 51, priority: 200, maxAdvertiseInterval: 100, addresses: ['192.0.2.101'] },
        { source, destination: '192.0.2.1', checksum: 'with-pseudo-header' },
      );
      peer.send({ source, destination: '192.0.2.1', ttl: 255, payload });
    };
    for (let second = 1; second <= 6; second += 1) {
      say('192.0.2.9');
      await stage.until(second);
    }
    expect(host.engine.snapshot().map(({ key, role }) => [key, role])).toEqual([
      ['one', 'master'],
      ['two', 'backup'],
    ]);
    say('192.0.2.77');
    await stage.until(6.1);
    expect(host.engine.snapshot().map(({ role }) => role)).toEqual(['master', 'backup']);
    // The first leaves, and the second goes on.
    await host.configure({ virtualRouters: virtualRouters.slice(1), syncGroups: [], trackers: [] });
    say('192.0.2.9');
    await stage.until(7);
    expect(host.engine.snapshot().map(({ role }) => role)).toEqual(['backup']);
    await stage.until(12);
    expect(host.engine.snapshot().map(({ role }) => role)).toEqual(['master']);
  });
});

describe('a unicast router out of a fault', () => {
  test('says where its own address is', async () => {
    const { stage, host } = await withRouters([unicastRouter('one', '192.0.2.9', VIRTUAL)]);
    host.setLink('eth0', false);
    await stage.until(1);
    host.setLink('eth0', true);
    await stage.until(2);
    expect(stage.announced.map(({ address }) => address)).toEqual(['192.0.2.1']);
  });
});
