// Removals that the kernel answered with "there is none of this name". The host may hold what was meant all the same: an IPv4
// address with another peer, an IPv6 address with another prefix length. A Backup that believed the answer would be a second
// holder. So the table is looked at, once for all of them, and what is found goes by its own name.
import type { ChangeResult, NetworkChange } from './kernel.js';
import type { NetworkObject, ObjectKind } from './network-object.js';
import { OperationError } from './operation-error.js';
import { kindOfSpec, rowOf } from './rtnl/kinds.js';

export interface RemovalPort {
  read(kind: ObjectKind): Promise<readonly NetworkObject[]>;
  change(changes: readonly NetworkChange[]): Promise<readonly ChangeResult[]>;
}

interface Doubt {
  /** Among the changes. */
  readonly index: number;
  readonly kind: ObjectKind;
  readonly meaning: string;
}

/** The results with those of doubtful removals corrected. */
export async function settleDoubts(
  port: RemovalPort,
  changes: readonly NetworkChange[],
  results: readonly ChangeResult[],
): Promise<readonly ChangeResult[]> {
  const doubts = changes.flatMap((change, index) => doubtOf(change, results[index], index));
  if (doubts.length === 0) return results;
  const settled = [...results];
  for (const kind of new Set(doubts.map((one) => one.kind))) {
    const ofKind = doubts.filter((one) => one.kind === kind);
    for (const [index, result] of await settle(port, kind, ofKind)) settled[index] = result;
  }
  return settled;
}

function doubtOf({ action, object }: NetworkChange, result: ChangeResult | undefined, index: number): readonly Doubt[] {
  if (action !== 'remove' || result?.ok !== true || result.changed) return [];
  const meaning = kindOfSpec(object).doubt?.meaning(object);
  return meaning === undefined ? [] : [{ index, kind: object.kind, meaning }];
}

async function settle(
  port: RemovalPort,
  kind: ObjectKind,
  doubts: readonly Doubt[],
): Promise<ReadonlyMap<number, ChangeResult>> {
  const settled = new Map<number, ChangeResult>();
  const wanted = new Map(doubts.map(({ meaning, index }) => [meaning, index]));
  const found: { readonly index: number; readonly change: NetworkChange }[] = [];
  try {
    const { doubt } = rowOf(kind);
    for (const object of await port.read(kind)) {
      const index = doubt && wanted.get(doubt.meaning(object));
      if (doubt !== undefined && index !== undefined)
        found.push({ index, change: { action: 'remove', object: doubt.asSpec(object) } });
    }
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    // Nobody knows whether it is there: that is no success.
    for (const { index } of doubts) settled.set(index, { ok: false, error });
    return settled;
  }
  const answers = await port.change(found.map(({ change }) => change));
  for (const [position, { index }] of found.entries()) {
    const answer = answers[position];
    if (answer !== undefined && settled.get(index)?.ok !== false) settled.set(index, answer);
  }
  return settled;
}
