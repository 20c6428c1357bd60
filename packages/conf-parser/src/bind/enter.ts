// A keyword table put to work on one draft: looks the keyword up, checks how many words it has, says when vrrpd does
// not act on it, remembers where it stood, and calls its binding.
import { DONE, SKIP, UNKNOWN } from './keyword.js';
import { ROOT_NAME } from './keyword.js';
import type { BlockTable, Entered, Keyword, Outcome, Placed } from './keyword.js';
import { finding } from './scope.js';
import type { Scope } from './scope.js';
import { isCutOff, statementSpan, wordSpan, wordsSpan } from './statement.js';
import type { Statement } from './statement.js';

export function enterBlock<Draft extends Placed>(table: BlockTable<Draft>, draft: Draft, close?: () => void): Entered {
  const { index } = table;
  return {
    table,
    bind(scope, statement) {
      const keyword = index.get(statement.keyword.text);
      return keyword === undefined ? UNKNOWN : bindKeyword(scope, table, keyword, draft, statement);
    },
    close,
  };
}

function bindKeyword<Draft extends Placed>(
  scope: Scope,
  table: BlockTable<Draft>,
  keyword: Keyword<Draft>,
  draft: Draft,
  statement: Statement,
): Outcome {
  const word = statement.keyword;
  // The line itself was reported when it was read; nothing of the command is used.
  if (keyword.wholeLine === true && isCutOff(statement)) return DONE;
  if (statement.words.length < keyword.needs) {
    reportMissing(scope, table, keyword, statement);
    // Nobody knows how to read on: the block is stepped over.
    return keyword.block === undefined ? DONE : SKIP;
  }
  if (word.text !== keyword.name) reportAlias(scope, keyword, statement);
  reportRelease(scope, keyword, statement);
  if (!table.quiet) reportSupport(scope, keyword, statement);
  if (keyword.repeatable !== true) reportRepeated(scope, keyword, draft, statement);
  const outcome = keyword.bind(scope, draft, statement) ?? DONE;
  if (outcome.kind === 'done') reportExtra(scope, keyword, statement);
  draft.at[keyword.name] = word;
  return outcome;
}

function reportMissing<Draft>(
  scope: Scope,
  table: BlockTable<Draft>,
  keyword: Keyword<Draft>,
  statement: Statement,
): void {
  const span = statementSpan(statement);
  const summary = `${keyword.name} needs an argument: ${keyword.parameters}`;
  // keepalived 2.2.7 does not know the keyword, and so not its arguments either.
  if (keyword.since !== undefined) reportRelease(scope, keyword, statement);
  if (keyword.missing === undefined && keyword.since === undefined) {
    // Its main process reads global_defs and what stands outside of blocks.
    const first = table.name === 'global_defs' || (table.name === ROOT_NAME && keyword.block === undefined);
    const counted = first ? 'missing-parameter' : 'missing-parameter-later';
    finding(scope, 'conf/missing-argument', span, summary, { keepalived: counted, fatal: true });
  } else {
    const counted = keyword.missing === 'error' ? 'general' : 'none';
    finding(scope, 'conf/missing-argument', span, `${summary}; it is ignored`, { keepalived: counted });
  }
}

/** What keepalived 2.2.7 makes of a keyword that came later, or that it takes with a complaint. */
function reportRelease<Draft>(scope: Scope, keyword: Keyword<Draft>, statement: Statement): void {
  const { name, since, complaint } = keyword;
  if (since !== undefined) {
    const summary = `keepalived 2.2.7 does not know ${name}, which came with ${since}`;
    finding(scope, 'conf/newer-keyword', wordSpan(statement.keyword), summary, { keepalived: 'general' });
  } else if (complaint !== undefined) {
    finding(scope, 'conf/deprecated-keyword', wordSpan(statement.keyword), complaint, { keepalived: 'general' });
  }
}

function reportAlias<Draft>(scope: Scope, keyword: Keyword<Draft>, statement: Statement): void {
  const span = wordSpan(statement.keyword);
  finding(scope, 'conf/deprecated-keyword', span, `${statement.keyword.text} is the old name of ${keyword.name}`, {
    suggestion: { span, replacement: keyword.name },
  });
}

function reportSupport<Draft>(scope: Scope, keyword: Keyword<Draft>, statement: Statement): void {
  if (keyword.support === 'supported') {
    if (keyword.unsupportedValues !== undefined) reportValues(scope, keyword, statement);
    return;
  }
  const unsupported = keyword.support === 'unsupported';
  finding(
    scope,
    unsupported ? 'conf/unsupported-keyword' : 'conf/ignored-keyword',
    wordSpan(statement.keyword),
    unsupported ? `vrrpd does not act on ${keyword.name} yet` : `${keyword.name} has no effect in vrrpd`,
  );
}

/** What becomes of the block that says it is for the plan to say: docs/reference/diagnostics.md, plan/…. */
function reportValues<Draft>(scope: Scope, keyword: Keyword<Draft>, statement: Statement): void {
  for (const word of statement.words.slice(0, keyword.takes)) {
    if (keyword.unsupportedValues?.includes(word.text) !== true) continue;
    const summary = `vrrpd does not act on ${keyword.name} ${word.text} yet`;
    finding(scope, 'conf/unsupported-value', wordSpan(word), summary);
  }
}

function reportRepeated<Draft extends Placed>(
  scope: Scope,
  keyword: Keyword<Draft>,
  draft: Draft,
  statement: Statement,
): void {
  const before = draft.at[keyword.name];
  if (before === undefined) return;
  finding(
    scope,
    'conf/duplicate-keyword',
    wordSpan(statement.keyword),
    `${keyword.name} is given again in the same block`,
    {
      related: [{ span: wordSpan(before), message: 'first given here' }],
    },
  );
}

function reportExtra<Draft>(scope: Scope, keyword: Keyword<Draft>, statement: Statement): void {
  const first = statement.words[keyword.takes];
  const last = statement.words.at(-1);
  if (first === undefined || last === undefined) return;
  finding(scope, 'conf/extra-words', wordsSpan(first, last), `nobody reads these words after ${keyword.name}`, {
    detail: 'A statement ends with its line; several statements on one line are not separated.',
    ...(keyword.exact === true ? { keepalived: 'general', severity: 'error' } : {}),
  });
}
