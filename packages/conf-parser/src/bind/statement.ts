// Expanded lines to items: statements of words, and the braces between them, which keepalived splits off wherever they
// stand outside double quotes. A statement keeps its line, so that script keywords can read it again in their own way.
import type { Diagnostic } from '../diagnostic.js';
import type { MappedText } from '../expand/mapped-text.js';
import { isVerbatim, spanOf } from '../expand/mapped-text.js';
import { isUnterminated, lexLine } from '../lexer.js';
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

export function itemsOf(line: MappedText, report: (diagnostic: Diagnostic) => void): readonly Item[] {
  const items: Item[] = [];
  let words: Word[] = [];
  const flush = (): void => {
    const [keyword, ...rest] = words;
    if (keyword !== undefined) items.push({ kind: 'statement', keyword, words: rest });
    words = [];
  };
  for (const token of lexLine(line.text)) {
    if (token.kind === 'open' || token.kind === 'close') {
      flush();
      items.push({ kind: token.kind, line, at: token.start });
    } else if (token.kind === 'word') {
      words.push({
        text: line.text.slice(token.start, token.end),
        quoted: false,
        line,
        from: token.start,
        to: token.end,
      });
    } else if (token.kind === 'string') {
      // What follows a quote without a partner is lost (the line itself was reported when it was read).
      if (isUnterminated(line.text, token)) reportExpandedQuote(line, token.start, report);
      else {
        const text = line.text.slice(token.start + 1, token.end - 1);
        words.push({ text, quoted: true, line, from: token.start, to: token.end });
      }
    }
  }
  flush();
  return items;
}

export function wordSpan(word: Word): Span {
  return spanOf(word.line, word.from, word.to);
}

export function braceSpan(brace: Brace): Span {
  return spanOf(brace.line, brace.at, brace.at + 1);
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
