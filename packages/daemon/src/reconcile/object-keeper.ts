// Which network objects should be there and for whom, and what the kernel still has to be asked for. The one bookkeeper for
// start, takeover, reload, drift and stop: it compares what is wanted with what is known, never what was done before.
// It asks nobody: object-lane.ts carries out what `take` gives and hands the results to `settle`.
import { objectKey, type ChangeResult, type ObjectSpec } from '@vrrp/netlink-native';
import { identityOf, objectOf, type DesiredObject, type LinkIndexes, type ObjectIdentity } from './desired-object.js';
import { Errand } from './errand.js';
import { newEntry, REPAIR_DELAY, retryDelay, type Entry, type PlannedChange, type Remover } from './kept-object.js';
import type { ObservedNetwork } from './observed.js';
import { companionsOf } from './secondaries.js';

export interface KeeperListener<Owner> {
  /** Everything that was asked for was tried; these are there. */
  set(owner: Owner, objects: readonly DesiredObject[]): void;
  removed(owner: Owner, objects: readonly DesiredObject[]): void;
  /** There for certain: the network may be told. */
  announce(owner: Owner, objects: readonly DesiredObject[], times: number): void;
  /** Somebody else had removed them; they are back. */
  repaired(owner: Owner, objects: readonly DesiredObject[], by: Remover | undefined): void;
  /** Said once as long as the reason stays. Nobody's: what an earlier run left. */
  refused(owner: Owner | undefined, action: 'add' | 'remove', object: DesiredObject, error: Error): void;
}

export class ObjectKeeper<Owner> {
  readonly #listener: KeeperListener<Owner>;
  readonly #entries = new Map<string, Entry<Owner>>();
  readonly #byObjectKey = new Map<string, Entry<Owner>>();
  /** Entries that are not as wanted. */
  readonly #pending = new Set<Entry<Owner>>();
  readonly #errands = new Map<Owner, Errand>();
  #waiting: (() => void)[] = [];

  constructor(listener: KeeperListener<Owner>) {
    this.#listener = listener;
  }

  /** From now on these should be there for `owner`, in this order. */
  want(owner: Owner, objects: readonly DesiredObject[], now: number): void {
    const errand = this.#errand(owner);
    errand.beginAdding(objects);
    for (const desired of objects) {
      const entry = this.#entryOf(desired);
      entry.owners.add(owner);
      if (JSON.stringify(entry.desired) !== JSON.stringify(desired)) {
        entry.isOutdated = entry.isPresent || entry.isInFlight;
        entry.desired = desired;
      }
      if (entry.isPresent && !entry.isOutdated) {
        this.#pending.delete(entry);
        continue;
      }
      errand.await(desired);
      this.#push(entry, now);
    }
    this.#progress(owner, errand);
  }

  /** `owner` needs these no longer: what nobody else needs goes. Nothing of them is announced any more. */
  release(owner: Owner, objects: readonly DesiredObject[], now: number): void {
    const errand = this.#errand(owner);
    errand.beginRemoving(objects);
    for (const desired of objects) {
      const entry = this.#entries.get(identityOf(desired));
      if (entry === undefined || !entry.owners.delete(owner) || entry.owners.size > 0) continue;
      entry.formerOwner = owner;
      if (!entry.isPresent && !entry.isInFlight && !entry.wasTried) {
        this.#forget(entry);
        continue;
      }
      errand.await(desired);
      entry.drift = undefined;
      this.#push(entry, now);
    }
    this.#progress(owner, errand);
  }

  /** Announces what is there of these, when everything that was wanted before has been tried. */
  announce(owner: Owner, objects: readonly DesiredObject[], times: number): void {
    const errand = this.#errand(owner);
    errand.announceLater(objects, times);
    this.#progress(owner, errand);
  }

  /** Objects that are there and should not be, whoever put them there. */
  purge(objects: readonly DesiredObject[], now: number): void {
    for (const desired of objects) {
      const entry = this.#entryOf(desired);
      if (entry.owners.size > 0) continue;
      entry.isPresent = true;
      this.#push(entry, now);
    }
  }

  isWanted(desired: ObjectIdentity): boolean {
    return (this.#entries.get(identityOf(desired))?.owners.size ?? 0) > 0;
  }

  /** Whose the object at this place is; nobody's, when it is not known to be there. */
  ownersAt(key: string): ReadonlySet<Owner> {
    const entry = this.#byObjectKey.get(key);
    return entry?.isPresent === true && !entry.isInFlight && entry.desired.tracked ? entry.owners : new Set();
  }

  desiredAt(key: string): DesiredObject | undefined {
    return this.#byObjectKey.get(key)?.desired;
  }

  /** Somebody removed it: it is wanted again soon. */
  lost(key: string, now: number, by?: Remover): void {
    const entry = this.#byObjectKey.get(key);
    if (entry === undefined || this.ownersAt(key).size === 0) return;
    entry.isPresent = false;
    entry.drift = { by };
    this.#push(entry, now + REPAIR_DELAY);
  }

  /** It is there, the kernel says. The news of a removal may have been older than our own addition. */
  seen(key: string): void {
    const entry = this.#byObjectKey.get(key);
    if (entry === undefined || entry.isInFlight || entry.drift === undefined) return;
    entry.isPresent = true;
    entry.drift = undefined;
    this.#pending.delete(entry);
  }

  /** The whole truth, now and then: what is said to be there and is not. */
  missingIn(network: ObservedNetwork): readonly string[] {
    return [...this.#byObjectKey].flatMap(([key, entry]) =>
      entry.isPresent && !entry.isInFlight && entry.owners.size > 0 && !network.has(key) ? [key] : [],
    );
  }

  /** What waits because of this link is tried now. */
  linkChanged(link: string, now: number): void {
    for (const entry of this.#pending) {
      if (entry.desired.link === link && entry.failures > 0) entry.dueAt = now;
    }
  }

  /** Whether something is due to go. */
  hasRemovals(now: number): boolean {
    for (const entry of this.#pending) {
      if (entry.owners.size === 0 && !entry.isInFlight && entry.dueAt <= now) return true;
    }
    return false;
  }

  /** When the next change is due. */
  nextAt(): number | undefined {
    let next: number | undefined;
    for (const entry of this.#pending) {
      if (!entry.isInFlight && (next === undefined || entry.dueAt < next)) next = entry.dueAt;
    }
    return next;
  }

  /** At most `max` changes that are due, removals first; with each removal what it would take along is put back. */
  take(now: number, max: number, linkIndexes: LinkIndexes, network: ObservedNetwork): readonly PlannedChange<Owner>[] {
    const changes: PlannedChange<Owner>[] = [];
    const due = [...this.#pending].filter((entry) => !entry.isInFlight && entry.dueAt <= now);
    for (const entry of due) {
      if (changes.length >= max) break;
      if (entry.owners.size === 0 || entry.isOutdated) this.#planRemoval(entry, linkIndexes, network, changes, now);
    }
    for (const entry of due) {
      if (changes.length >= max) break;
      if (entry.owners.size > 0 && !entry.isInFlight) this.#planAddition(entry, linkIndexes, changes, now);
    }
    return changes;
  }

  settle(changes: readonly PlannedChange<Owner>[], results: readonly ChangeResult[], now: number): void {
    const repaired = new Map<Owner, { objects: DesiredObject[]; by: Remover | undefined }>();
    for (const [index, { entry, action }] of changes.entries()) {
      const result = results[index];
      if (entry === undefined || result === undefined) continue;
      entry.isInFlight = false;
      if (!result.ok) this.#refused(entry, action, result.error, now);
      else if (action === 'add') this.#added(entry, result.changed, repaired, now);
      else this.#gone(entry, now);
    }
    for (const [owner, { objects, by }] of repaired) this.#listener.repaired(owner, objects, by);
    this.#wakeWaiting();
  }

  /** Resolves when everything that is pending now has been tried at least once. */
  async tried(): Promise<void> {
    while ([...this.#pending].some((entry) => !entry.wasTried || entry.isInFlight)) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  #planRemoval(
    entry: Entry<Owner>,
    linkIndexes: LinkIndexes,
    network: ObservedNetwork,
    changes: PlannedChange<Owner>[],
    now: number,
  ): void {
    const object = entry.placed ?? objectOf(entry.desired, linkIndexes);
    // With its link it is gone.
    if (object === undefined || isLinkGone(object, network)) {
      this.#gone(entry, now);
      return;
    }
    this.#begin(entry);
    changes.push({ entry, action: 'remove', object });
    for (const companion of companionsOf(object, network)) {
      const other = this.#byObjectKey.get(objectKey(companion));
      if (other?.owners.size === 0) continue;
      if (other !== undefined) this.#begin(other);
      changes.push({ entry: other, action: 'add', object: companion });
    }
  }

  #planAddition(entry: Entry<Owner>, linkIndexes: LinkIndexes, changes: PlannedChange<Owner>[], now: number): void {
    const object = objectOf(entry.desired, linkIndexes);
    if (object === undefined) {
      this.#refused(entry, 'add', new Error(`no interface ${entry.desired.link}`), now);
      return;
    }
    this.#begin(entry);
    this.#place(entry, object);
    changes.push({ entry, action: 'add', object });
  }

  #begin(entry: Entry<Owner>): void {
    entry.isInFlight = true;
    entry.wasTried = true;
  }

  #added(
    entry: Entry<Owner>,
    changed: boolean,
    repaired: Map<Owner, { objects: DesiredObject[]; by: Remover | undefined }>,
    now: number,
  ): void {
    const { drift } = entry;
    this.#succeeded(entry);
    entry.isPresent = true;
    entry.drift = undefined;
    if (entry.owners.size === 0) {
      this.#push(entry, now);
      return;
    }
    if (entry.isOutdated) return;
    this.#pending.delete(entry);
    for (const owner of entry.owners) {
      if (drift !== undefined && changed) {
        const list = repaired.get(owner) ?? { objects: [], by: drift.by };
        list.objects.push(entry.desired);
        repaired.set(owner, list);
      }
      this.#resolve(owner, entry);
    }
  }

  #gone(entry: Entry<Owner>, now: number): void {
    this.#succeeded(entry);
    entry.isPresent = false;
    entry.isOutdated = false;
    this.#place(entry, undefined);
    if (entry.owners.size > 0) {
      this.#push(entry, now);
      return;
    }
    this.#forget(entry);
    for (const owner of this.#errands.keys()) this.#resolve(owner, entry);
  }

  #refused(entry: Entry<Owner>, action: 'add' | 'remove', error: Error, now: number): void {
    entry.wasTried = true;
    entry.failures += 1;
    entry.dueAt = now + retryDelay(entry.failures);
    if (entry.complaint !== error.message) {
      entry.complaint = error.message;
      const owners = entry.owners.size === 0 ? [entry.formerOwner] : [...entry.owners];
      for (const owner of owners) this.#listener.refused(owner, action, entry.desired, error);
    }
    for (const owner of this.#errands.keys()) this.#resolve(owner, entry);
  }

  #succeeded(entry: Entry<Owner>): void {
    entry.failures = 0;
    entry.complaint = undefined;
  }

  /** One thing less that the owner's errand waits for. */
  #resolve(owner: Owner, entry: Entry<Owner>): void {
    const errand = this.#errands.get(owner);
    if (errand?.resolve(entry.desired) === true) this.#progress(owner, errand);
  }

  #progress(owner: Owner, errand: Errand): void {
    const present = (objects: readonly DesiredObject[], wanted: boolean): readonly DesiredObject[] =>
      objects.filter((desired) => (this.#entries.get(identityOf(desired))?.isPresent ?? false) === wanted);
    if (errand.isWaiting) return;
    const { adding, removing, announcements } = errand.finish();
    if (removing !== undefined) this.#listener.removed(owner, present(removing, false));
    if (adding !== undefined) this.#listener.set(owner, present(adding, true));
    for (const { objects, times } of announcements) {
      const there = present(objects, true);
      if (there.length > 0) this.#listener.announce(owner, there, times);
    }
    this.#errands.delete(owner);
  }

  #errand(owner: Owner): Errand {
    const known = this.#errands.get(owner);
    if (known !== undefined) return known;
    const errand = new Errand();
    this.#errands.set(owner, errand);
    return errand;
  }

  #entryOf(desired: DesiredObject): Entry<Owner> {
    const identity = identityOf(desired);
    const known = this.#entries.get(identity);
    if (known !== undefined) return known;
    const entry = newEntry<Owner>(desired);
    this.#entries.set(identity, entry);
    return entry;
  }

  #place(entry: Entry<Owner>, object: ObjectSpec | undefined): void {
    if (entry.placed !== undefined) this.#byObjectKey.delete(objectKey(entry.placed));
    entry.placed = object;
    if (object !== undefined) this.#byObjectKey.set(objectKey(object), entry);
  }

  #push(entry: Entry<Owner>, dueAt: number): void {
    entry.wasTried = false;
    entry.failures = 0;
    entry.dueAt = dueAt;
    // Anew at the end: what is wanted together keeps its order.
    this.#pending.delete(entry);
    this.#pending.add(entry);
  }

  #forget(entry: Entry<Owner>): void {
    this.#entries.delete(identityOf(entry.desired));
    this.#pending.delete(entry);
    this.#place(entry, undefined);
  }

  #wakeWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** What lies on no link goes with none. */
function isLinkGone(object: ObjectSpec, network: ObservedNetwork): boolean {
  return 'linkIndex' in object && object.linkIndex !== undefined && network.linkAt(object.linkIndex) === undefined;
}
