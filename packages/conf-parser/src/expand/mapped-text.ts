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

export interface MappedText {
  readonly text: string;
  readonly pieces: readonly Piece[];
}

/** A range of a file as it stands. */
export function fromSource(file: SourceFile, start: number, end: number): MappedText {
  return {
    text: file.text.slice(start, end),
    pieces: [{ at: 0, file, start, end, verbatim: true, expansion: undefined }],
  };
}

/** `text` standing for the source that `place` came from; no expansion for what has no definition to point to. */
export function inPlaceOf(place: MappedText, text: string, expansion: Expansion | undefined): MappedText {
  const first = place.pieces[0];
  const span = spanOf(place, 0, place.text.length);
  if (first === undefined) return { text, pieces: [] };
  return {
    text,
    pieces: [
      {
        at: 0,
        file: first.file,
        start: span.start,
        end: span.end,
        verbatim: false,
        expansion: expansion ?? span.expansion,
      },
    ],
  };
}

export function sliceMapped(mapped: MappedText, from: number, to = mapped.text.length): MappedText {
  if (from === 0 && to === mapped.text.length) return mapped;
  const pieces: Piece[] = [];
  mapped.pieces.forEach((piece, index) => {
    const pieceEnd = mapped.pieces[index + 1]?.at ?? mapped.text.length;
    if (pieceEnd <= from || piece.at >= to) return;
    const skipped = Math.max(0, from - piece.at);
    const start = piece.verbatim ? piece.start + skipped : piece.start;
    pieces.push({ ...piece, at: Math.max(0, piece.at - from), start });
  });
  return { text: mapped.text.slice(from, to), pieces: pieces.length > 0 ? pieces : emptyAt(mapped, from) };
}

export function concatMapped(parts: readonly MappedText[]): MappedText {
  const pieces: Piece[] = [];
  let text = '';
  for (const part of parts) {
    for (const piece of part.pieces) pieces.push({ ...piece, at: piece.at + text.length });
    text += part.text;
  }
  return {
    text,
    pieces: pieces.length > 1 ? pieces.filter((piece, index) => pieces[index + 1]?.at !== piece.at) : pieces,
  };
}

/** The place in a file that `from`..`to` of the mapped text came from. */
export function spanOf(mapped: MappedText, from: number, to: number): Span {
  const first = pieceAt(mapped, from);
  if (first === undefined) return { file: '', start: 0, end: 0 };
  const last = pieceAt(mapped, Math.max(from, to - 1)) ?? first;
  const start = first.verbatim ? first.start + (from - first.at) : first.start;
  const end = last.verbatim ? last.start + (to - last.at) : last.end;
  const span = { file: first.file.path, start, end: last.file === first.file ? Math.max(start, end) : first.end };
  const expansion = first.expansion ?? last.expansion;
  return expansion === undefined ? span : { ...span, expansion };
}

function pieceAt(mapped: MappedText, offset: number): Piece | undefined {
  let found = mapped.pieces[0];
  for (const piece of mapped.pieces) {
    if (piece.at > offset) break;
    found = piece;
  }
  return found;
}

function emptyAt(mapped: MappedText, offset: number): readonly Piece[] {
  const piece = pieceAt(mapped, offset);
  return piece === undefined ? [] : [{ ...piece, at: 0 }];
}
