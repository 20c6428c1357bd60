// Text to a lossless syntax tree: every character of the file is in exactly one token, broken files included.
// Blocks nest as the braces in this file do; what the words mean, includes and definitions are for later stages.
// An unmatched `}` stays a statement of its own, a block without `}` ends with the file.
import { lexFile } from './lexer.js';
import type { Token } from './lexer.js';
import { createSourceFile } from './source.js';
import type { SourceFile } from './source.js';

/** A line's worth of tokens that opens no block: a statement, a blank line, a comment, or a stray brace. */
export interface CstLine {
  readonly kind: 'line';
  readonly tokens: readonly Token[];
}

/** A block: what stands before `{` on its line (may be empty), what is inside, and the closing brace if there is one. */
export interface CstBlock {
  readonly kind: 'block';
  readonly header: readonly Token[];
  readonly open: Token;
  readonly children: readonly CstNode[];
  readonly close: Token | undefined;
}

export type CstNode = CstLine | CstBlock;

export interface CstFile extends SourceFile {
  readonly nodes: readonly CstNode[];
}

interface OpenBlock {
  readonly header: readonly Token[];
  readonly open: Token;
  readonly children: CstNode[];
}

/** Total: any text has a tree, and {@link printCst} gives the text back. */
export function parseCst(path: string, text: string): CstFile {
  const roots: CstNode[] = [];
  const stack: OpenBlock[] = [];
  let pending: Token[] = [];
  const children = (): CstNode[] => stack.at(-1)?.children ?? roots;
  const flush = (): void => {
    if (pending.length > 0) children().push({ kind: 'line', tokens: pending });
    pending = [];
  };
  for (const token of lexFile(text)) {
    if (token.kind === 'open') {
      stack.push({ header: pending, open: token, children: [] });
      pending = [];
    } else if (token.kind === 'close' && stack.length > 0) {
      flush();
      closeBlock(stack, roots, token);
    } else {
      pending.push(token);
      if (token.kind === 'newline') flush();
    }
  }
  flush();
  while (stack.length > 0) closeBlock(stack, roots, undefined);
  return { ...createSourceFile(path, text), nodes: roots };
}

function closeBlock(stack: OpenBlock[], roots: CstNode[], close: Token | undefined): void {
  const block = stack.pop();
  if (block === undefined) return;
  (stack.at(-1)?.children ?? roots).push({ kind: 'block', ...block, close });
}
