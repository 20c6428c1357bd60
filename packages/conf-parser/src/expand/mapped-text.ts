// Text that remembers where every part of it came from, so that a diagnostic points into the file however many
// definitions and sequences stand between the file and the word at fault. Pure string pieces; no keepalived rules.
import type { Expansion, SourceFile, Span } from '../source.js';

/** One part of a mapped text: from `at` to the next piece. */
export interface Piece {
  readonly at: number;
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
  /** Character for character the file's text; otherwise all of it stands for the range start..end. */
  readonly verbatim: boolean;
  readonly expansion: Expansion | undefined;
}

/** A line as it stands in its file, which nearly all are, or one put together from pieces. */
export type MappedText =
  | {
      readonly kind: 'verbatim';
      readonly text: string;
      readonly file: SourceFile;
      readonly start: number;
      /** Words and blanks and no more: no quote, comment, brace, backslash, definition, condition or sequence. */
      readonly plain: boolean;
    }
  | { readonly kind: 'pieced'; readonly text: string; readonly pieces: readonly Piece[] };

/** A range of a file as it stands. */
export function fromSource(file: SourceFile, start: number, end: number, plain: boolean): MappedText {
  return { kind: 'verbatim', text: file.text.slice(start, end), file, start, plain };
}

/** Whether it is known that there are words and blanks only; see {@link MappedText}. */
export function isPlain(mapped: MappedText): boolean {
  return mapped.kind === 'verbatim' && mapped.plain;
}

/** Text that is nowhere in a file: the value of a sequence variable, until it is put in its place. */
export function withoutSource(text: string): MappedText {
  return { kind: 'pieced', text, pieces: [] };
}

/** `text` standing for the source that `place` came from; no expansion for what has no definition to point to. */
export function inPlaceOf(place: MappedText, text: string, expansion: Expansion | undefined): MappedText {
  const file = fileOf(place);
  if (file === undefined) return withoutSource(text);
  const span = spanOf(place, 0, place.text.length);
  const { start, end } = span;
  const piece = { at: 0, file, start, end, verbatim: false, expansion: expansion ?? span.expansion };
  return { kind: 'pieced', text, pieces: [piece] };
}

export function sliceMapped(mapped: MappedText, from: number, to = mapped.text.length): MappedText {
  if (from === 0 && to === mapped.text.length) return mapped;
  const text = mapped.text.slice(from, to);
  if (mapped.kind === 'verbatim') return { ...mapped, text, start: mapped.start + from };
  const pieces: Piece[] = [];
  mapped.pieces.forEach((piece, index) => {
    const pieceEnd = mapped.pieces[index + 1]?.at ?? mapped.text.length;
    if (pieceEnd <= from || piece.at >= to) return;
    const skipped = Math.max(0, from - piece.at);
    const start = piece.verbatim ? piece.start + skipped : piece.start;
    pieces.push({ ...piece, at: Math.max(0, piece.at - from), start });
  });
  if (pieces.length > 0) return { kind: 'pieced', text, pieces };
  const piece = pieceAt(mapped.pieces, from);
  return { kind: 'pieced', text, pieces: piece === undefined ? [] : [{ ...piece, at: 0 }] };
}

export function concatMapped(parts: readonly MappedText[]): MappedText {
  const pieces: Piece[] = [];
  let text = '';
  for (const part of parts) {
    for (const piece of piecesOf(part)) {
      // An empty part before this one left a piece that covers nothing.
      if (pieces.at(-1)?.at === piece.at + text.length) pieces.pop();
      pieces.push({ ...piece, at: piece.at + text.length });
    }
    text += part.text;
  }
  return { kind: 'pieced', text, pieces };
}

/** The place in a file that `from`..`to` of the mapped text came from. */
export function spanOf(mapped: MappedText, from: number, to: number): Span {
  if (mapped.kind === 'verbatim') {
    return { file: mapped.file.path, start: mapped.start + from, end: mapped.start + Math.max(from, to) };
  }
  const first = pieceAt(mapped.pieces, from);
  if (first === undefined) return { file: '', start: 0, end: 0 };
  const last = pieceAt(mapped.pieces, Math.max(from, to - 1)) ?? first;
  const start = first.verbatim ? first.start + (from - first.at) : first.start;
  const end = last.verbatim ? last.start + (to - last.at) : last.end;
  const span = { file: first.file.path, start, end: last.file === first.file ? Math.max(start, end) : first.end };
  const expansion = first.expansion ?? last.expansion;
  return expansion === undefined ? span : { ...span, expansion };
}

/** The file that the start of the text came from. */
export function fileOf(mapped: MappedText): SourceFile | undefined {
  return mapped.kind === 'verbatim' ? mapped.file : mapped.pieces[0]?.file;
}

/** Whether all of it stands in a file as it is here. */
export function isVerbatim(mapped: MappedText): boolean {
  return mapped.kind === 'verbatim' || mapped.pieces.every((piece) => piece.verbatim);
}

function piecesOf(mapped: MappedText): readonly Piece[] {
  if (mapped.kind === 'pieced') return mapped.pieces;
  const { file, start, text } = mapped;
  return [{ at: 0, file, start, end: start + text.length, verbatim: true, expansion: undefined }];
}

function pieceAt(pieces: readonly Piece[], offset: number): Piece | undefined {
  let found = pieces[0];
  for (const piece of pieces) {
    if (piece.at > offset) break;
    found = piece;
  }
  return found;
}
