// One line of a script taken apart: a verb, plain words, and `key=value` fields. Mistakes in a script are the author's:
// every reader throws a ScriptError that names what is wrong.
import type { Micros } from '../types.js';
import { parseDuration } from './duration.js';

/** A script that cannot be run. `line` is set by the script runner. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
}

export class ScriptWords {
  readonly verb: string;
  /** Words without `=`, the verb apart. */
  readonly plain: readonly string[];
  readonly #fields: ReadonlyMap<string, string>;
  readonly #used = new Set<string>();

  constructor(line: string) {
    const [verb = '', ...words] = line.trim().split(/\s+/);
    this.verb = verb;
    this.plain = words.filter((word) => !word.includes('='));
    this.#fields = new Map(words.filter((word) => word.includes('=')).map(splitField));
  }

  /** The first plain word. */
  get name(): string {
    const [name] = this.plain;
    if (name === undefined) throw new ScriptError(`${this.verb} needs a name`);
    return name;
  }

  text(key: string): string | undefined {
    this.#used.add(key);
    return this.#fields.get(key);
  }

  requiredText(key: string): string {
    const text = this.text(key);
    if (text === undefined) throw new ScriptError(`${this.verb} needs ${key}=`);
    return text;
  }

  number(key: string): number | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text === '' || !Number.isFinite(value)) throw new ScriptError(`${key}=${text} is not a number`);
    return value;
  }

  duration(key: string): Micros | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const value = parseDuration(text);
    if (value === undefined) throw new ScriptError(`${key}=${text} is not a time such as 1.5s, 20ms, 250us`);
    return value;
  }

  flag(key: string): boolean | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    if (text !== 'yes' && text !== 'no') throw new ScriptError(`${key}=${text} must be yes or no`);
    return text === 'yes';
  }

  list(key: string): readonly string[] | undefined {
    return this.text(key)?.split(',');
  }

  /** @throws ScriptError when a field was written that nobody asked for. */
  requireAllUsed(): void {
    for (const key of this.#fields.keys()) {
      if (!this.#used.has(key)) throw new ScriptError(`${this.verb} has no ${key}=`);
    }
  }
}

function splitField(word: string): readonly [string, string] {
  const end = word.indexOf('=');
  return [word.slice(0, end), word.slice(end + 1)];
}
