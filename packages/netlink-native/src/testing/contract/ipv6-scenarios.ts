// The kernel contract of IPv6 addresses: duplicate address detection, and events that do not say who asked.
import assert from 'node:assert/strict';

import type { NetworkChange, NetworkEvent } from '../../kernel.js';
import { VRRP_PROTOCOL } from '../../network-object.js';
import type { AddressSpec } from '../../objects/address.js';
import { changed, errnoOf, hasFlag, isLink, removed, unchanged } from './scene.js';
import type { Scenario } from './scene.js';

const EADDRNOTAVAIL = 99;
const IFA_F_NODAD = 0x02;
const IFA_F_TENTATIVE = 0x40;

export function ipv6Scenarios(scenario: Scenario): void {
  scenario('an IPv6 address without duplicate address detection is usable at once', async (scene) => {
    const address: AddressSpec = {
      kind: 'address',
      family: 6,
      address: '2001:db8::7',
      prefixLength: 64,
      linkIndex: scene.link.index,
      noDad: true,
      protocol: VRRP_PROTOCOL,
    };
    assert.deepEqual(await scene.kernel.apply([{ action: 'add', object: address }]), [{ ok: true, changed: true }]);
    const held = await scene.find('2001:db8::7');
    assert.deepEqual(
      [held?.family, held?.prefixLength, held?.protocol, held?.label],
      [6, 64, VRRP_PROTOCOL, undefined],
    );
    assert.equal((held?.flags ?? 0) & (IFA_F_NODAD | IFA_F_TENTATIVE), IFA_F_NODAD);
    const remove: NetworkChange = { action: 'remove', object: address };
    assert.deepEqual(await scene.kernel.apply([remove, remove]), [{ ok: true, changed: true }, ...unchanged(1)]);
  });

  scenario('the scope of an IPv6 address is that of its kind', async (scene) => {
    const address: AddressSpec = { ...scene.spec, family: 6, address: 'fe80::7', prefixLength: 128 };
    await scene.kernel.apply([{ action: 'add', object: address }]);
    assert.equal((await scene.find('fe80::7'))?.scope, 253);
  });

  scenario('addresses that cannot be on the link are refused', async (scene) => {
    const ipv6 = { ...scene.spec, family: 6, prefixLength: 64 } as const;
    const changes = ['ff02::1', '::', '::1'].map((address): NetworkChange => {
      return { action: 'add', object: { ...ipv6, address } };
    });
    assert.deepEqual((await scene.kernel.apply(changes)).map(errnoOf), [EADDRNOTAVAIL, EADDRNOTAVAIL, EADDRNOTAVAIL]);
  });
}

export function detectionScenarios(scenario: Scenario): void {
  scenario('an IPv6 address is tentative until nobody else has claimed it', async (scene) => {
    await scene.add({ ...scene.spec, family: 6, address: '2001:db8::7', prefixLength: 64 });
    await scene.heard((event) => changed('2001:db8::7')(event) && isTentative(event));
    await scene.heard((event) => changed('2001:db8::7')(event) && !isTentative(event));
    assert.equal(((await scene.find('2001:db8::7'))?.flags ?? 0) & IFA_F_TENTATIVE, 0);
  });

  scenario('on a link that is down, detection waits until it is up', async (scene) => {
    await scene.setLink('down');
    await scene.heard((event) => isLink(event, scene.link.index, { adminUp: false, running: false }));
    const spec = { ...scene.spec, family: 6, address: '2001:db8::7', prefixLength: 64 } as const;
    await scene.add(spec, { ...spec, address: '2001:db8::8', noDad: true });
    assert.equal(((await scene.find('2001:db8::8'))?.flags ?? 0) & IFA_F_TENTATIVE, 0);
    assert.equal(((await scene.find('2001:db8::7'))?.flags ?? 0) & IFA_F_TENTATIVE, IFA_F_TENTATIVE);
    await scene.setLink('up');
    await scene.heard((event) => changed('2001:db8::7')(event) && !isTentative(event));
  });

  scenario('without a cable, detection waits until there is one', async (scene) => {
    await scene.setCarrier(false);
    await scene.heard((event) => isLink(event, scene.link.index, { adminUp: true, running: false }));
    await scene.add({ ...scene.spec, family: 6, address: '2001:db8::7', prefixLength: 64 });
    assert.equal(((await scene.find('2001:db8::7'))?.flags ?? 0) & IFA_F_TENTATIVE, IFA_F_TENTATIVE);
    await scene.setCarrier(true);
    await scene.heard((event) => changed('2001:db8::7')(event) && !isTentative(event));
  });

  scenario('events of IPv6 tell own changes from those of others, although they name nobody', async (scene) => {
    const spec = { ...scene.spec, family: 6, address: '2001:db8::7', prefixLength: 64, noDad: true } as const;
    await scene.add(spec);
    const added = await scene.heard(changed('2001:db8::7'));
    await scene.addAddress('2001:db8::9/64');
    const others = await scene.heard(changed('2001:db8::9'));
    await scene.remove(spec);
    const gone = await scene.heard(removed('2001:db8::7'));
    await scene.removeAddress('2001:db8::9/64');
    const othersGone = await scene.heard(removed('2001:db8::9'));
    const facts = [added, others, gone, othersGone].map(
      (event) => event.kind !== 'resync' && [event.own, event.origin],
    );
    assert.deepEqual(facts, [
      [true, 0],
      [false, 0],
      [true, 0],
      [false, 0],
    ]);
  });
}

function isTentative(event: NetworkEvent): boolean {
  return hasFlag(event, IFA_F_TENTATIVE);
}
