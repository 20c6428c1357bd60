// Files made to cost much: what they may cost is limited by number, so these end however slow the machine is.
import { describe, expect, test } from '@jest/globals';
import { exitStatus, formatConfig, parseCst, printCst, renderDiagnostics } from '../src/index.js';
import { MAX_INCLUDED_FILES } from '../src/expand/limits.js';
import { MAX_DIAGNOSTICS } from '../src/parse-config.js';
import { ENTRY, instanceText, parseText } from './configs.js';

const DEEP = 'a {\n'.repeat(60_000);

describe('a file of nothing but mistakes', () => {
  test.each([
    ['unknown blocks, one in the other', DEEP],
    ['closing braces', '}'.repeat(60_000)],
    ['one line without end', `${'x'.repeat(99)} `.repeat(30_000)],
    ['lone quotes', '" \n'.repeat(60_000)],
    ['blocks that are not closed', 'global_defs {\n'.repeat(30_000)],
  ])('%s', (_title, text) => {
    const parsed = parseText(text);
    expect(parsed.diagnostics.length).toBeGreaterThan(0);
    expect(parsed.diagnostics.length).toBeLessThanOrEqual(MAX_DIAGNOSTICS + 10);
    expect(exitStatus(parsed)).toBe(5);
  });

  test('has the exit status of its last line too', () => {
    expect(exitStatus(parseText(`${'foo\n'.repeat(MAX_DIAGNOSTICS + 1)}${instanceText('priority')}`))).toBe(2);
  });
});

test('thousands of findings on one line as long as the file are shown', () => {
  const { diagnostics, files } = parseText('a {'.repeat(300_000));
  expect(diagnostics.length).toBeGreaterThan(MAX_DIAGNOSTICS - 1);
  expect(renderDiagnostics(diagnostics, files).split('\n').length).toBeGreaterThan(3 * MAX_DIAGNOSTICS);
});

test('nesting does not use the stack', () => {
  expect(printCst(parseCst('', DEEP))).toBe(DEEP);
  expect(formatConfig(DEEP).length).toBeGreaterThan(DEEP.length);
});

describe('expansion', () => {
  test('definitions that use each other in a circle', () => {
    const parsed = parseText(`$A=\${B} \${B}\n$B=\${A} \${A}\nfoo $A\n`);
    expect(parsed.diagnostics.map(({ code }) => code)).toContain('conf/expansion-limit');
  });

  test.each([
    ['~SEQ(x, 2147483647) foo', 1],
    ['~SEQ(x, 1, 9007199254740991) foo', 1],
    ['~SEQ(x, 2) ~SEQ(y, 2147483647) foo', 2],
    ['~SEQ(x, 500001) foo', 1],
  ])('%s: the limit speaks before a line is made', (line, times) => {
    const { diagnostics, refused } = parseText(`${line}\n`);
    expect(diagnostics.map(({ code }) => code)).toEqual(Array(times).fill('conf/expansion-limit'));
    expect(refused).toBe(true);
  });

  test('a sequence as long as the limit is whole', () => {
    const { diagnostics } = parseText('~SEQ(x, 500000) $NONE=\n');
    expect(diagnostics).toEqual([]);
  });

  test('files that include each other in their thousands', () => {
    const files: Record<string, string> = {};
    for (let level = 0; level < 16; level += 1) files[`/etc/keepalived/${level}`] = `include ${level + 1}\n`.repeat(4);
    const parsed = parseText('include 0\n', {}, files);
    expect(parsed.files.length).toBeLessThanOrEqual(MAX_INCLUDED_FILES);
    expect(parsed.diagnostics.map(({ code }) => code)).toContain('conf/expansion-limit');
    expect(parsed.diagnostics[0]?.span.file).not.toBe(ENTRY);
  });
});
