// The environment a script is given: the daemon's own without what changes which code runs in it.
// Pure. keepalived leaves out the same three names.

const NEVER_INHERITED: ReadonlySet<string> = new Set(['LD_PRELOAD', 'LD_LIBRARY_PATH', 'IFS']);

export type Environment = Readonly<Record<string, string | undefined>>;

/** `inherited` with `changes` laid over it (undefined removes a name), without LD_PRELOAD, LD_LIBRARY_PATH and IFS. */
export function scriptEnvironment(inherited: Environment, changes: Environment = {}): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...inherited, ...changes })) {
    if (value !== undefined && !NEVER_INHERITED.has(name)) result[name] = value;
  }
  return result;
}
