// `$NAME=text` definitions and their use (keepalived.conf(5), "PARAMETER SUBSTITUTION"): one table for the whole
// configuration, visible from the line of the definition on, across includes. Values are mapped text.
// Reading the lines that make up a definition of several lines is the expander's work.
import type { Expansion, Span } from '../source.js';
import { concatMapped, inPlaceOf, sliceMapped } from './mapped-text.js';
import type { MappedText } from './mapped-text.js';

/** One line, or several: a definition whose lines ended in `\`. */
export interface Definition {
  readonly name: string;
  readonly lines: readonly MappedText[];
  readonly span: Span;
}

export type Definitions = Map<string, Definition>;

/** The value of a name that keepalived defines itself (`_PWD`, `_INSTANCE`, …), or undefined when it is not one. */
export type Predefined = (name: string, argument: string) => string | undefined;

export interface Substitution {
  readonly line: MappedText;
  /** The further lines, when the line ended in the name of a definition of several lines. */
  readonly following: readonly MappedText[];
  readonly changed: boolean;
}

/** The name and the value of a `$NAME=value` line, as offsets into it, or undefined when it is none. */
export function matchDefinition(text: string): { readonly name: string; readonly valueStart: number } | undefined {
  const match = DEFINITION.exec(text);
  const name = match?.[1];
  return match === null || name === undefined ? undefined : { name, valueStart: match[0].length };
}

/** Replaces each name once; unknown names stay as they are. */
export function substitute(line: MappedText, definitions: Definitions, predefined: Predefined): Substitution {
  const parts: MappedText[] = [];
  let copied = 0;
  let following: readonly MappedText[] = [];
  for (const use of line.text.matchAll(USE)) {
    const end = use.index + use[0].length;
    const value = valueOf(line, use, end === line.text.length, definitions, predefined);
    if (value === undefined) continue;
    parts.push(sliceMapped(line, copied, use.index), value.first);
    following = value.following;
    copied = end;
  }
  if (copied === 0) return { line, following: [], changed: false };
  if (copied < line.text.length) parts.push(sliceMapped(line, copied));
  return { line: concatMapped(parts), following, changed: true };
}

interface Value {
  readonly first: MappedText;
  readonly following: readonly MappedText[];
}

function valueOf(
  line: MappedText,
  use: RegExpExecArray,
  last: boolean,
  definitions: Definitions,
  predefined: Predefined,
): Value | undefined {
  const name = use[1] ?? use[3] ?? '';
  const place = sliceMapped(line, use.index, use.index + use[0].length);
  const definition = definitions.get(name);
  if (definition === undefined) {
    const value = name.startsWith('_') ? predefined(name, (use[2] ?? '').trim()) : undefined;
    return value === undefined ? undefined : { first: inPlaceOf(place, value, undefined), following: [] };
  }
  const expansion: Expansion = { name, definedAt: definition.span };
  const lines = definition.lines.map((part) => inPlaceOf(place, part.text, expansion));
  // A definition of several lines is replaced only where nothing follows it.
  if (lines.length > 1 && !last) return undefined;
  return { first: lines[0] ?? inPlaceOf(place, '', expansion), following: lines.slice(1) };
}

const DEFINITION = /^\$([A-Za-z_][A-Za-z0-9_]*)=[ \t]*/;
/** `${NAME}`, `${NAME ARGUMENTS}` (only predefined names take any), or `$NAME` before a blank, `,`, `)` or the end. */
const USE = /\$\{([A-Za-z_][A-Za-z0-9_]*)((?:[ \t][^{}]*)?)\}|\$([A-Za-z_][A-Za-z0-9_]*)(?=[ \t,)]|$)/g;
