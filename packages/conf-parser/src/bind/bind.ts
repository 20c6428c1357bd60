// Items to a configuration draft, by the keyword tables: a stack of the blocks that are open, as keepalived keeps it.
// Structure recovers as keepalived's does (keepalived.conf grammar, "Errors and structure recovery"): an unknown
// keyword's block is read in the block around it, and its `}` closes that one.
import { suggestFor } from '../suggest.js';
import type { Entered, ListEntered, Outcome, Reader } from './keyword.js';
import { finding } from './scope.js';
import type { Scope } from './scope.js';
import { braceSpan, statementSpan, wordSpan, wordsSpan } from './statement.js';
import type { Brace, Item, Statement, Word } from './statement.js';

type Frame =
  | {
      readonly kind: 'block';
      readonly entered: Entered;
      readonly opener: Word | undefined;
      /** Of a block that another process of keepalived reads: the braces open around it. */
      readonly around?: number;
    }
  | { readonly kind: 'list'; readonly entered: ListEntered; readonly opener: Word }
  /** Stepped over: braces are counted and nothing else. */
  | { readonly kind: 'skip'; readonly opener: Word; depth: number };

interface Opening {
  readonly outcome: Exclude<Outcome, { kind: 'unknown' | 'done' }>;
  readonly statement: Statement;
  readonly reader: Reader | undefined;
}

export interface Binder {
  readonly item: (item: Item) => void;
  /** The configuration ends here. */
  end(): void;
}

export function createBinder(root: Entered, scope: Scope): Binder {
  const state: State = {
    scope,
    frames: [{ kind: 'block', entered: root, opener: undefined }],
    opening: undefined,
    depth: 0,
    steppingOver: { parent: NOWHERE, checkers: NOWHERE },
  };
  return { item: (item) => takeItem(state, item), end: () => finish(state) };
}

interface State {
  readonly scope: Scope;
  readonly frames: Frame[];
  /** A block keyword was read and its `{` has not come yet. */
  opening: Opening | undefined;
  /** Braces open in the text, whatever they opened. */
  depth: number;
  /** How many braces are open around the block that a process of keepalived steps over now. */
  readonly steppingOver: Record<Reader, number>;
}

/** Stepping over nothing. */
const NOWHERE = Infinity;

function takeItem(state: State, item: Item): void {
  const top = state.frames.at(-1);
  if (top?.kind === 'skip') {
    skipItem(state, top, item);
    return;
  }
  if (item.kind === 'open') openBrace(state, item);
  else {
    if (state.opening !== undefined) enter(state, state.opening, false);
    if (item.kind === 'statement') takeStatement(state, item);
    else closeBrace(state, item);
  }
}

function takeStatement(state: State, statement: Statement): void {
  const top = state.frames.at(-1);
  if (top === undefined || top.kind === 'skip') return;
  if (state.frames.length > 1) missedByCheckers(state, statement);
  if (top.kind === 'list') {
    top.entered.item(state.scope, statement);
    return;
  }
  const { keyword } = statement;
  // Only the root has blocks of other processes.
  const reader = state.frames.length === 1 ? top.entered.table.index.get(keyword.text)?.reader : undefined;
  if (reader !== undefined && state.steppingOver[reader] !== NOWHERE) {
    finding(
      state.scope,
      'conf/unread-block',
      wordSpan(keyword),
      `${keyword.text} stands inside a block: it is not read`,
      {
        detail: 'By its braces an earlier block is not closed here yet.',
        keepalived: 'none',
      },
    );
    state.opening = { outcome: { kind: 'skip' }, statement, reader };
    return;
  }
  const outcome = top.entered.bind(state.scope, statement);
  if (outcome.kind === 'unknown') reportUnknown(state, top.entered, keyword);
  else if (outcome.kind !== 'done') state.opening = { outcome, statement, reader };
}

/**
 * A `{` too few: by its braces the block is over, and the checkers' process, which stepped over it, reads on at the root.
 * COMPAT: there a keyword that it knows without the argument that it needs ends a configuration test at once.
 */
function missedByCheckers(state: State, statement: Statement): void {
  if (state.steppingOver.checkers !== NOWHERE) return;
  const [root, block] = state.frames;
  if (root?.kind !== 'block' || block?.opener === undefined) return;
  const { index } = root.entered.table;
  if (index.get(block.opener.text)?.reader === 'checkers') return;
  const keyword = index.get(statement.keyword.text);
  if (keyword === undefined || statement.words.length >= keyword.needs) return;
  if (keyword.reader !== 'checkers' && keyword.sharedWith !== 'checkers') return;
  finding(
    state.scope,
    'conf/missing-argument',
    statementSpan(statement),
    `${keyword.name} outside of a block needs an argument: ${keyword.parameters}`,
    {
      detail: `By its braces the block of ${block.opener.text} is closed here already: a { is missing above.`,
      // Its VRRP process, and so vrrpd, runs the rest all the same.
      keepalived: 'missing-parameter-later',
    },
  );
}

function openBrace(state: State, brace: Brace): void {
  state.depth += 1;
  if (state.opening !== undefined) {
    enter(state, state.opening, true);
    return;
  }
  finding(state.scope, 'conf/unexpected-brace', braceSpan(brace), 'this { opens no block', {
    detail: 'It is ignored, so the } that belongs to it closes the block around it.',
  });
}

function closeBrace(state: State, brace: Brace): void {
  const frame = state.frames.at(-1);
  leaveBrace(state);
  if (state.frames.length === 1 || frame === undefined) {
    if (state.depth < 0) {
      state.depth = 0;
      finding(state.scope, 'conf/extra-closing-brace', braceSpan(brace), 'this } closes no block');
    } else {
      finding(
        state.scope,
        'conf/extra-closing-brace',
        braceSpan(brace),
        'the block this } belongs to was not read as a block',
      );
    }
    return;
  }
  if (state.depth < 0) {
    state.depth = 0;
    finding(state.scope, 'conf/extra-closing-brace', braceSpan(brace), 'there are more } than { up to here');
  }
  state.frames.pop();
  if (frame.kind === 'skip') return;
  frame.entered.close?.();
  // An unknown block inside has ended this one early; the VRRP process goes on stepping over it up to its own brace.
  if (
    frame.kind === 'block' &&
    frame.around !== undefined &&
    frame.opener !== undefined &&
    state.depth > frame.around
  ) {
    state.frames.push({ kind: 'skip', opener: frame.opener, depth: state.depth - frame.around });
  }
}

function leaveBrace(state: State): void {
  state.depth -= 1;
  for (const reader of READERS) if (state.depth <= state.steppingOver[reader]) state.steppingOver[reader] = NOWHERE;
}

function enter(state: State, opening: Opening, braced: boolean): void {
  const { outcome, statement } = opening;
  state.opening = undefined;
  const opener = statement.keyword;
  if (braced && state.frames.length === 1) stepOver(state, opening.reader);
  if (outcome.kind === 'list') {
    state.frames.push({ kind: 'list', entered: outcome.entered, opener });
    if (!braced) reportUnbracedList(state.scope, opening);
    return;
  }
  if (!braced) {
    finding(state.scope, 'conf/missing-opening-brace', statementSpan(statement), `${opener.text} has no {`, {
      detail: 'The lines that follow are read as the content of the block.',
    });
  }
  if (outcome.kind === 'skip') state.frames.push({ kind: 'skip', opener, depth: 1 });
  else {
    const around = opening.reader !== undefined && braced ? { around: state.depth - 1 } : {};
    state.frames.push({ kind: 'block', entered: outcome.entered, opener, ...around });
  }
}

function reportUnbracedList(scope: Scope, { statement, reader }: Opening): void {
  const { keyword } = statement;
  const ends = reader === 'checkers';
  finding(scope, 'conf/missing-opening-brace', wordSpan(keyword), `${keyword.text} has no {`, {
    detail: ends
      ? 'A configuration test of keepalived ends at the next line.'
      : 'keepalived logs this and reads the lines up to the next } as its items.',
    ...(ends ? { keepalived: 'missing-parameter-later' } : { severity: 'warning' }),
  });
}

/** The processes that do not read this block at the root step over it, if they do not step over another one still. */
function stepOver(state: State, reader: Reader | undefined): void {
  for (const other of READERS) {
    if (other !== reader && state.steppingOver[other] === NOWHERE) state.steppingOver[other] = state.depth - 1;
  }
}

const READERS: readonly Reader[] = ['parent', 'checkers'];

function skipItem(state: State, frame: Frame & { kind: 'skip' }, item: Item): void {
  if (item.kind === 'open') {
    frame.depth += 1;
    state.depth += 1;
  } else if (item.kind === 'close') {
    frame.depth -= 1;
    leaveBrace(state);
    if (frame.depth === 0) state.frames.pop();
  }
}

function finish(state: State): void {
  if (state.opening !== undefined) enterUnopened(state, state.opening);
  for (const frame of state.frames.splice(1).reverse()) {
    if (frame.kind !== 'skip') frame.entered.close?.();
    if (frame.opener === undefined) continue;
    // COMPAT: keepalived counts braces, not blocks: one } too few is hidden by one { too few.
    finding(
      state.scope,
      'conf/missing-closing-brace',
      wordSpan(frame.opener),
      `the block of ${frame.opener.text} is not closed`,
      {
        keepalived: state.depth > 0 ? 'general' : 'none',
      },
    );
  }
}

/** A block keyword was the last thing of the file: keepalived takes it for an empty block. */
function enterUnopened(state: State, opening: Opening): void {
  const { outcome, statement } = opening;
  finding(state.scope, 'conf/missing-opening-brace', statementSpan(statement), `${statement.keyword.text} has no {`, {
    severity: 'warning',
  });
  state.opening = undefined;
  if (outcome.kind !== 'skip') outcome.entered.close?.();
}

function reportUnknown(state: State, { table }: Entered, word: Word): void {
  const span = wordSpan(word);
  finding(state.scope, 'conf/unknown-keyword', span, `${JSON.stringify(word.text)} is no keyword of ${table.name}`, {
    suggestion: suggestFor(state.scope, span, word.text, table.index.keys()),
    ...(word.text === '\\' ? { detail: BACKSLASH } : {}),
  });
}

/** Words between a block keyword (and its name) and the `{`: keepalived calls them extra parameters. */
export function reportExtraParameters(scope: Scope, statement: Statement, used: number): void {
  const first = statement.words[used];
  const last = statement.words.at(-1);
  if (first === undefined || last === undefined) return;
  finding(
    scope,
    'conf/extra-words',
    wordsSpan(first, last),
    `${statement.keyword.text} takes no more words before its {`,
    {
      severity: 'error',
    },
  );
}

const BACKSLASH =
  'A backslash at the end of a line is read even where a comment hides the rest of the line: remove it.';
