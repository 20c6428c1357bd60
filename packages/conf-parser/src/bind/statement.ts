// Expanded lines to items: statements of words, and the braces between them, which keepalived splits off wherever they
// stand outside double quotes. A statement keeps its line, so that script keywords can read it again in their own way.
import type { Diagnostic } from '../diagnostic.js';
import type { MappedText } from '../expand/mapped-text.js';
import { isVerbatim, spanOf } from '../expand/mapped-text.js';
import { isBlank, isUnterminated, lexLine } from '../lexer.js';
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
  // Most lines are words and nothing else.
  if (!NOT_PLAIN.test(line.text)) return plainStatement(line);
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

function plainStatement(line: MappedText): readonly Item[] {
  const { text } = line;
  let keyword: Word | undefined;
  const words: Word[] = [];
  for (let at = 0; at < text.length;) {
    if (isBlank(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    const from = at;
    while (at < text.length && !isBlank(text.charCodeAt(at))) at += 1;
    const word = { text: text.slice(from, at), quoted: false, line, from, to: at };
    if (keyword === undefined) keyword = word;
    else words.push(word);
  }
  return keyword === undefined ? [] : [{ kind: 'statement', keyword, words }];
}

const NOT_PLAIN = /["{}#!]/;

export function wordSpan(word: Word): Span {
  return spanOf(word.line, word.from, word.to);
}

export function braceSpan(brace: Brace): Span {
  return spanOf(brace.line, brace.at, brace.at + 1);
}

/** Whether a double quote without a partner cuts the line off behind the keyword. */
export function isCutOff({ keyword: { line, to } }: Statement): boolean {
  const last = lexLine(line.text, to).at(-1);
  return last !== undefined && isUnterminated(line.text, last);
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
