// Routes, rules, neighbours and macvlans of rtnetlink: bytes as Linux 6.18 sent them, round trips, any bytes.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import type { NeighbourSpec } from '../src/objects/neighbour.js';
import type { Nexthop, RouteSpec } from '../src/objects/route.js';
import type { RuleSpec } from '../src/objects/rule.js';
import { objectKey, rowOf } from '../src/rtnl/kinds.js';
import { LINK } from '../src/rtnl/link.js';
import { NEIGHBOUR } from '../src/rtnl/neighbour.js';
import { ROUTE } from '../src/rtnl/route.js';
import { RULE } from '../src/rtnl/rule.js';
import { hex } from './bytes.js';

const SEED = 20261127;
const ROUTE_BYTES =
  '02180008fc1200010000000008000f00e803000008000100c63364000800060005000000200008000800010004000000080002007805000009001000' +
  '72656e6f0000000008000700c000020708000500c00002fe0800040003000000';
const MULTIPATH_BYTES =
  '02180000fe1200010000000008000f00fe00000008000100c633650034000900100000010300000008000500c00002fe200000000300000016001200' +
  '0a00fe8000000000000000000000000000010000';
const RULE_BYTES =
  '02001800fc0000010200000008000f00e803000008000e000300000005001500120000000700030064300000080006004d00000008000a0001000000' +
  '08001000ff0000000c00140000000000050000000800180050005a00050016000600000008000200c0000200';
const NEIGHBOUR_BYTES =
  '02000000030000008000000108000100c00002090a0002000200000000090000080004000000000014000300020000000200000002000000000000000' +
  '5000c0012000000';
const BASE: RouteSpec = { kind: 'route', family: 4, destination: '198.51.100.0', prefixLength: 24 };
const RULE_BASE: RuleSpec = { kind: 'rule', family: 4, priority: 5, action: { kind: 'table', table: 7 } };
const NEIGHBOUR_BASE: NeighbourSpec = {
  kind: 'neighbour',
  family: 4,
  address: '192.0.2.9',
  linkIndex: 3,
  mac: '02:00:00:00:00:09',
};

describe('routes', () => {
  test('are read with table, source, gateway and nested metrics', () => {
    expect(ROUTE.decode(hex(ROUTE_BYTES))).toEqual({
      ...BASE,
      type: 'unicast',
      table: 1000,
      protocol: 18,
      scope: 0,
      tos: 8,
      metric: 5,
      source: '192.0.2.7',
      nexthops: [{ linkIndex: 3, gateway: '192.0.2.254' }],
      metrics: { values: { mtu: 1400 }, locked: ['mtu'], congestionControl: 'reno' },
    });
  });

  test('are read with several nexthops, of either family', () => {
    expect(ROUTE.decode(hex(MULTIPATH_BYTES))?.nexthops).toEqual([
      { linkIndex: 3, gateway: '192.0.2.254', weight: 2 },
      { linkIndex: 3, gateway: 'fe80::1', weight: 1 },
    ]);
  });

  test.each([
    ['of another protocol', 5, 2],
    ['of a cached entry', 9, 2],
    ['of a type that is none', 7, 11],
    ['of another family', 0, 28],
  ])('%s are none', (_, offset, value) => {
    const bytes = hex(ROUTE_BYTES);
    bytes[offset] = value;
    expect(ROUTE.decode(bytes)).toBeUndefined();
  });

  test('a dump asks for those of our protocol only', () => {
    expect([...ROUTE.encodeDump()]).toEqual([0, 0, 0, 0, 0, 18, 0, 0, 0, 0, 0, 0]);
  });

  test('what is asked for is what is read back', () => {
    const property = fc.property(routeSpec(), (spec) => {
      const held = ROUTE.decode(ROUTE.encode(spec, 'add'));
      expect(held).toEqual({ ...held, ...spec });
      expect(held && objectKey(held)).toBe(objectKey(spec));
    });
    fc.assert(property, { seed: SEED, numRuns: 300 });
  });

  test('a removal is the same whatever has become of the nexthops', () => {
    const changed: RouteSpec = { ...BASE, nexthops: [{ gateway: '192.0.2.1' }], source: '192.0.2.7', scope: 253 };
    expect(ROUTE.encode(changed, 'remove')).toEqual(ROUTE.encode(BASE, 'remove'));
  });

  test.each<[string, Partial<RouteSpec>]>([
    ['prefix beyond the family', { prefixLength: 33 }],
    ['gateway that is none', { nexthops: [{ gateway: '192.0.2' }] }],
    ['weight of nothing', { nexthops: [{ gateway: '192.0.2.1', weight: 0 }, { gateway: '192.0.2.2' }] }],
    ['weight beyond 256', { nexthops: [{ gateway: '192.0.2.1', weight: 257 }, { gateway: '192.0.2.2' }] }],
    ['source of the other family', { source: '2001:db8::1' }],
    ['metric of more than 32 bits', { metric: 2 ** 32 }],
    ['table that is no whole number', { table: 1.5 }],
    ['name with a NUL', { metrics: { congestionControl: 'a\0b' } }],
  ])('%s is a RangeError', (_, wrong) => {
    expect(() => ROUTE.encode({ ...BASE, ...wrong }, 'add')).toThrow(RangeError);
  });

  test('have one name whether the usual metric of IPv6 is said or not', () => {
    const ipv6: RouteSpec = { ...BASE, family: 6, destination: '2001:db8::', prefixLength: 32 };
    expect(new Set([ipv6, { ...ipv6, metric: 0 }, { ...ipv6, metric: 1024 }].map(objectKey)).size).toBe(1);
    expect(objectKey({ ...ipv6, metric: 5 })).not.toBe(objectKey(ipv6));
    expect(objectKey({ ...BASE, tos: 8 })).not.toBe(objectKey(BASE));
  });
});

describe('rules', () => {
  test('are read with all that they select by', () => {
    expect(RULE.decode(hex(RULE_BYTES))).toEqual({
      kind: 'rule',
      family: 4,
      priority: 77,
      action: { kind: 'table', table: 1000 },
      protocol: 18,
      not: true,
      from: { address: '192.0.2.0', prefixLength: 24 },
      incomingLink: 'd0',
      mark: { value: 1, mask: 255 },
      userIds: { first: 0, last: 5 },
      ipProtocol: 6,
      destinationPorts: { first: 80, last: 90 },
      suppressPrefixLength: 3,
    });
  });

  test('what was read is asked for with the same meaning', () => {
    const rule = RULE.decode(hex(RULE_BYTES));
    if (rule === undefined) throw new Error('no rule');
    expect(RULE.decode(RULE.encode(rule, 'remove'))).toEqual(rule);
  });

  test.each<[string, Partial<RuleSpec>]>([
    ['link name of 16 bytes', { incomingLink: 'abcdefghijklmnop' }],
    ['ports that end before they begin', { sourcePorts: { first: 9, last: 8 } }],
    ['port beyond 16 bits', { sourcePorts: { first: 9, last: 65_536 } }],
    ['prefix of the other family', { from: { address: '2001:db8::', prefixLength: 32 } }],
    ['tunnel id of more than 64 bits', { tunnelId: 1n << 64n }],
    ['IP protocol beyond a byte', { ipProtocol: 256 }],
  ])('%s is a RangeError', (_, wrong) => {
    expect(() => RULE.encode({ ...RULE_BASE, ...wrong }, 'add')).toThrow(RangeError);
  });
});

describe('neighbours and macvlans', () => {
  test('a neighbour is read, and asked for with the same meaning', () => {
    const neighbour = NEIGHBOUR.decode(hex(NEIGHBOUR_BYTES));
    expect(neighbour).toEqual({ ...NEIGHBOUR_BASE, state: 0x80, protocol: 18 });
    expect(NEIGHBOUR.decode(NEIGHBOUR.encode(NEIGHBOUR_BASE, 'add'))).toEqual(neighbour);
    expect(() => NEIGHBOUR.encode({ ...NEIGHBOUR_BASE, mac: 'none' }, 'add')).toThrow(RangeError);
  });

  test('a macvlan is asked for inside two nested attributes', () => {
    const spec = { kind: 'link', name: 'vrrp.51', type: 'macvlan', parentIndex: 3, macvlanMode: 'bridge' } as const;
    const held = LINK.decode(LINK.encode({ ...spec, mac: '00:00:5e:00:01:33', mtu: 1400, adminUp: true }, 'add'));
    expect(held).toMatchObject({ ...spec, mac: '00:00:5e:00:01:33', mtu: 1400, adminUp: true });
    expect(() => LINK.encode({ ...spec, name: 'abcdefghijklmnop' }, 'add')).toThrow(RangeError);
    // By index where it is known: a name may have gone to another link.
    expect([...LINK.encode({ ...spec, index: 9 }, 'remove')]).toEqual([
      0,
      0,
      0,
      0,
      9,
      ...Array.from({ length: 11 }, () => 0),
    ]);
  });
});

test('whatever the bytes, every kind reads an object or nothing', () => {
  const known = [ROUTE_BYTES, MULTIPATH_BYTES, RULE_BYTES, NEIGHBOUR_BYTES];
  const kinds = fc.constantFrom('link', 'address', 'route', 'rule', 'neighbour');
  const changes = fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 5 });
  const property = fc.property(kinds, fc.constantFrom(...known), changes, fc.nat(120), (kind, text, flips, length) => {
    const bytes = hex(text);
    for (const [offset, value] of flips) if (offset < bytes.length) bytes[offset] = value;
    const object = rowOf(kind).decode(bytes.subarray(0, length));
    expect(object === undefined || object.kind === kind).toBe(true);
  });
  fc.assert(property, { seed: SEED, numRuns: 3000 });
});

function routeSpec(): fc.Arbitrary<RouteSpec> {
  const gateway = fc.nat(255).map((host) => `192.0.2.${host}`);
  const onLink = fc.constant(true as const);
  const one = fc.record<Nexthop>(
    { gateway, linkIndex: fc.integer({ min: 1, max: 99 }), onLink },
    { requiredKeys: ['gateway'] },
  );
  const weighed = fc.record<Nexthop>(
    { gateway, weight: fc.integer({ min: 1, max: 256 }), onLink },
    { requiredKeys: ['gateway', 'weight'] },
  );
  const nexthops = fc.oneof(fc.array(one, { maxLength: 1 }), fc.array(weighed, { minLength: 2, maxLength: 9 }));
  return fc
    .record(
      {
        table: fc.integer({ min: 1, max: 0xffff_ffff }),
        tos: fc.constantFrom(8, 16),
        metric: fc.integer({ min: 1, max: 0xffff_ffff }),
        scope: fc.nat(254),
        source: gateway,
        nexthops,
        metrics: fc.constantFrom({ values: { mtu: 1400 } }, { locked: ['mtu', 'rtt'] as const }),
        ttlPropagate: fc.boolean(),
        prefixLength: fc.nat(32),
      },
      { requiredKeys: [] },
    )
    .map((fields) => Object.assign(fields, BASE, { prefixLength: fields.prefixLength ?? 24 }) as RouteSpec);
}
