// What keepalived never said: weights that move nothing, addresses that do not answer, and nodes that do not fit
// together. None of it changes the exit status of a configuration test.
import { describe, expect, test } from '@jest/globals';
import { checkNodes, createMemoryLoader, exitStatus, parseConfig } from '../src/index.js';
import type { ParsedConfig } from '../src/index.js';
import { excerpt, findings, instanceText, parseText } from './configs.js';

const SCRIPT = 'global_defs {\nenable_script_security\n}\nvrrp_script chk {\nscript "/usr/bin/true"\nweight -20\n}\n';
const tracked = ['track_script {', 'chk', '}'];

describe('one node', () => {
  test.each([
    [
      'nopreempt and a weight',
      `${SCRIPT}${instanceText('nopreempt', ...tracked)}`,
      ['conf/weight-without-effect @ chk'],
    ],
    [
      'no room above the priority',
      `${SCRIPT}${instanceText('priority 254', 'track_script {', 'chk weight 2', '}')}`,
      ['conf/weight-without-effect @ chk'],
    ],
    ['a weight that works', `${SCRIPT}${instanceText('priority 254', ...tracked)}`, []],
    ['a gate with nopreempt', `${SCRIPT}${instanceText('nopreempt', 'track_script {', 'chk weight 0', '}')}`, []],
    [
      'no_accept',
      instanceText('no_accept'),
      ['conf/unsupported-keyword @ no_accept', 'conf/address-not-answering @ no_accept'],
    ],
  ] as const)('%s', (_title, text, expected) => {
    const parsed = parseText(text);
    expect(findings(parsed)).toEqual(expected);
    expect(exitStatus(parsed)).toBe(0);
  });

  test('has nothing to be compared with', () => {
    expect(checkNodes([])).toEqual([]);
    expect(checkNodes([parseText(instanceText())])).toEqual([]);
  });
});

function node(name: string, text: string): ParsedConfig {
  return parseConfig(name, createMemoryLoader({ [name]: text }));
}

function pass(password: string): readonly string[] {
  return ['authentication {', 'auth_type PASS', `auth_pass ${password}`, '}'];
}

function unicast(own: number, peer: number): readonly string[] {
  return [`unicast_src_ip 192.0.2.${own}`, `unicast_peer { 192.0.2.${peer} }`];
}

/** `FILE CODE @ TEXT` of what is wrong between two nodes. */
function compare(one: string, two: string): readonly string[] {
  const nodes = [node('one.conf', one), node('two.conf', two)];
  return checkNodes(nodes).map((diagnostic) => {
    const parsed = nodes.find(({ files }) => files[0]?.path === diagnostic.span.file);
    return `${diagnostic.span.file} ${diagnostic.code} @ ${parsed === undefined ? '' : excerpt(parsed, diagnostic)}`;
  });
}

describe('two nodes', () => {
  test.each([
    ['that fit', instanceText('priority 110'), instanceText('priority 100'), []],
    [
      'with different versions',
      instanceText('priority 110'),
      instanceText('version 3'),
      ['two.conf conf/node-mismatch @ version'],
    ],
    [
      'with different intervals',
      instanceText('priority 110', 'advert_int 2'),
      instanceText(),
      ['two.conf conf/node-mismatch @ VI_1'],
    ],
    [
      'with different passwords',
      instanceText('priority 110', ...pass('a')),
      instanceText(...pass('b')),
      ['two.conf conf/node-mismatch @ auth_pass'],
    ],
    [
      'one without authentication',
      instanceText('priority 110', ...pass('a')),
      instanceText(),
      ['two.conf conf/node-mismatch @ VI_1'],
    ],
    [
      'one with another address',
      instanceText('priority 110'),
      instanceText('virtual_ipaddress { 192.0.2.2 }'),
      ['two.conf conf/node-mismatch @ virtual_ipaddress'],
    ],
    [
      'one of them unicast',
      instanceText('priority 110', ...unicast(8, 9)),
      instanceText(),
      ['two.conf conf/node-mismatch @ VI_1'],
    ],
    ['that hear each other', instanceText('priority 110', ...unicast(8, 9)), instanceText(...unicast(9, 8)), []],
    [
      'of which one is not heard',
      instanceText('priority 110', ...unicast(8, 9)),
      instanceText(...unicast(9, 7)),
      ['two.conf conf/node-mismatch @ unicast_peer'],
    ],
    [
      'with one priority',
      instanceText('priority 110'),
      instanceText('priority 110'),
      ['two.conf conf/node-mismatch @ priority'],
    ],
    [
      'that both own the addresses',
      instanceText('priority 255'),
      instanceText('priority 255'),
      ['two.conf conf/node-mismatch @ priority'],
    ],
    [
      'with different VRIDs',
      instanceText(),
      instanceText('virtual_router_id 52'),
      ['one.conf conf/node-missing @ virtual_router_id', 'two.conf conf/node-missing @ virtual_router_id'],
    ],
    [
      'and a weight that is too small',
      `${SCRIPT}${instanceText('priority 150', ...tracked)}`,
      instanceText(),
      ['one.conf conf/weight-without-effect @ track_script'],
    ],
    ['and a weight that is enough', `${SCRIPT}${instanceText('priority 110', ...tracked)}`, instanceText(), []],
    [
      'and a positive weight',
      `${SCRIPT}${instanceText('priority 110', 'track_script {', 'chk weight 20', '}')}`,
      instanceText('priority 112'),
      [],
    ],
  ] as const)('%s', (_title, one, two, expected) => {
    expect(compare(one, two)).toEqual(expected);
  });

  test('no password is shown', () => {
    const nodes = [
      node('one.conf', instanceText(...pass('hidden1'))),
      node('two.conf', instanceText('priority 9', ...pass('hidden2'))),
    ];
    expect(JSON.stringify(checkNodes(nodes))).not.toContain('hidden');
  });
});
