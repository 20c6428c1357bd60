// The lexical rules of keepalived.conf, one fact a row: comments, quotes, braces, long lines, CRLF.
import { describe, expect, test } from '@jest/globals';
import { ENTRY, findings, instanceOf, instanceText, modelOf, parseText } from './configs.js';

describe('comments', () => {
  test.each([
    ['# starts one after a word', 'priority 20# thirty', 20],
    ['! starts one glued to a word', 'priority 21!30', 21],
    ['a backslash does not protect the sign', 'priority 22\\#30', 22],
    ['a line of its own', '# priority 9\npriority 23', 23],
    ['after the opening brace', 'track_interface { # none\n}\npriority 24', 24],
  ])('%s', (_fact, line, priority) => {
    expect(instanceOf(instanceText(line)).priority).toBe(priority);
  });

  test('double quotes protect the signs, single quotes do not', () => {
    const text = instanceText('authentication {', 'auth_type PASS', 'auth_pass "a#b!c"', '}');
    expect(instanceOf(text).authentication?.auth_pass).toBe('a#b!c');
    const single = instanceText('authentication {', 'auth_type PASS', "auth_pass 'a#b'", '}');
    expect(instanceOf(single).authentication?.auth_pass).toBe("'a");
  });
});

describe('words', () => {
  test('quotes make one word of several, and may be empty', () => {
    expect(modelOf(parseText('vrrp_instance "VI 1" {\n}')).vrrp_instance[0]?.name).toBe('VI 1');
    expect(modelOf(parseText('vrrp_instance "" {\n}')).vrrp_instance[0]?.name).toBe('');
  });

  test('a no-break space is part of a word', () => {
    expect(findings(parseText(instanceText('priority\u00a0100')))).toEqual([
      'conf/unknown-keyword @ priority\u00a0100',
    ]);
  });

  test('a backslash at the end of a line joins nothing but loses the blanks before it', () => {
    const parsed = parseText(instanceText('priority \\', '20'));
    expect(parsed.diagnostics.map(({ summary }) => summary)).toEqual([
      '"priority\\\\" is no keyword of vrrp_instance',
      '"20" is no keyword of vrrp_instance',
    ]);
  });

  test('a quote without its partner loses the rest of the line', () => {
    const parsed = parseText(instanceText('state "BACKUP'));
    expect(findings(parsed)).toEqual(['conf/missing-argument @ state', 'conf/unterminated-quote @ "BACKUP']);
  });

  test('a second statement on a line is not read', () => {
    expect(findings(parseText(instanceText('priority 10 nopreempt')))).toEqual(['conf/extra-words @ nopreempt']);
  });
});

describe('braces', () => {
  test.each([
    [
      'glued to words',
      'vrrp_instance A{interface eth0\nvirtual_router_id 5\nvirtual_ipaddress {10.0.0.1/24}\npriority 7}',
    ],
    [
      'on lines of their own',
      'vrrp_instance A\n\n# here\n{\ninterface eth0\nvirtual_router_id 5\nvirtual_ipaddress\n{\n10.0.0.1/24\n}\npriority 7\n}',
    ],
    [
      'with CRLF',
      'vrrp_instance A {\r\ninterface eth0\r\nvirtual_router_id 5\r\nvirtual_ipaddress {\r\n10.0.0.1/24\r\n}\r\npriority 7\r\n}\r\n',
    ],
  ])('%s', (_fact, text) => {
    expect(parseText(text).diagnostics).toEqual([]);
    expect(instanceOf(text)).toMatchObject({
      name: 'A',
      priority: 7,
      virtual_ipaddress: [{ address: '10.0.0.1', prefix: 24 }],
    });
  });

  test('inside double quotes are text', () => {
    expect(modelOf(parseText('vrrp_instance "a{b}" {\n}')).vrrp_instance[0]?.name).toBe('a{b}');
  });
});

describe('long lines', () => {
  test('go on as the next line after 1023 bytes', () => {
    const parsed = parseText(`# ${'x'.repeat(1021)}foo\n`);
    expect(findings(parsed)).toEqual(['conf/line-too-long @ x', 'conf/unknown-keyword @ foo']);
    expect(parseText(`# ${'x'.repeat(1021)}\n`).diagnostics).toEqual([]);
  });

  test('are counted in bytes', () => {
    expect(findings(parseText(`# ${'ü'.repeat(510)}ab\n`))).toEqual([
      'conf/line-too-long @ a',
      'conf/unknown-keyword @ b',
    ]);
  });
});

test('positions are those of the file', () => {
  const parsed = parseText(instanceText('\tprioriti 3'));
  expect(parsed.diagnostics[0]).toMatchObject({
    code: 'conf/unknown-keyword',
    span: { file: ENTRY, start: 97, end: 105 },
    suggestion: { span: { start: 97, end: 105 }, replacement: 'priority' },
  });
});
