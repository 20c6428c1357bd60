// The parser's corpus as texts: sections `=== STATUS title` of its files, with their spelled-out characters. What keepalived
// makes of each is the parser's own test (packages/conf-parser/test/corpus.ts says more).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../../conf-parser/test/corpus');

export function corpusTexts(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.txt'))
    .flatMap((file) =>
      readFileSync(join(FOLDER, file), 'utf8')
        .split(/^=== .*\n/m)
        .slice(1),
    )
    .map(withCharacters);
}

function withCharacters(text: string): string {
  return text
    .replace(/‹EOF›\n$/, '')
    .replace(/‹(.)\*(\d+)›/g, (_match, character: string, count: string) => character.repeat(Number(count)))
    .replace(/‹([0-9A-F]{2})›/g, (_match, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
