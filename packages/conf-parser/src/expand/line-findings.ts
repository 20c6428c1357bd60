// What is said of a line of a file before anything is made of it: too long for keepalived's buffer, or cut by a NUL character.
import type { Diagnostic } from '../diagnostic.js';
import { spanOf } from './mapped-text.js';
import type { MappedText } from './mapped-text.js';

export function cutFinding(line: MappedText): Diagnostic {
  return {
    code: 'conf/line-too-long',
    severity: 'warning',
    summary: 'keepalived 2.2.7 reads at most 1023 bytes of a line; the rest is read as if it were the next line',
    span: spanOf(line, Math.max(0, line.text.length - 1), line.text.length),
  };
}

export function nulFinding(line: MappedText): Diagnostic {
  return {
    code: 'conf/nul-character',
    severity: 'warning',
    summary: 'there is a NUL character on this line, and nobody reads what follows it',
    detail: 'A file in UTF-16 has one after every letter: save it as UTF-8.',
    span: spanOf(line, 0, line.text.length),
  };
}
