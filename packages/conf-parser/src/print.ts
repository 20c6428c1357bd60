// A syntax tree back to its text: printCst(parseCst(path, text)) === text for every string.
// It prints tokens and nothing else; layout is format.ts.
import type { Token } from './lexer.js';
import type { CstFile } from './parser.js';

export function printCst(file: CstFile): string {
  const parts: string[] = [];
  for (const token of tokensOf(file)) parts.push(file.text.slice(token.start, token.end));
  return parts.join('');
}

/** Every token of the tree in the order of the text. Walks with a stack of its own: nesting may be as deep as the file is long. */
export function* tokensOf(file: CstFile): Generator<Token> {
  const stack: { nodes: CstFile['nodes']; next: number; close: Token | undefined }[] = [
    { nodes: file.nodes, next: 0, close: undefined },
  ];
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const node = frame.nodes[frame.next];
    if (node === undefined) {
      if (frame.close !== undefined) yield frame.close;
      stack.pop();
      continue;
    }
    frame.next += 1;
    if (node.kind === 'line') {
      yield* node.tokens;
      continue;
    }
    yield* node.header;
    yield node.open;
    stack.push({ nodes: node.children, next: 0, close: node.close });
  }
}
