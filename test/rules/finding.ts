// What a rule of the house says about one place of one file.

export interface Finding {
  /** 1 for the first line. */
  readonly line: number;
  readonly problem: string;
}

/** The number of the line that holds the character at `index`. */
export function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** One finding for every match of a global expression. */
export function findAll(text: string, pattern: RegExp, problem: (match: string) => string): readonly Finding[] {
  return [...text.matchAll(pattern)].map((match) => ({
    line: lineAt(text, match.index),
    problem: problem(match[0].trim()),
  }));
}
