// The plan that every kind of network object follows here: its messages, its groups, its bytes both ways, its words.
// A new kind is a file that exports one of these and a row of ./kinds.ts; rtnetlink-kernel.ts knows no kind.
import type { NetworkObject, ObjectSpec } from '../network-object.js';

export type ChangeAction = 'add' | 'remove';

export interface RtnlKind<O extends NetworkObject = NetworkObject, S extends ObjectSpec = ObjectSpec> {
  readonly kind: O['kind'];
  /** What a failed reading could not do: 'read the addresses'. */
  readonly reading: string;
  /** RTM_NEW…: also what announces an object that came or changed. */
  readonly create: number;
  /** RTM_DEL…: also what announces an object that went. */
  readonly remove: number;
  /** RTM_GET… */
  readonly dump: number;
  /** enum rtnetlink_groups: who joins them hears of objects that come, change and go. */
  readonly groups: readonly number[];
  /** The payload of `dump`: all objects of this kind. */
  encodeDump(): Uint8Array;
  /** The payload of `create` or `remove`. @throws RangeError when a field cannot be what it says. */
  encode(spec: S, action: ChangeAction): Uint8Array;
  /** The object of a payload; undefined for bytes that hold none that concerns us. */
  decode(payload: Uint8Array): O | undefined;
  /** Two objects that the kernel cannot hold side by side have the same; text to compare, not to show. */
  key(object: O | S): string;
  /** 'address 192.0.2.7/24 on link 2' */
  describe(spec: S): string;
  /** Whether a refusal with this errno means that things are as was asked. */
  alreadyDone(action: ChangeAction, errno: number): boolean;
  /** Where an object may stay although the kernel knows none of the name that a removal gave (../doubtful-removals.ts). */
  readonly doubt?: RemovalDoubt<O, S>;
}

export interface RemovalDoubt<O, S> {
  /** What a removal means to be rid of, as text that an object and a request for it share. */
  meaning(object: O | S): string;
  /** The object as it would be asked for. */
  asSpec(object: O): S;
}
