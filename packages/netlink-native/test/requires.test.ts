// requires() skips loudly, never silently, and not at all where CI runs as root.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { isAvailable, requires } from '../src/testing/index.js';
import type { Capability } from '../src/testing/index.js';

const MISSING = 'no-such-program' as Capability;

describe('requires', () => {
  const declared: string[] = [];
  const said: string[] = [];
  const before = {
    describe,
    ci: process.env['CI'],
    write: process.stderr.write,
    getuid: process.getuid,
  };

  beforeEach(() => {
    declared.length = 0;
    said.length = 0;
    const declare = (title: string): unknown => declared.push(title);
    Reflect.set(
      globalThis,
      'describe',
      Object.assign(declare, { skip: (title: string) => declared.push(`skip ${title}`) }),
    );
    process.stderr.write = (text) => said.push(String(text)) > 0;
    process.getuid = () => 0;
    delete process.env['CI'];
  });

  afterEach(() => {
    Reflect.set(globalThis, 'describe', before.describe);
    process.stderr.write = before.write;
    Reflect.set(process, 'getuid', before.getuid);
    if (before.ci === undefined) delete process.env['CI'];
    else process.env['CI'] = before.ci;
  });

  test('declares the suite when everything is there', () => {
    requires('root')('suite', () => {});
    expect([declared, said]).toEqual([['suite'], []]);
  });

  test('skips and says what is missing', () => {
    requires('root', MISSING)('suite', () => {});
    expect([declared, said]).toEqual([['skip suite'], ['SKIPPED suite: needs no-such-program\n']]);
  });

  test('skips for an ordinary user, in CI too', () => {
    process.getuid = () => 1000;
    process.env['CI'] = 'true';
    requires('root')('suite', () => {});
    expect([declared, said]).toEqual([['skip suite'], ['SKIPPED suite: needs root\n']]);
  });

  test('throws when CI is root and something is missing', () => {
    process.env['CI'] = 'true';
    expect(() => requires(MISSING)('suite', () => {})).toThrow('suite: needs no-such-program; CI as root may not skip');
    expect(declared).toEqual([]);
  });

  test('finds programs of an administrator whatever the PATH', () => {
    expect([isAvailable('ip'), isAvailable(MISSING)]).toEqual([true, false]);
  });
});
