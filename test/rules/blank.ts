// Replaces comments and literals of TypeScript or C++ source by spaces, so that rules see only code. Lines keep their numbers.
// A lexer, not a parser: it knows quotes, template strings, comments and regular expressions, nothing else.

export type Blanked = 'comments' | 'comments-and-strings';

/** Words after which a slash starts a regular expression, as it does after an operator. */
const BEFORE_REGEXP = /(?:^|[=(,:;!&|?{}[+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|throw))\s*$/;

/** Text of the same length and the same line breaks. The text of `${…}` inside a template string is code and stays. */
export function blank(source: string, what: Blanked): string {
  const out: string[] = [];
  /** For each open template expression, how many plain braces are open inside it. */
  const templates: number[] = [];
  let at = 0;
  const emit = (end: number, hide: boolean): void => {
    const text = source.slice(at, end);
    out.push(hide ? text.replaceAll(/[^\n]/g, ' ') : text);
    at = end;
  };
  const hideStrings = what === 'comments-and-strings';
  while (at < source.length) {
    const character = source.charAt(at);
    const pair = source.slice(at, at + 2);
    if (pair === '//' || (at === 0 && pair === '#!')) emit(lineEnd(source, at), true);
    else if (pair === '/*') emit(after(source, '*/', at + 2), true);
    else if (character === "'" || character === '"') emit(quotedEnd(source, at + 1, character), hideStrings);
    else if (character === '`') emit(templateEnd(source, at + 1, templates), hideStrings);
    else if (character === '/' && BEFORE_REGEXP.test(tail(out))) emit(regexpEnd(source, at + 1), hideStrings);
    else if (character === '}' && templates.at(-1) === 0) {
      templates.pop();
      emit(templateEnd(source, at + 1, templates), hideStrings);
    } else {
      countBrace(character, templates);
      emit(at + 1, false);
    }
  }
  return out.join('');
}

function tail(out: readonly string[]): string {
  return out.slice(-40).join('').slice(-40);
}

function countBrace(character: string, templates: number[]): void {
  const depth = templates.at(-1);
  if (depth === undefined) return;
  if (character === '{') templates[templates.length - 1] = depth + 1;
  if (character === '}') templates[templates.length - 1] = depth - 1;
}

function lineEnd(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end < 0 ? source.length : end;
}

function after(source: string, mark: string, from: number): number {
  const end = source.indexOf(mark, from);
  return end < 0 ? source.length : end + mark.length;
}

function quotedEnd(source: string, from: number, quote: string): number {
  for (let at = from; at < source.length; at++) {
    const character = source.charAt(at);
    if (character === '\\') at++;
    else if (character === quote) return at + 1;
    else if (character === '\n') return at;
  }
  return source.length;
}

/** The end of the template string, or of the part before its next `${`, which is then pushed as open. */
function templateEnd(source: string, from: number, templates: number[]): number {
  for (let at = from; at < source.length; at++) {
    const character = source.charAt(at);
    if (character === '\\') at++;
    else if (character === '`') return at + 1;
    else if (character === '$' && source.charAt(at + 1) === '{') {
      templates.push(0);
      return at + 2;
    }
  }
  return source.length;
}

function regexpEnd(source: string, from: number): number {
  let inClass = false;
  for (let at = from; at < source.length; at++) {
    const character = source.charAt(at);
    if (character === '\\') at++;
    else if (character === '[') inClass = true;
    else if (character === ']') inClass = false;
    else if (character === '/' && !inClass) return at + 1;
    else if (character === '\n') return at;
  }
  return source.length;
}
