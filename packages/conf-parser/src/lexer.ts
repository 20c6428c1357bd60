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
  for (let at = start; at < end;) {
    const kind = tokenKindAt(text, at, end);
    const next = tokenEnd(kind, text, at, end);
    tokens.push({ kind, start: at, end: next });
    at = next;
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

/** What starts at an offset of a line that ends at `end`; never a line feed. */
export function tokenKindAt(text: string, at: number, end: number): TokenKind {
  const code = text.charCodeAt(at);
  if (!mayEndWord(code)) return 'word';
  if (isBlank(code)) return 'blank';
  if (code === OPEN) return 'open';
  if (code === CLOSE) return 'close';
  if (code === QUOTE) return 'string';
  return startsComment(text, at, end) ? 'comment' : 'word';
}

/** Where the token of this kind ends that starts at `start` of a line that ends at `end`. */
export function tokenEnd(kind: TokenKind, text: string, start: number, end: number): number {
  switch (kind) {
    case 'word':
      return endOfWord(text, start, end);
    case 'blank':
      return endOfBlanks(text, start, end);
    case 'string': {
      const closing = text.indexOf('"', start + 1);
      return closing === -1 || closing >= end ? end : closing + 1;
    }
    case 'comment':
      return end;
    default:
      return start + 1;
  }
}

function endOfWord(text: string, start: number, end: number): number {
  let at = start + 1;
  while (at < end && !(mayEndWord(text.charCodeAt(at)) && tokenKindAt(text, at, end) !== 'word')) at += 1;
  return at;
}

function endOfBlanks(text: string, start: number, end: number): number {
  let at = start + 1;
  while (at < end && isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

/** False for letters, digits and most other characters, which are the bulk of a file: one look at a table. */
function mayEndWord(code: number): boolean {
  return code < WORD_ENDS.length && WORD_ENDS[code] === 1;
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

const QUOTE = 0x22;
const HASH = 0x23;
const BANG = 0x21;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const BACKSLASH = 0x5c;

const WORD_ENDS = new Uint8Array(128);
for (const character of '\t\n\v\f\r "#!{}\\') WORD_ENDS[character.charCodeAt(0)] = 1;
