// The words of one line of a fault script, read from left to right: names, times, percentages. What does not fit is a
// Misread at its word, which the reader of the line turns into a problem.
import { parseDuration } from './duration.js';
import type { CheckKind } from './fault.js';

/** What the names of a script may stand for. */
export interface Stage {
  readonly nodes: readonly StageNode[];
  /** Where the simulation ends, in microseconds; faults after it are mistakes. Left out: it ends after the last fault. */
  readonly end?: number;
  /** Finds the word that may have been meant among those that are known. */
  readonly suggest?: (word: string, known: readonly string[]) => string | undefined;
}

export interface StageNode {
  readonly name: string;
  readonly links: readonly string[];
  readonly checks: readonly { readonly kind: CheckKind; readonly name: string }[];
  /** Its own and its virtual ones. */
  readonly addresses: readonly string[];
}

export interface Word {
  readonly text: string;
  /** From 1. */
  readonly column: number;
}

/** A word that cannot be understood. Never leaves the parser of scripts. */
export class Misread extends Error {
  readonly word: Word;
  readonly suggestion: string | undefined;

  constructor(word: Word, message: string, suggestion?: string) {
    super(message);
    this.word = word;
    this.suggestion = suggestion;
  }
}

const PERCENT = 100;
const MINUTE = 60_000_000;
/** A time of more than a day, in microseconds, is a slip. */
export const TIME_MAX = 86_400_000_000;

export class FaultWords {
  readonly #stage: Stage;
  readonly #words: readonly Word[];
  #next = 0;

  /** @param words at least one. */
  constructor(words: readonly Word[], stage: Stage) {
    this.#words = words;
    this.#stage = stage;
  }

  peek(): Word | undefined {
    return this.#words[this.#next];
  }

  /** The next word; `expected` says what it should have been when there is none. */
  take(expected: string): Word {
    const word = this.peek();
    if (word === undefined) throw new Misread(this.#afterLast(), `${expected} is missing here`);
    this.#next += 1;
    return word;
  }

  literal(text: string): void {
    this.oneOf(`'${text}'`, [text]);
  }

  /** Takes the word when it is there. */
  has(text: string): boolean {
    if (this.peek()?.text !== text) return false;
    this.#next += 1;
    return true;
  }

  oneOf(what: string, known: readonly string[]): string {
    const word = this.take(what);
    if (known.includes(word.text)) return word.text;
    const one = known.length === 1 ? `${what} is expected here` : `${word.text} is not ${what}: ${known.join(', ')}`;
    throw new Misread(word, one, this.#stage.suggest?.(word.text, known));
  }

  /** A time with unit, in microseconds: `10s`, `1.5s`, `200ms`, `250us`, `2m`. */
  duration(): number {
    const word = this.take('a time, as 10s,');
    const value = parseTime(word.text);
    if (value === undefined) throw new Misread(word, `${word.text} is no time: write it as 10s, 1.5s, 200ms or 2m`);
    if (value > TIME_MAX) throw new Misread(word, `${word.text} is more than a day`);
    return value;
  }

  /** `10%` as 0.1. */
  percent(): number {
    const word = this.take('a percentage, as 10%,');
    const value = Number(/^(\d+(?:\.\d+)?)%$/.exec(word.text)?.[1] ?? NaN);
    if (!(value <= PERCENT)) throw new Misread(word, `${word.text} is no percentage from 0% to 100%`);
    return value / PERCENT;
  }

  node(): StageNode {
    const word = this.take('the name of a node');
    const found = this.#stage.nodes.find(({ name }) => name === word.text);
    if (found !== undefined) return found;
    throw this.#unknown(word, `there is no node ${word.text}`, names(this.#stage.nodes));
  }

  /** A link of this node. */
  linkOf(node: StageNode): string {
    const word = this.take('the name of a link');
    if (node.links.includes(word.text)) return word.text;
    throw this.#unknown(word, `${node.name} has no link ${word.text}`, node.links);
  }

  /** `on LINK` at the end, a link of any node. */
  optionalLink(): { readonly link?: string } {
    if (!this.has('on')) return {};
    const word = this.take('the name of a link');
    const links = [...new Set(this.#stage.nodes.flatMap((node) => node.links))];
    if (links.includes(word.text)) return { link: word.text };
    throw this.#unknown(word, `no node has a link ${word.text}`, links);
  }

  /** A word that must be one of what `node`, named later in the line, has. */
  belongsTo(word: Word, message: string, known: readonly string[]): string {
    if (known.includes(word.text)) return word.text;
    throw this.#unknown(word, message, known);
  }

  end(): void {
    const word = this.peek();
    if (word !== undefined) throw new Misread(word, `the line ends before ${word.text}`);
  }

  #unknown(word: Word, message: string, known: readonly string[]): Misread {
    const list = known.length === 0 ? 'there is none' : `there is ${known.join(', ')}`;
    return new Misread(word, `${message}; ${list}`, this.#stage.suggest?.(word.text, known));
  }

  #afterLast(): Word {
    const last = this.#words.at(-1);
    return { text: '', column: (last?.column ?? 1) + (last?.text.length ?? 0) + 1 };
  }
}

/** `10s`, `1.5s`, `200ms`, `250us`, `2m` in microseconds; undefined for anything else. */
export function parseTime(text: string): number | undefined {
  const minutes = /^(\d+)m$/.exec(text)?.[1];
  return minutes === undefined ? parseDuration(text) : Number(minutes) * MINUTE;
}

function names(nodes: readonly StageNode[]): readonly string[] {
  return nodes.map(({ name }) => name);
}
