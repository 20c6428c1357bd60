// Definitions, sequences, lists, conditions and includes: what they expand to, and where diagnostics then point.
import { describe, expect, test } from '@jest/globals';
import { ENTRY, excerpt, findings, instanceOf, instanceText, modelOf, parseText } from './configs.js';

const addresses = (...lines: readonly string[]): readonly string[] =>
  instanceOf(
    ['vrrp_instance A {', 'interface eth0', 'virtual_router_id 1', 'virtual_ipaddress {', ...lines, '}', '}'].join(
      '\n',
    ),
  ).virtual_ipaddress.map(({ address }) => address);

describe('definitions', () => {
  test.each([
    ['before a blank or the end', '$P=7', 'priority $P', 7],
    ['in braces anywhere', '$P=7', 'priority ${P}0', 70],
    ['a later one replaces', '$P=7\n$P=8', 'priority $P', 8],
    ['of another', '$Q=9\n$P=$Q', 'priority $P', 9],
    ['used before what it uses is defined', '$P=${Q}1\n$Q=2', 'priority $P', 21],
    ['an empty one', '$E=', 'priority 1${E}2', 12],
    ['of a whole line', '$L=priority 44', '$L', 44],
  ])('%s', (_fact, definition, line, priority) => {
    const text = `${definition}\n${instanceText(line)}`;
    expect(parseText(text).diagnostics).toEqual([]);
    expect(instanceOf(text).priority).toBe(priority);
  });

  test('of several lines stand for these lines', () => {
    const text = `$SETUP= \\\n  priority 33 \\\n  advert_int 4\n${instanceText('garp_master_delay 9 $SETUP', 'nopreempt')}`;
    expect(instanceOf(text)).toMatchObject({ advert_int: 4, garp_master_delay: 9, nopreempt: true });
  });

  test.each(['', '# a comment'])('end at a line with nothing on it: %p', (line) => {
    const parsed = parseText(`$P= \\\n${line}\npriority 33\n`);
    expect(findings(parsed)).toEqual(['conf/unknown-keyword @ priority']);
  });

  test.each(['$1=3', '$X =3', '$X'])('%s is no definition', (line) => {
    expect(findings(parseText(`${line}\n`))).toEqual([`conf/unknown-keyword @ ${line.split(' ')[0]}`]);
  });

  test('a bad value is shown where it is used, with where it was defined', () => {
    const parsed = parseText(`$P=300\n${instanceText('priority $P')}`);
    expect(findings(parsed)).toEqual(['conf/out-of-range @ $P']);
    const [diagnostic] = parsed.diagnostics;
    const expansion = diagnostic?.span.expansion;
    expect(expansion).toMatchObject({ name: 'P', definedAt: { file: ENTRY, start: 0, end: 6 } });
    expect(diagnostic && excerpt(parsed, diagnostic)).toBe('$P');
  });

  test('a definition of itself ends with a diagnostic', () => {
    const parsed = parseText(`$X=a$X\n${instanceText('vmac $X')}`);
    expect(parsed.diagnostics.map(({ code }) => code)).toContain('conf/expansion-limit');
  });

  test('predefined names', () => {
    const facts = {
      environment: (name: string) => (name === 'PRIO' ? '12' : undefined),
      random: (min: number, max: number) => max - min,
    };
    expect(instanceOf(instanceText('priority ${_ENV PRIO}'), { facts }).priority).toBe(12);
    expect(instanceOf(instanceText('priority ${_RANDOM 5 25}'), { facts }).priority).toBe(20);
    expect(modelOf(parseText('vrrp_instance V${_INSTANCE} {\n}', { configId: 'node1' })).vrrp_instance[0]?.name).toBe(
      'Vnode1',
    );
    expect(modelOf(parseText('vrrp_instance ${_PWD} {\n}')).vrrp_instance[0]?.name).toBe('/etc/keepalived');
    expect(modelOf(parseText('vrrp_instance "a${_HASH}b${_BANG}" {\n}')).vrrp_instance[0]?.name).toBe('a#b!');
  });
});

describe('sequences', () => {
  test.each([
    ['~SEQ(x, 1, 3) 10.0.0.$x', ['10.0.0.1', '10.0.0.2', '10.0.0.3']],
    ['~SEQ(x, 3, 1) 10.0.0.$x', ['10.0.0.3', '10.0.0.2', '10.0.0.1']],
    ['~SEQ(x, 5, -2, 1) 10.0.0.$x', ['10.0.0.5', '10.0.0.3', '10.0.0.1']],
    ['~SEQ(x, 1, 4, 10) 10.0.0.$x', ['10.0.0.1', '10.0.0.5', '10.0.0.9']],
    ['~SEQ(x, 2) 10.0.0.$x', ['10.0.0.1', '10.0.0.2']],
    ['~SEQ(x, 0) 10.0.0.$x', ['10.0.0.1', '10.0.0.0']],
    ['~SEQ(x, 0x10, 021) 10.0.0.$x', ['10.0.0.16', '10.0.0.17']],
    ['~SEQx(x, 9, 11) fe80::$x', ['fe80::9', 'fe80::a', 'fe80::b']],
    ['~SEQ(x,1,2) ~SEQ(y,1,2) 10.${x}.0.$y', ['10.1.0.1', '10.1.0.2', '10.2.0.1', '10.2.0.2']],
    ['~LST(x, 7, 8) 10.0.0.$x', ['10.0.0.7', '10.0.0.8']],
    ['~LST({a,b}, {1,2}, {3}) 10.0.${a}.1${b}', ['10.0.1.12', '10.0.3.1']],
  ])('%s', (line, expected) => {
    expect(addresses(line)).toEqual(expected);
  });

  test('repeat definitions of several lines, and lose their variable after', () => {
    const text = [
      '$VI= \\',
      'vrrp_instance V$x { \\',
      'interface eth0 \\',
      'virtual_router_id $x \\',
      'virtual_ipaddress { \\',
      '10.0.0.$x \\',
      '} \\',
      '}',
      '~SEQ(x, 1, 3) $VI',
      'vrrp_instance $x {',
      '}',
    ].join('\n');
    expect(modelOf(parseText(text)).vrrp_instance.map(({ name }) => name)).toEqual(['V1', 'V2', 'V3', '$x']);
  });

  test.each([
    '~SEQ(x) a',
    '~SEQ a',
    '~SEQ(x, 1, 0, 3) a',
    '~SEQ(x, 1, -1, 3) a',
    '~SEQx(x, -3) a',
    '~LST({a}, {1,2}) a',
    '~LST(a, "1") a',
  ])('%s is refused', (line) => {
    expect(parseText(`${line}\n`).diagnostics.map(({ code }) => code)).toEqual(['conf/invalid-sequence']);
  });

  test('without end stop at a limit', () => {
    const parsed = parseText(
      '~SEQ(x, 1, 1000000000) $nothing=$x\n~SEQ(x, 1, 1000000) ~SEQ(y, 1, 1000000) $nothing=$y\n',
    );
    expect(new Set(parsed.diagnostics.map(({ code }) => code))).toEqual(new Set(['conf/expansion-limit']));
    expect(parsed.refused).toBe(true);
  });
});

describe('conditions', () => {
  test.each([
    ['@node1 priority 10', 10],
    ['@node2 priority 10', 100],
    ['@^node2 priority 11', 11],
    ['@^node1 priority 11', 100],
    ['@node1\tpriority 12', 12],
    ['@node1priority 12', 100],
    ['@node1 $P=13\npriority ${P}', 13],
  ])('%s', (line, priority) => {
    expect(instanceOf(instanceText(line), { configId: 'node1' }).priority).toBe(priority);
  });

  test('do not stack', () => {
    expect(findings(parseText('@a @a foo\n', { configId: 'a' }))).toEqual(['conf/unknown-keyword @ @a']);
  });
});

describe('includes', () => {
  const files = {
    '/etc/keepalived/d/2.conf': 'priority 42\n',
    '/etc/keepalived/d/1.conf': '$N=1\ninclude ../e.conf\n',
    '/etc/keepalived/d/../e.conf': 'nopreempt\n',
  };

  test('are read in order, inside blocks too, relative to the including file', () => {
    const parsed = parseText(instanceText('include d/*.conf'), {}, files);
    expect(parsed.diagnostics).toEqual([]);
    expect(parsed.files.map(({ path }) => path)).toEqual([
      ENTRY,
      '/etc/keepalived/d/1.conf',
      '/etc/keepalived/d/2.conf',
      '/etc/keepalived/d/../e.conf',
    ]);
    expect(modelOf(parsed).vrrp_instance[0]).toMatchObject({ priority: 42, nopreempt: true });
  });

  test('take the rest of the line as it is', () => {
    expect(findings(parseText('include "d/1.conf"\n', {}, files))).toEqual(['conf/include-not-found @ "d/1.conf"']);
  });

  test('of themselves are refused', () => {
    const parsed = parseText(
      'include b.conf\n',
      {},
      { '/etc/keepalived/b.conf': 'include keepalived.conf\ninclude b.conf\n' },
    );
    expect(parsed.diagnostics.map(({ code }) => code)).toEqual(['conf/include-cycle', 'conf/include-cycle']);
  });

  test('point into the file they read', () => {
    const parsed = parseText('include b.conf\n', {}, { '/etc/keepalived/b.conf': '\n  foo\n' });
    expect(parsed.diagnostics[0]?.span).toEqual({ file: '/etc/keepalived/b.conf', start: 3, end: 6 });
  });
});
