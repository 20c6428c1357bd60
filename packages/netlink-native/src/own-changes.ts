// Which events are of this client's own changes where Linux does not say: notifications of IPv6 addresses and of links carry
// no port. So each change that was carried out is remembered until an event tells of it.
import type { NetworkChange } from './kernel.js';
import { objectKey } from './rtnl/kinds.js';
import type { NetworkObject, ObjectSpec } from './network-object.js';

/** Beyond these the oldest is forgotten: its event then passes for somebody else's. */
export const UNHEARD_CHANGES_MAX = 65_536;

export class OwnChanges {
  readonly #unheard = new Map<string, number>();

  /** The kernel has carried it out. */
  made({ action, object }: NetworkChange): void {
    const key = eventKey(object);
    // An IPv6 address that goes at once may never have been told of: what it leaves must not claim somebody else's.
    if (action === 'remove') this.#unheard.delete(`add ${key}`);
    const name = `${action} ${key}`;
    this.#unheard.set(name, (this.#unheard.get(name) ?? 0) + 1);
    if (this.#unheard.size <= UNHEARD_CHANGES_MAX) return;
    const [oldest] = this.#unheard.keys();
    if (oldest !== undefined) this.#unheard.delete(oldest);
  }

  /** Whether the event is one of a change made; each change claims one. */
  claims(kind: 'changed' | 'removed', object: NetworkObject | ObjectSpec): boolean {
    const name = `${kind === 'changed' ? 'add' : 'remove'} ${eventKey(object)}`;
    const count = this.#unheard.get(name);
    if (count === undefined) return false;
    if (count > 1) this.#unheard.set(name, count - 1);
    else this.#unheard.delete(name);
    return true;
  }

  /** Events were lost, or nobody listens. */
  forget(): void {
    this.#unheard.clear();
  }
}

/** A link that was asked for has no index before it is told of. */
function eventKey(object: NetworkObject | ObjectSpec): string {
  return object.kind === 'link' ? `link ${object.name}` : objectKey(object);
}
