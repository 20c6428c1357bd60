// print(parse(s)) is s for every string, formatting twice is formatting once, and nothing throws: on random text, on
// text made of the pieces configurations are made of, and on broken braces.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatConfig, lexFile, parseCst, printCst } from '../src/index.js';
import { parseText } from './configs.js';

const PIECES = [
  'vrrp_instance VI_1 interface eth0 virtual_ipaddress priority 100 track_script include 10.0.0.1/24'.split(' '),
  ['{', '}', '"', "'", '#', '!', '\\', '\\#', '@id', '@^id'],
  ['$', '$X', '$X=', '${X}', '${_PWD}', '~SEQ(x, 1, 3)', '~LST({a,b}, {1,2})'],
  [' ', '\t', '\n', '\r\n', '\n\n', '\0', '\u00a0', '“', 'ü', '😀'],
].flat();
const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join(''));
const text = fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 200 }));
const SEED = { seed: 20260901, numRuns: 400 };

describe('any text', () => {
  test('prints back as it was read', () => {
    fc.assert(
      fc.property(text, (source) => {
        expect(printCst(parseCst('x', source))).toBe(source);
      }),
      SEED,
    );
  });

  test('is covered by its tokens without a gap', () => {
    fc.assert(
      fc.property(text, (source) => {
        let at = 0;
        for (const token of lexFile(source)) {
          expect(token.start).toBe(at);
          expect(token.end).toBeGreaterThan(token.start);
          at = token.end;
        }
        expect(at).toBe(source.length);
      }),
      SEED,
    );
  });

  test('formats to a fixed point', () => {
    fc.assert(
      fc.property(text, (source) => {
        const once = formatConfig(source);
        expect(formatConfig(once)).toBe(once);
      }),
      SEED,
    );
  });

  test('gives a model and diagnostics inside the files, and never throws', () => {
    fc.assert(
      fc.property(text, (source) => {
        const parsed = parseText(source, { configId: 'id' });
        expect(parsed.model).toBeDefined();
        for (const { span } of parsed.diagnostics) {
          const file = parsed.files.find(({ path }) => path === span.file);
          expect(file).toBeDefined();
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThanOrEqual(span.start);
          expect(span.end).toBeLessThanOrEqual(file?.text.length ?? 0);
        }
      }),
      SEED,
    );
  });

  test('means the same when it is formatted', () => {
    fc.assert(
      fc.property(soup, (source) => {
        const plain = parseText(source, { configId: 'id' });
        const formatted = parseText(formatConfig(source), { configId: 'id' });
        expect(formatted.model).toEqual(plain.model);
        expect(formatted.diagnostics.map(({ code }) => code)).toEqual(plain.diagnostics.map(({ code }) => code));
      }),
      SEED,
    );
  });
});
