// Which processes a process tracker counts (keepalived.conf(5), vrrp_track_process: process, full_command, param_match).
// Pure. Seen on keepalived 2.2.7: without full_command the name is the kernel's (comm), never a path.
// COMPAT: keepalived compares a name of more than 15 characters with comm as it is and never finds it; here it is cut.

export interface ProcessFacts {
  readonly pid: number;
  /** The kernel's name of the process, at most 15 bytes. */
  readonly comm: string;
  /** It has ended, its parent has not looked yet. */
  readonly zombie: boolean;
  /** Its command line, read when asked for; empty when it has none (a kernel thread) or has gone. */
  readonly argv: () => readonly string[];
}

export interface ProcessPattern {
  readonly process: string;
  /** Compare the command as it was typed, `argv[0]`, instead of comm; arguments or `match` imply it. */
  readonly fullCommand: boolean;
  /** The arguments after the command. */
  readonly parameters?: readonly string[];
  /**
   * `exact`: these arguments and no others; `partial`: more may follow; `initial`: the last may go on, none may follow.
   * Left out: `exact` where there are parameters, else arguments do not matter.
   */
  readonly match?: 'exact' | 'initial' | 'partial';
}

const COMM_LENGTH = 15;

export function matchesProcess(pattern: ProcessPattern, facts: ProcessFacts): boolean {
  const { process, fullCommand, parameters, match } = pattern;
  if (facts.zombie) return false;
  if (!fullCommand && parameters === undefined && match === undefined)
    return facts.comm === process.slice(0, COMM_LENGTH);
  const [command, ...given] = facts.argv();
  if (command !== process) return false;
  if (parameters === undefined && match === undefined) return true;
  return matchesParameters(parameters ?? [], given, match ?? 'exact');
}

function matchesParameters(
  wanted: readonly string[],
  given: readonly string[],
  match: 'exact' | 'initial' | 'partial',
): boolean {
  if (match === 'partial' ? given.length < wanted.length : given.length !== wanted.length) return false;
  const last = wanted.length - 1;
  return wanted.every((parameter, index) => {
    const argument = given[index] ?? '';
    return match === 'initial' && index === last ? argument.startsWith(parameter) : argument === parameter;
  });
}
