// "Did you mean": the word of a list that is nearest to what was written, if it is near enough to be meant.
// Distance: insertions, deletions, substitutions and swaps of neighbours (optimal string alignment), case ignored.
import type { Suggestion } from './diagnostic.js';
import type { Span } from './source.js';

/** Comparisons that are left: a file of nothing but unknown words must not cost a dictionary search each. */
export interface SuggestionBudget {
  comparisons: number;
}

/** Enough for some thousand misspelt words; after that there are no more suggestions. */
export const MAX_COMPARISONS = 100_000;

/** A suggestion to write the nearest candidate in place of the word at `span`. */
export function suggestFor(
  { suggestions }: { readonly suggestions: SuggestionBudget },
  span: Span,
  word: string,
  candidates: Iterable<string>,
): Suggestion | undefined {
  const nearest = nearestWord(word, candidates, suggestions);
  return nearest === undefined ? undefined : { span, replacement: nearest };
}

/** The nearest candidate within a third of the word's length (one edit at least), or undefined. Ties: first wins. */
export function nearestWord(
  word: string,
  candidates: Iterable<string>,
  budget: SuggestionBudget = { comparisons: MAX_COMPARISONS },
): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  const lower = word.toLowerCase();
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    budget.comparisons -= 1;
    if (budget.comparisons < 0) return best;
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance < bestDistance && candidate !== word) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (last[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const deleted = (last[column] ?? 0) + 1;
      const inserted = (current[column - 1] ?? 0) + 1;
      // Compared by hand: this runs for every two letters of a word and a keyword.
      let cost = deleted < inserted ? deleted : inserted;
      if (replaced < cost) cost = replaced;
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

/** No keyword is near a word longer than this; it keeps the comparison cheap for any input. */
const LONGEST_WORD = 64;
