// Expanded lines to items: statements of words, and the braces between them, which keepalived splits off wherever they
// stand outside double quotes. A statement keeps its line, so that script keywords can read it again in their own way.
import type { Diagnostic } from '../diagnostic.js';
import type { MappedText } from '../expand/mapped-text.js';
import { isVerbatim, spanOf } from '../expand/mapped-text.js';
import { isUnterminated, lexLine, tokenEnd, tokenKindAt } from '../lexer.js';
import type { Span } from '../source.js';

export interface Word {
  /** Without the quotes. */
  readonly text: string;
  readonly quoted: boolean;
  readonly line: MappedText;
  readonly from: number;
  readonly to: number;
}

/** One or more words. */
export interface Statement {
  readonly kind: 'statement';
  readonly keyword: Word;
  /** The words after the first. */
  readonly words: readonly Word[];
}

export interface Brace {
  readonly kind: 'open' | 'close';
  readonly line: MappedText;
  readonly at: number;
}

export type Item = Statement | Brace;

/** Hands over the statements and braces of a line, one after the other. */
export function takeItems(
  line: MappedText,
  report: (diagnostic: Diagnostic) => void,
  take: (item: Item) => void,
): void {
  const { text } = line;
  let keyword: Word | undefined;
  let words = NO_WORDS;
  for (let at = 0; at < text.length;) {
    const kind = tokenKindAt(text, at, text.length);
    const end = tokenEnd(kind, text, at, text.length);
    if (kind === 'open' || kind === 'close') {
      if (keyword !== undefined) take({ kind: 'statement', keyword, words });
      keyword = undefined;
      words = NO_WORDS;
      take({ kind, line, at });
    } else if (kind === 'word' || kind === 'string') {
      const word = wordOf(line, kind, at, end, report);
      if (keyword === undefined) keyword = word;
      else if (word !== undefined) words = withWord(words, word);
    }
    at = end;
  }
  if (keyword !== undefined) take({ kind: 'statement', keyword, words });
}

/** undefined for a quote without a partner: what follows it is lost (the line itself was reported when it was read). */
function wordOf(
  line: MappedText,
  kind: 'word' | 'string',
  from: number,
  to: number,
  report: (diagnostic: Diagnostic) => void,
): Word | undefined {
  const { text } = line;
  if (kind === 'word') return { text: text.slice(from, to), quoted: false, line, from, to };
  if (isUnterminated(text, { kind, start: from, end: to })) {
    reportExpandedQuote(line, from, report);
    return undefined;
  }
  return { text: text.slice(from + 1, to - 1), quoted: true, line, from, to };
}

/** Of a statement without any: shared, and never added to. */
const NO_WORDS: Word[] = [];

/** Most statements have one word beside the keyword or none: an empty array that is pushed to makes room for seventeen. */
function withWord(words: Word[], word: Word): Word[] {
  if (words.length === 0) return [word];
  words.push(word);
  return words;
}

export function wordSpan(word: Word): Span {
  return spanOf(word.line, word.from, word.to);
}

export function braceSpan(brace: Brace): Span {
  return spanOf(brace.line, brace.at, brace.at + 1);
}

/** Whether a double quote without a partner cuts the line off behind the keyword: one at its very end cuts nothing off. */
export function isCutOff({ keyword: { line, to }, words }: Statement): boolean {
  const last = lexLine(line.text, to).at(-1);
  if (last === undefined || !isUnterminated(line.text, last)) return false;
  return words.length === 0 || last.end - last.start > 1;
}

/** From the keyword to the last word. */
export function statementSpan(statement: Statement): Span {
  const last = statement.words.at(-1) ?? statement.keyword;
  return spanOf(statement.keyword.line, statement.keyword.from, last.to);
}

/** The words from one to another, as they stand on the line. */
export function wordsSpan(first: Word, last: Word): Span {
  return spanOf(first.line, first.from, last.to);
}

function reportExpandedQuote(line: MappedText, from: number, report: (diagnostic: Diagnostic) => void): void {
  if (isVerbatim(line)) return;
  report({
    code: 'conf/unterminated-quote',
    severity: 'error',
    summary: 'after expansion this double quote has no partner on the line',
    span: spanOf(line, from, line.text.length),
    keepalived: 'general',
  });
}
