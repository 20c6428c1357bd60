// What a keyword table is made of. One table per block is the single source for binding, "did you mean", the
// configuration reference and the compatibility matrix: a keyword that is not in a table does not exist.
// The makers of the common kinds of keyword (numbers, words, flags, …) are in kinds.ts.
import type { Statement, Word } from './statement.js';
import type { Scope } from './scope.js';

/**
 * supported: vrrpd acts on it. ignored: it has no meaning for vrrpd. unsupported: it is read and checked, and vrrpd
 * does not act on it yet. The last two always give a diagnostic, and so does an unsupported value of a supported keyword.
 */
export type Support = 'supported' | 'ignored' | 'unsupported';

export interface KeywordFacts {
  readonly name: string;
  /** Other spellings keepalived takes, deprecated. */
  readonly aliases?: readonly string[] | undefined;
  /** The arguments as the reference shows them, e.g. `1..255` or `IFNAME`; empty for none. */
  readonly parameters: string;
  readonly default?: string | undefined;
  /** First keepalived release that has it; left out for those 2.2.7 has. */
  readonly since?: string | undefined;
  /** vrrpd's own: keepalived reports an unknown keyword. */
  readonly addition?: true | undefined;
  readonly support: Support;
  /** Of a supported keyword: words that are read and checked, and that vrrpd does not act on yet. */
  readonly unsupportedValues?: readonly string[] | undefined;
  readonly doc: string;
  /** What keepalived does when the argument is missing, where it does not exit: an error, or nothing. */
  readonly missing?: 'error' | 'nothing' | undefined;
  /** keepalived reports words after the last argument, and does not use the line. */
  readonly exact?: true | undefined;
  /** keepalived 2.2.7 reports the keyword whenever it is used, for this reason. */
  readonly complaint?: string | undefined;
}

/** Where each keyword of a block was last given: what a later check points at. */
export interface Placed {
  readonly at: Record<string, Word | undefined>;
}

/**
 * The processes of keepalived beside the VRRP process. Each steps over the blocks of the others brace by brace. An unknown
 * block inside one takes its `}`, and then they do not agree where it ends.
 */
export type Reader = 'parent' | 'checkers';

/** What matters of a keyword of the root to the processes that do not read it. */
type RootFacts = Pick<Keyword<never>, 'name' | 'parameters' | 'needs' | 'reader' | 'sharedWith'>;

/** A block that was entered: the table its lines are read by and what becomes of them. */
export interface Entered {
  readonly table: BlockFacts & { readonly index: ReadonlyMap<string, RootFacts> };
  /** Binds one statement; a nested block gives its own frame. */
  readonly bind: (scope: Scope, statement: Statement) => Outcome;
  /** The closing brace was reached, or the file ended. */
  readonly close: (() => void) | undefined;
}

/** The items of a list block, one line at a time. */
export interface ListEntered {
  item(scope: Scope, statement: Statement): void;
  /** The closing brace was reached, or the file ended. */
  close?(): void;
}

export type Outcome =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'done' }
  | { readonly kind: 'block'; readonly entered: Entered }
  | { readonly kind: 'list'; readonly entered: ListEntered }
  /** A block that keepalived steps over without reading it, or one whose lines nobody can judge. */
  | { readonly kind: 'skip' };

/** How the statement of a keyword is read. */
interface Reading<Draft> {
  /** Fewest arguments; fewer makes keepalived exit at once. */
  readonly needs: number;
  /** Most arguments that are read; the rest is ignored with a warning. */
  readonly takes: number;
  /** Given more than once without the second replacing the first. */
  readonly repeatable?: true | undefined;
  /** Reads the line as it stands: a quote without a partner anywhere on it loses all of it, and no argument is missed. */
  readonly wholeLine?: true | undefined;
  bind: (scope: Scope, draft: Draft, statement: Statement) => Outcome | undefined;
  /** Of a block at the root that keepalived's VRRP process steps over: the process that reads it. */
  readonly reader?: Reader | undefined;
  /** Of a block at the root that the VRRP process reads, and another one as well: that one. */
  readonly sharedWith?: Reader | undefined;
  /** The table of the block this keyword opens, for the reference. */
  readonly block?: (() => BlockFacts) | undefined;
}

export type Keyword<Draft> = KeywordFacts & Reading<Draft>;

/** What a table writes for a keyword; support is `supported` and parameters come from the kind unless given. */
export interface Spec extends Partial<Omit<KeywordFacts, 'name' | 'doc'>> {
  readonly name: string;
  readonly doc: string;
}

/**
 * Every keyword there is comes from here and has the same properties in the same order: there are six hundred of them, and
 * with shapes of their own they took longer to make at every start, and longer to look at on every line.
 */
export function defineKeyword<Draft>(spec: Spec, parameters: string, reading: Reading<Draft>): Keyword<Draft> {
  return {
    name: spec.name,
    aliases: spec.aliases,
    parameters: spec.parameters ?? parameters,
    default: spec.default,
    since: spec.since,
    addition: spec.addition,
    support: spec.support ?? 'supported',
    unsupportedValues: spec.unsupportedValues,
    doc: spec.doc,
    missing: spec.missing,
    exact: spec.exact,
    complaint: spec.complaint,
    needs: reading.needs,
    takes: reading.takes,
    repeatable: reading.repeatable,
    wholeLine: reading.wholeLine,
    bind: reading.bind,
    reader: reading.reader,
    sharedWith: reading.sharedWith,
    block: reading.block,
  };
}

/** A table as the reference and the suggestions see it. */
export interface BlockFacts {
  readonly name: string;
  readonly doc: string;
  readonly keywords: readonly (KeywordFacts & { readonly block?: (() => BlockFacts) | undefined })[];
}

export interface BlockTable<Draft> extends BlockFacts {
  readonly keywords: readonly Keyword<Draft>[];
  readonly index: ReadonlyMap<string, Keyword<Draft>>;
  /** The block itself was reported as not acted on: its keywords are not reported again. */
  readonly quiet: boolean;
}

/** The keywords are made when the block is met first: a file without virtual servers has no use for half of them. */
/** What the table outside of all blocks is called. */
export const ROOT_NAME = 'the configuration';

export function blockTable<Draft>(
  name: string,
  doc: string,
  make: () => readonly Keyword<Draft>[],
  support: 'each' | 'quiet' = 'each',
): BlockTable<Draft> {
  let keywords: readonly Keyword<Draft>[] | undefined;
  let index: ReadonlyMap<string, Keyword<Draft>> | undefined;
  return {
    name,
    doc,
    get keywords() {
      return (keywords ??= make());
    },
    get index() {
      return (index ??= indexOf(this.keywords));
    },
    quiet: support === 'quiet',
  };
}

function indexOf<Draft>(keywords: readonly Keyword<Draft>[]): ReadonlyMap<string, Keyword<Draft>> {
  const index = new Map<string, Keyword<Draft>>();
  for (const keyword of keywords) {
    index.set(keyword.name, keyword);
    for (const alias of keyword.aliases ?? []) index.set(alias, keyword);
  }
  return index;
}

export const DONE: Outcome = { kind: 'done' };
export const UNKNOWN: Outcome = { kind: 'unknown' };
export const SKIP: Outcome = { kind: 'skip' };
