// Numbers of users and groups: a damaged line of passwd(5) is nobody, never root.
import { expect, test } from '@jest/globals';

import { idIn, userAccount } from '../../src/control/accounts.js';

test.each([
  ['0', 0],
  ['65534', 65_534],
  ['4294967294', 4_294_967_294],
  ['4294967295', undefined],
  ['', undefined],
  ['x', undefined],
  ['-1', undefined],
  ['1e3', undefined],
  [' 0', undefined],
  [undefined, undefined],
])('%p is the number %p', (text, id) => {
  expect(idIn(text)).toBe(id);
});

test('root is there, and who is not there is nobody', () => {
  expect(userAccount('root')).toEqual({ uid: 0, gid: 0 });
  expect(userAccount('nosuchuser')).toBeUndefined();
});
