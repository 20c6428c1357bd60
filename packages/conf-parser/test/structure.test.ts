// What becomes of files whose blocks are broken: keepalived's recovery, and a position for each problem.
import { describe, expect, test } from '@jest/globals';
import { exitStatus } from '../src/index.js';
import { BASICS, findings, instanceText, modelOf, parseText } from './configs.js';

describe('recovery', () => {
  test("an unknown keyword's block is read in the block around it, and its } closes that", () => {
    const parsed = parseText(instanceText('foo {', 'priority 10', '}', 'priority 20'));
    expect(findings(parsed)).toEqual([
      'conf/unknown-keyword @ foo',
      'conf/unexpected-brace @ {',
      'conf/unknown-keyword @ priority',
      'conf/extra-closing-brace @ }',
    ]);
    expect(modelOf(parsed).vrrp_instance[0]?.priority).toBe(10);
  });

  test('a block without { is read as if it had one', () => {
    const parsed = parseText(['vrrp_instance A', ...BASICS, 'priority 9', '}'].join('\n'));
    expect(findings(parsed)).toEqual(['conf/missing-opening-brace @ vrrp_instance A', 'conf/extra-closing-brace @ }']);
    expect(modelOf(parsed).vrrp_instance[0]?.priority).toBe(9);
  });

  test('blocks that are not closed are closed at the end', () => {
    const parsed = parseText('vrrp_instance A {\nvirtual_router_id 3\ninterface eth0\nvirtual_ipaddress {\n10.0.0.1\n');
    expect(findings(parsed)).toEqual([
      'conf/missing-closing-brace @ vrrp_instance',
      'conf/missing-closing-brace @ virtual_ipaddress',
    ]);
    expect(modelOf(parsed).vrrp_instance[0]?.virtual_ipaddress).toHaveLength(1);
  });

  test('one { too few hides one } too few', () => {
    const parsed = parseText(
      'vrrp_instance A {\ninterface eth0\nvirtual_router_id 51\nvirtual_ipaddress\n10.0.0.1\n}\n',
    );
    expect(exitStatus(parsed)).toBe(0);
    expect(exitStatus(parsed, 'strict')).toBe(5);
    expect(findings(parsed)).toEqual([
      'conf/missing-closing-brace @ vrrp_instance',
      'conf/missing-opening-brace @ virtual_ipaddress',
    ]);
  });

  test('a } too many is said once, and what follows is read', () => {
    const parsed = parseText(`${instanceText()}}\n${instanceText().replace('VI_1', 'VI_2').replace('51', '52')}`);
    expect(findings(parsed)).toEqual(['conf/extra-closing-brace @ }']);
    expect(modelOf(parsed).vrrp_instance.map(({ name }) => name)).toEqual(['VI_1', 'VI_2']);
  });

  test('a second instance of the same name is stepped over, whatever it contains', () => {
    const parsed = parseText(`${instanceText('priority 7')}vrrp_instance VI_1 {\nfoo {\npriority 8\n}\n}\n`);
    expect(findings(parsed)).toEqual(['conf/duplicate-name @ VI_1']);
    expect(modelOf(parsed).vrrp_instance[0]?.priority).toBe(7);
  });

  test.each(['vrrp_instance {', 'vrrp_instance A B {'])('%s has not exactly one name', (line) => {
    const parsed = parseText(`${line}\nfoo\n}\n`);
    expect(findings(parsed)).toEqual(['conf/missing-name @ vrrp_instance']);
    expect(modelOf(parsed).vrrp_instance).toEqual([]);
  });
});

describe('ten mistakes', () => {
  const TEXT = [
    'vrrp_instance A {',
    '    stat MASTER',
    '    state Master',
    '    interface eth0',
    '    virtual_router_id 256',
    '    virtual_router_id 51',
    '    priority 300',
    '    advert_int x',
    '    authentication {',
    '        auth_type PASS',
    '        auth_pass 123456789',
    '    }',
    '    virtual_ipaddress {',
    '        10.0.0.300',
    '        10.0.0.1/24 dv eth0',
    '        fe80::1',
    '    }',
    '    track_script {',
    '        chk',
    '    }',
    '}',
    '}',
    '',
  ].join('\n');

  test('give ten positioned errors, and more where the mistake has a consequence', () => {
    const parsed = parseText(TEXT);
    const errors = { ...parsed, diagnostics: parsed.diagnostics.filter(({ severity }) => severity === 'error') };
    expect(findings(errors)).toEqual([
      'conf/unknown-keyword @ stat',
      'conf/invalid-value @ Master',
      'conf/out-of-range @ 256',
      'conf/out-of-range @ 300',
      'conf/invalid-number @ x',
      'conf/password-truncated @ 123456789',
      'conf/invalid-address @ 10.0.0.300',
      'conf/invalid-option @ dv',
      'conf/invalid-option @ eth0',
      'conf/address-family @ fe80::1',
      'conf/unknown-reference @ chk',
      'conf/extra-closing-brace @ }',
    ]);
    expect(
      parsed.diagnostics
        .filter(({ suggestion }) => suggestion !== undefined)
        .map(({ suggestion }) => suggestion?.replacement),
    ).toEqual(['state', 'MASTER', 'dev']);
    expect(exitStatus(parsed)).toBe(5);
  });
});

describe('exit status', () => {
  test.each([
    ['an empty file', '', 0],
    ['a keyword without its argument', instanceText('priority'), 2],
    ['and nothing hides that', `foo\n${instanceText('notify /bin/true', 'state')}`, 2],
    ['an unknown keyword', 'foo\n', 5],
    ['a script without script security', instanceText('notify "/usr/bin/logger up"'), 6],
    ['a script with it', `global_defs {\nenable_script_security\n}\n${instanceText('notify "/usr/bin/logger up"')}`, 0],
    ['an unsupported keyword', instanceText('use_vmac'), 0],
  ] as const)('%s', (_fact, text, status) => {
    expect(exitStatus(parseText(text))).toBe(status);
  });

  test('a file that cannot be read is no error of the test, and cannot be run', () => {
    const parsed = parseText('include nowhere.conf\n');
    expect([exitStatus(parsed), exitStatus(parsed, 'strict'), parsed.refused]).toEqual([0, 5, false]);
    const missing = parseText('includem nowhere.conf\n');
    expect([exitStatus(missing), missing.refused]).toEqual([6, true]);
  });

  test('a missing interface stops keepalived before it looks at scripts', () => {
    const text = instanceText('notify "/usr/bin/logger up"');
    const facts = { interfaceExists: (name: string) => name === 'eth1' };
    expect(exitStatus(parseText(text, { facts }))).toBe(5);
    expect(parseText(text, { facts }).refused).toBe(true);
    const dynamic = `global_defs {\ndynamic_interfaces\n}\n${text}`;
    expect([exitStatus(parseText(dynamic, { facts })), parseText(dynamic, { facts }).refused]).toEqual([6, false]);
  });
});
