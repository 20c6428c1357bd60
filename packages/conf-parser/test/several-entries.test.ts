// A name that matches several files makes one configuration of them, as keepalived 2.2.7 reads them: one after the other,
// blocks and definitions go on from one into the next, and findings name the file that they are in.
import { expect, test } from '@jest/globals';
import { createMemoryLoader, parseConfig, type ParsedConfig, type SourceLoader } from '../src/index.js';
import { instanceText } from './configs.js';

const NAMES = ['/c/1.conf', '/c/2.conf'];

function parseAll(texts: readonly string[], kind?: SourceLoader['kind']): ParsedConfig {
  const memory = createMemoryLoader(Object.fromEntries(texts.map((text, index) => [NAMES[index] ?? '', text])));
  return parseConfig(NAMES, kind === undefined ? memory : { ...memory, kind }, {});
}

const placesIn = ({ diagnostics }: ParsedConfig): readonly string[] =>
  diagnostics.map(({ code, span }) => `${span.file} ${code}`);

test('instances of all of them, and findings in the file that they are in', () => {
  const parsed = parseAll([instanceText(), 'foo\n']);
  expect(parsed.files.map(({ path }) => path)).toEqual(NAMES);
  expect(parsed.model?.vrrp_instance.map(({ name }) => name)).toEqual(['VI_1']);
  expect(placesIn(parsed)).toEqual(['/c/2.conf conf/unknown-keyword']);
});

test('a block and a definition go on into the next file', () => {
  const lines = instanceText('priority $P').split('\n');
  const parsed = parseAll([`$P=77\n${lines.slice(0, 3).join('\n')}`, lines.slice(3).join('\n')]);
  expect(placesIn(parsed)).toEqual([]);
  expect(parsed.model?.vrrp_instance.map(({ priority }) => priority)).toEqual([77]);
});

test('a file that includes one whose turn comes later reads it twice: no circle', () => {
  const parsed = parseAll(['include 2.conf\n', instanceText()]);
  expect(placesIn(parsed)).toEqual(['/c/2.conf conf/duplicate-name']);
});

test('one that is no file that can be read: none of them is read', () => {
  const parsed = parseAll([instanceText(), instanceText()], (path) => (path === NAMES[1] ? 'executable' : 'file'));
  expect([parsed.model, parsed.files, parsed.refused]).toEqual([undefined, [], true]);
  expect(placesIn(parsed)).toEqual(['/c/2.conf conf/file-not-found']);
});

test('no file at all is refused', () => {
  const parsed = parseConfig([], createMemoryLoader({}), {});
  expect([parsed.model, parsed.refused]).toEqual([undefined, true]);
});
