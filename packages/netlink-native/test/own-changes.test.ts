// Which events are claimed as this client's own, and that what waits for its event stays bounded.
import { expect, test } from '@jest/globals';

import type { NetworkChange } from '../src/kernel.js';
import type { AddressSpec } from '../src/objects/address.js';
import { OwnChanges, UNHEARD_CHANGES_MAX } from '../src/own-changes.js';

const SPEC: AddressSpec = { kind: 'address', family: 6, address: '2001:db8::7', prefixLength: 64, linkIndex: 1 };
const ADD: NetworkChange = { action: 'add', object: SPEC };
const REMOVE: NetworkChange = { action: 'remove', object: SPEC };

test('each change claims one event of its object and its direction', () => {
  const own = new OwnChanges();
  own.made(ADD);
  expect([own.claims('removed', SPEC), own.claims('changed', { ...SPEC, linkIndex: 2 })]).toEqual([false, false]);
  expect([own.claims('changed', SPEC), own.claims('changed', SPEC)]).toEqual([true, false]);
  for (const change of [REMOVE, ADD, REMOVE]) own.made(change);
  expect([0, 1, 2].map(() => own.claims('removed', SPEC))).toEqual([true, true, false]);
});

test('an addition that was undone before it was told of claims nothing', () => {
  const own = new OwnChanges();
  own.made(ADD);
  own.made(REMOVE);
  expect(own.claims('changed', SPEC)).toBe(false);
});

test('nothing is claimed after events were lost', () => {
  const own = new OwnChanges();
  own.made(REMOVE);
  own.forget();
  expect(own.claims('removed', SPEC)).toBe(false);
});

test('the oldest change is forgotten when too many wait', () => {
  const own = new OwnChanges();
  for (let index = 0; index <= UNHEARD_CHANGES_MAX; index++) own.made({ action: 'add', object: onLink(index) });
  expect([0, 1, UNHEARD_CHANGES_MAX].map((index) => own.claims('changed', onLink(index)))).toEqual([false, true, true]);
});

function onLink(linkIndex: number): AddressSpec {
  return { ...SPEC, linkIndex };
}
