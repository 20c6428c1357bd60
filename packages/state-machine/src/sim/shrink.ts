// Makes a script that fails as short as it can be: lines are left out, large parts first, while it still fails the same way.

/** Attempts to leave lines out; shortening is for people's convenience and must end. */
export const SHRINK_RUNS_MAX = 400;

/**
 * @param complaintOf what is wrong first when these lines are played, or `undefined`: nothing, or they cannot be played.
 * @returns the lines as they are when nothing is wrong with them.
 */
export async function shrink(
  lines: readonly string[],
  complaintOf: (lines: readonly string[]) => Promise<string | undefined>,
): Promise<readonly string[]> {
  const complaint = await complaintOf(lines);
  if (complaint === undefined) return lines;
  let shortest = lines;
  let runs = 0;
  for (let size = Math.ceil(lines.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < shortest.length && runs < SHRINK_RUNS_MAX; runs += 1) {
      const shorter = [...shortest.slice(0, start), ...shortest.slice(start + size)];
      if ((await complaintOf(shorter)) === complaint) shortest = shorter;
      else start += size;
    }
  }
  return shortest;
}
