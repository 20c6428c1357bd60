// What of a configuration cannot be run: left out alone, with a finding that says where and why; the others run.
import { describe, expect, test } from '@jest/globals';
import { createMemoryLoader, parseConfig } from '@vrrp/conf-parser';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PLAN_CODES } from '../../src/plan/finding-codes.js';
import { planConfig, planFindings, type PlanResult } from '../../src/plan/plan.js';

interface Planned extends PlanResult {
  readonly running: readonly string[];
  /** `code @ text` of each finding. */
  readonly found: readonly string[];
}

function plan(text: string): Planned {
  const parsed = parseConfig('/k.conf', createMemoryLoader({ '/k.conf': text }));
  if (parsed.model === undefined) throw new Error('the test configuration was not read');
  const result = planConfig(parsed.model, { placeOf: parsed.placeOf });
  return {
    ...result,
    running: result.desired.virtualRouters.map(({ config }) => config.name),
    found: result.findings.map(({ code, span }) => `${code} @ ${text.slice(span.start, span.end)}`),
  };
}

const instance = (name: string, vrid: number, lines = '', address = '192.0.2.1'): string =>
  `vrrp_instance ${name} {\n interface eth0\n virtual_router_id ${vrid}\n${lines}\n virtual_ipaddress {\n ${address}\n }\n}\n`;
const group = (name: string, ...members: readonly string[]): string =>
  `vrrp_sync_group ${name} {\n group {\n ${members.join('\n ')}\n }\n}\n`;
const AH = 'authentication {\n auth_type AH\n auth_pass secret\n}';

describe('an instance that cannot be run is left out, and the others run', () => {
  test.each([
    ['version 2 over IPv6', 'version 2', 'fe80::1', 'plan/impossible-router @ version', 'version 2 has no IPv6'],
    [
      'auth_type AH',
      AH,
      '192.0.2.2',
      'plan/unsupported-authentication @ auth_type',
      'auth_type AH is not supported yet',
    ],
  ])('%s', (_title, lines, address, found, reason) => {
    const planned = plan(instance('A', 1, lines, address) + instance('B', 2));
    expect(planned.running).toEqual(['B']);
    expect(planned.found).toEqual([found]);
    expect(planned.findings[0]?.summary).toContain(`(A) is left out: ${reason}`);
    expect(planned.findings[0]?.severity).toBe('error');
    expect(planned.notifications.subjects.map(({ name }) => name)).toEqual(['B']);
  });

  test('never unauthenticated, where its peers authenticate', () => {
    const { desired, findings } = plan(instance('A', 1, AH));
    expect(desired.virtualRouters).toEqual([]);
    expect(findings[0]?.detail).toContain('two Masters');
  });

  test.each([
    ['that version 3 drops', `version 3\n${AH}`, '192.0.2.1'],
    ['that IPv6 drops', AH, 'fe80::1'],
  ])('authentication %s keeps nobody from running', (_title, lines, address) => {
    expect(plan(instance('A', 1, lines, address))).toMatchObject({ running: ['A'], found: [] });
  });

  test('what nobody else tracks is not looked at', () => {
    const script = 'vrrp_script s {\n script "/bin/true x"\n}\n';
    expect(plan(script + instance('A', 1, `${AH}\ntrack_script {\n s\n}`)).desired.trackers).toEqual([]);
  });

  test('a twin is found at its virtual router id', () => {
    const planned = plan(instance('A', 1) + instance('B', 1, '', '192.0.2.9'));
    expect(planned).toMatchObject({ running: ['A'], found: ['plan/duplicate-vrid @ virtual_router_id'] });
  });

  test('without an interface it is found at its name', () => {
    const planned = plan('vrrp_instance A {\n virtual_router_id 1\n virtual_ipaddress {\n 192.0.2.1\n }\n}\n');
    expect(planned).toMatchObject({ running: [], found: ['plan/no-interface @ A'] });
  });
});

// What the whole of keepalived's ranges comes to is total.test.ts; these were seen to end the engine.
test.each([
  ['a script of weight 300', 'vrrp_script s {\n script "/bin/true x"\n weight 300\n}\n', 'track_script {\n s\n}'],
  ['vrrp_min_garp', 'global_defs {\n vrrp_min_garp\n}\n', 'garp_master_refresh 2'],
])('%s runs', (_title, before, lines) => {
  expect(plan(before + instance('A', 1, lines)).running).toEqual(['A']);
});

describe('a sync group with a member that cannot be run', () => {
  test('runs none of its members, so that another node can be Master of all of them', () => {
    const text =
      group('G', 'A', 'B', 'C') + instance('A', 1) + instance('B', 2, AH) + instance('C', 3) + instance('D', 4);
    const { running, found, findings, desired, notifications } = plan(text);
    expect(running).toEqual(['D']);
    expect(found).toEqual([
      'plan/unsupported-authentication @ auth_type',
      'plan/group-left-out @ A',
      'plan/group-left-out @ C',
    ]);
    expect(findings[1]?.summary).toBe('(A) is left out: (B) of its sync group G cannot run');
    expect(desired.syncGroups).toEqual([]);
    expect(notifications.subjects.map(({ name }) => name)).toEqual(['D']);
  });

  test('leaves other groups alone', () => {
    const text = group('G', 'A', 'B') + group('H', 'C', 'D');
    const planned = plan(text + instance('A', 1) + instance('B', 2, AH) + instance('C', 3) + instance('D', 4));
    expect(planned.running).toEqual(['C', 'D']);
    expect(planned.desired.syncGroups).toEqual([{ name: 'H', members: ['C', 'D'] }]);
  });
});

test('what the parser refuses is not said again at the same place', () => {
  const text = 'vrrp_instance A {\n virtual_router_id 1\n}\n' + instance('B', 2, AH);
  const parsed = parseConfig('/k.conf', createMemoryLoader({ '/k.conf': text }));
  expect(parsed.refused).toBe(true);
  expect(planFindings(parsed).map(({ code }) => code)).toEqual(['plan/unsupported-authentication']);
});

describe('options of addresses', () => {
  test.each([
    ['192.0.2.1 noprefixroute', { noPrefixRoute: true }],
    ['192.0.2.1 autojoin', { autoJoin: true }],
    ['192.0.2.1 home mngtmpaddr', {}],
    ['2001:db8::1/64 home mngtmpaddr', { homeAddress: true, managesTemporary: true }],
    ['2001:db8::1/64', {}],
  ])('%s', (line, flags) => {
    const [address] = plan(instance('A', 1, '', line)).desired.virtualRouters[0]?.addresses ?? [];
    const { homeAddress, noPrefixRoute, managesTemporary, autoJoin } = address ?? {};
    expect({ homeAddress, noPrefixRoute, managesTemporary, autoJoin }).toEqual(flags);
  });
});

test.each([
  ['global_defs {\n vrrp_drift_fallback\n}\n', true],
  ['', undefined],
])('%j: a Master whose address is removed goes to Backup: %p', (globals, expected) => {
  expect(plan(globals + instance('A', 1)).desired.driftFallback).toBe(expected);
});

test('docs/reference/diagnostics.md explains the codes of the plan', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/reference/diagnostics.md'), 'utf8');
  const headings = [...page.matchAll(/^## (plan\/\S+)$/gm)].map((match) => match[1]);
  expect(headings).toEqual(Object.keys(PLAN_CODES));
  for (const [code, { severity, title }] of Object.entries(PLAN_CODES))
    expect(page.toLowerCase()).toContain(`## ${code}\n\n${severity}: ${title.toLowerCase()}.\n`);
});
