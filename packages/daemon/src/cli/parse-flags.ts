// A command line in getopt_long(3)'s way -> the flags it sets. Pure. yargs serves the commands; keepalived's flags need
// getopt's own rules (glued arguments, clusters, optional arguments that must be attached, unambiguous abbreviations).
import { FLAGS, type Flag } from './keepalived-flags.js';

export interface ParsedFlags {
  /** Value of each flag given; '' for flags without argument. The last one wins. */
  readonly values: ReadonlyMap<string, string>;
  /** How often each flag was given. */
  readonly counts: ReadonlyMap<string, number>;
  /** Words that belong to no flag. */
  readonly words: readonly string[];
  /** The first thing that is wrong, as keepalived says it. */
  readonly problem?: string;
}

export function parseFlags(argv: readonly string[]): ParsedFlags {
  const reader = new FlagReader(argv);
  return reader.read();
}

class FlagReader {
  readonly #rest: string[];
  readonly #values = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #words: string[] = [];
  #problem: string | undefined;

  constructor(argv: readonly string[]) {
    this.#rest = [...argv];
  }

  read(): ParsedFlags {
    for (let word = this.#rest.shift(); word !== undefined && this.#problem === undefined; word = this.#rest.shift()) {
      if (word === '--') this.#words.push(...this.#rest.splice(0));
      else if (word.startsWith('--')) this.#long(word.slice(2));
      else if (word.startsWith('-') && word.length > 1) this.#cluster(word.slice(1));
      else this.#words.push(word);
    }
    const problem = this.#problem === undefined ? {} : { problem: this.#problem };
    return { values: this.#values, counts: this.#counts, words: this.#words, ...problem };
  }

  #long(text: string): void {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    const value = equals < 0 ? undefined : text.slice(equals + 1);
    const exact = FLAGS.filter((flag) => flag.long === name);
    const found = exact.length > 0 ? exact : FLAGS.filter((flag) => flag.long.startsWith(name));
    const [flag] = found;
    if (flag === undefined || found.length > 1) this.#problem = `Unknown option --${name}`;
    else if (value !== undefined && flag.argument === 'none') this.#problem = `Option --${flag.long} takes no argument`;
    else this.#take(flag, `--${flag.long}`, value);
  }

  #cluster(letters: string): void {
    for (let at = 0; at < letters.length && this.#problem === undefined; at += 1) {
      const letter = letters.charAt(at);
      const flag = FLAGS.find((one) => one.short === letter);
      if (flag === undefined) {
        this.#problem = `Unknown option -${letter}`;
      } else if (flag.argument === 'none') {
        this.#set(flag, '');
      } else {
        const glued = letters.slice(at + 1);
        this.#take(flag, `-${letter}`, glued === '' ? undefined : glued);
        return;
      }
    }
  }

  #take(flag: Flag, shown: string, attached: string | undefined): void {
    if (flag.argument !== 'required') {
      this.#set(flag, attached ?? '');
      return;
    }
    const value = attached ?? this.#rest.shift();
    if (value === undefined || value === '') this.#problem = `Option ${shown} needs an argument`;
    else this.#set(flag, value);
  }

  #set(flag: Flag, value: string): void {
    this.#values.set(flag.long, value);
    this.#counts.set(flag.long, (this.#counts.get(flag.long) ?? 0) + 1);
  }
}
