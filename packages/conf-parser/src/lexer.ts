// Cuts a line of keepalived.conf into tokens that cover it without a gap (keepalived.conf(5), "COMMENTS" and "QUOTES").
// It knows comments, double quotes and braces; it knows nothing of definitions, includes or keywords.
// The same lexer reads lines as they stand in the file and lines that definitions have been put into.

export type TokenKind = 'blank' | 'newline' | 'word' | 'string' | 'open' | 'close' | 'comment';

/** `start` and `end` are offsets into the text that was lexed. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

/** True for a string token whose closing quote is missing. */
export function isUnterminated(text: string, token: Token): boolean {
  return token.kind === 'string' && (token.end - token.start < 2 || text.charCodeAt(token.end - 1) !== QUOTE);
}

/** The tokens of one line: `text` from `start` up to `end`, in which there is no line feed. */
export function lexLine(text: string, start = 0, end = text.length): Token[] {
  const tokens: Token[] = [];
  let at = start;
  while (at < end) {
    const token = nextToken(text, at, end);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

/** The tokens of a whole file, line feeds included. */
export function lexFile(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const feed = text.indexOf('\n', at);
    const end = feed === -1 ? text.length : feed;
    for (const token of lexLine(text, at, end)) tokens.push(token);
    if (feed !== -1) tokens.push({ kind: 'newline', start: feed, end: feed + 1 });
    at = end + 1;
  }
  return tokens;
}

/** Where the comment of a line starts, or `end` when it has none. Only double quotes protect the comment signs. */
export function commentStart(text: string, start = 0, end = text.length): number {
  let quoted = false;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) quoted = !quoted;
    else if (!quoted && startsComment(text, at, end)) return at;
  }
  return end;
}

/** Blank as keepalived splits words: space, tab, form feed, carriage return, vertical tab. */
export function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

function nextToken(text: string, start: number, end: number): Token {
  const code = text.charCodeAt(start);
  if (isBlank(code)) return { kind: 'blank', start, end: scan(text, start + 1, end, isBlank) };
  if (code === OPEN) return { kind: 'open', start, end: start + 1 };
  if (code === CLOSE) return { kind: 'close', start, end: start + 1 };
  if (code === QUOTE) {
    const closing = text.indexOf('"', start + 1);
    return { kind: 'string', start, end: closing === -1 || closing >= end ? end : closing + 1 };
  }
  if (startsComment(text, start, end)) return { kind: 'comment', start, end };
  let at = start + 1;
  while (at < end && !endsWord(text, at, end)) at += 1;
  return { kind: 'word', start, end: at };
}

function endsWord(text: string, at: number, end: number): boolean {
  const code = text.charCodeAt(at);
  return isBlank(code) || code === QUOTE || code === OPEN || code === CLOSE || startsComment(text, at, end);
}

// COMPAT: keepalived 2.2.7 unescapes `\#` and `\!` and then looks for comments a second time, so the backslash
// hides nothing: `auth_pass a\#b` is the password `a`.
function startsComment(text: string, at: number, end: number): boolean {
  const code = text.charCodeAt(at);
  if (code === HASH || code === BANG) return true;
  if (code !== BACKSLASH || at + 1 >= end) return false;
  const next = text.charCodeAt(at + 1);
  return next === HASH || next === BANG;
}

function scan(text: string, from: number, end: number, accept: (code: number) => boolean): number {
  let at = from;
  while (at < end && accept(text.charCodeAt(at))) at += 1;
  return at;
}

const QUOTE = 0x22;
const HASH = 0x23;
const BANG = 0x21;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const BACKSLASH = 0x5c;
