// The catalogue of codes: each is explained in docs/reference/diagnostics.md, used by the parser, and nothing else is.
import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIAGNOSTIC_CODES, renderDiagnostics } from '../src/index.js';
import { instanceText, parseText } from './configs.js';

const SOURCES = join(import.meta.dirname, '../src');
const REFERENCE = join(import.meta.dirname, '../../../docs/reference/diagnostics.md');

describe('the catalogue', () => {
  const codes = Object.keys(DIAGNOSTIC_CODES);
  const reference = readFileSync(REFERENCE, 'utf8');

  test('is what the reference explains', () => {
    const headings = [...reference.matchAll(/^## (conf\/\S+)$/gm)].map((match) => match[1]);
    expect(headings).toEqual(codes);
  });

  test('and the reference gives the usual severity and title of each', () => {
    for (const [code, { severity, title }] of Object.entries(DIAGNOSTIC_CODES)) {
      expect(reference.toLowerCase()).toContain(`## ${code}\n\n${severity}: ${title}.\n`.toLowerCase());
    }
  });

  test('has no code the parser does not give', () => {
    const source = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('diagnostic-codes.ts'))
      .map((path) => readFileSync(join(SOURCES, path), 'utf8'))
      .join('\n');
    expect(codes.filter((code) => !source.includes(`'${code}'`))).toEqual([]);
  });
});

describe('rendering', () => {
  test('shows the place, the line, a caret and what to write', () => {
    const { diagnostics, files } = parseText(instanceText('\tprioriti 3'));
    expect(renderDiagnostics(diagnostics, files)).toBe(
      [
        '/etc/keepalived/keepalived.conf:7:2: error: "prioriti" is no keyword of vrrp_instance [conf/unknown-keyword]',
        '  | \tprioriti 3',
        '  | \t^^^^^^^^',
        '  did you mean priority?',
        '',
      ].join('\n'),
    );
  });

  test('shows where an expansion was defined', () => {
    const { diagnostics, files } = parseText(`$P=300\n${instanceText('priority $P')}`);
    expect(renderDiagnostics(diagnostics, files)).toContain(
      '  in the expansion of $P, defined at /etc/keepalived/keepalived.conf:1:1\n',
    );
  });

  test('shows related places', () => {
    const { diagnostics, files } = parseText(`${instanceText()}${instanceText()}`);
    expect(renderDiagnostics(diagnostics, files)).toContain(
      '  /etc/keepalived/keepalived.conf:1:15: first defined here\n',
    );
  });
});

describe('secrets', () => {
  test.each([
    ['auth_pass', 'authentication {\n auth_type PASS\n auth_pass topsecret123\n }'],
    ['a quoted auth_pass', 'authentication {\n auth_type PASS\n auth_pass "topsecret 123"\n }'],
    ['an auth_pass beside a mistake', 'authentication {\n auth_type PASTE auth_pass topsecret123\n }'],
    ['a key', 'auth_hmac {\n key 300 topsecret123topsecret123topsecret123\n }'],
  ])('of %s are in no rendered line', (_title, lines) => {
    const { diagnostics, files } = parseText(instanceText(lines));
    expect(diagnostics).not.toEqual([]);
    expect(renderDiagnostics(diagnostics, files)).not.toContain('topsecret');
  });
});
