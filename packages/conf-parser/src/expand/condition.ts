// Conditional lines (keepalived.conf(5), "CONDITIONAL CONFIGURATION"): `@ID rest` counts only for the node whose
// configuration id is ID, `@^ID rest` only for every other.

/** Offset of the rest of an `@` line when it counts for this node, else undefined. */
export function matchCondition(text: string, configId: string): number | undefined {
  const match = /^@(\^?)([^ \t]*)[ \t]+/.exec(text);
  // Without a blank after the id there is nothing to read.
  if (match === null) return undefined;
  const negated = match[1] === '^';
  return (match[2] === configId) === negated ? undefined : match[0].length;
}
