// What words of keepalived releases after 2.2.7 come to, where they change a decision: their defaults, and what they do
// not go with. The real 2.2.7 does not know them, so nothing is compared.
import { describe, expect, test } from '@jest/globals';
import type { VrrpInstance } from '../src/index.js';
import { instanceText, parseText } from './configs.js';

function read(lines: string, globals = ''): { instance: Partial<VrrpInstance>; codes: readonly string[] } {
  const { model, diagnostics } = parseText(
    `${globals === '' ? '' : `global_defs {\n${globals}\n}\n`}${instanceText(lines)}`,
  );
  const codes = diagnostics.map(({ code }) => code).filter((code) => code !== 'conf/newer-keyword');
  return { instance: model?.vrrp_instance[0] ?? {}, codes };
}

describe('timer_expired_backup', () => {
  test.each<[string, number | undefined, readonly string[]]>([
    ['nopreempt\ntimer_expired_backup', 254, []],
    ['nopreempt\ntimer_expired_backup 120', 120, []],
    ['nopreempt\nthread_timer_expired 7', 7, ['conf/deprecated-keyword']],
    ['nopreempt\ntimer_expired_backup 255', undefined, ['conf/out-of-range']],
    ['timer_expired_backup', undefined, ['conf/preempt-conflict']],
    ['nopreempt', undefined, []],
  ])('%j is %p', (lines, expected, codes) => {
    const result = read(lines);
    expect(result.instance.timer_expired_backup).toBe(expected);
    expect(result.codes).toEqual(codes);
  });
});

describe('owner_ignore_adverts', () => {
  test.each<[string, string, boolean, readonly string[]]>([
    ['priority 255\nowner_ignore_adverts', '', true, []],
    ['priority 255', '', false, []],
    ['priority 255', 'vrrp_owner_ignore_adverts', true, []],
    ['priority 255\nowner_ignore_adverts off', 'vrrp_owner_ignore_adverts', false, []],
    ['state MASTER\npriority 255\nstrict_mode', '', true, []],
    ['priority 100', 'vrrp_owner_ignore_adverts', false, []],
    ['priority 100\nowner_ignore_adverts', '', false, ['conf/not-owner']],
  ])('%j after %j is %p', (lines, globals, expected, codes) => {
    const result = read(lines, globals);
    expect(result.instance.owner_ignore_adverts).toBe(expected);
    expect(result.codes.filter((code) => code !== 'conf/unsupported-keyword')).toEqual(codes);
  });
});

test.each<[string, string, boolean]>([
  ['v3_checksum_as_v2', '', true],
  ['', 'v3_checksum_as_v2', true],
  ['v3_checksum_as_v2 off', 'v3_checksum_as_v2', false],
  ['', '', false],
])('v3_checksum_as_v2: %j after %j is %p', (lines, globals, expected) => {
  expect(read(`version 3\n${lines}`, globals).instance.v3_checksum_as_v2).toBe(expected);
});
