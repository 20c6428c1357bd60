// Two instances with one VRID, family and interface: an error where keepalived 2.2.7 could not tell their adverts apart
// (the same multicast group, or a peer of both and no two sources), else a warning, since they share a virtual router id.
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { VrrpInstance } from '../model.js';

/** The groups IANA has given to VRRP (RFC 9568 §5.1.1.2, §5.1.2.2). */
export const STANDARD_GROUPS = { 4: '224.0.0.18', 6: 'ff02::12' } as const;

export function reportSharedIds(scope: Scope, instances: readonly VrrpInstance[]): void {
  const first = new Map<string, string>();
  const conflicts = createConflicts(scope);
  for (const instance of instances) {
    const { name, virtual_router_id: vrid, family, interface: link } = instance;
    if (link === undefined || vrid === 0) continue;
    const key = `${vrid} ${family} ${link}`;
    const conflicting = conflicts.with(key, instance);
    const other = conflicting ?? first.get(key);
    if (other === undefined) first.set(key, name);
    else report(scope, instance, other, conflicting !== undefined);
  }
}

function report(scope: Scope, instance: VrrpInstance, other: string, conflict: boolean): void {
  const { name, virtual_router_id: vrid, family, interface: link = '' } = instance;
  const [draft, before] = [name, other].map((each) => scope.config.instances.get(each));
  const at = draft?.at['virtual_router_id'];
  const earlier = before?.at['virtual_router_id'];
  if (at === undefined || earlier === undefined) return;
  const summary = `${name} and ${other} both have VRID ${vrid} for IPv${family} on ${link}`;
  const related = [{ span: wordSpan(earlier), message: `${other} has it here` }];
  if (conflict) finding(scope, 'conf/vrid-conflict', wordSpan(at), summary, { related, fatal: true });
  else {
    const detail =
      'Their groups or peers tell their adverts apart; other routers of the network see one virtual router.';
    finding(scope, 'conf/vrid-conflict', wordSpan(at), summary, { related, detail, severity: 'warning' });
  }
}

interface Conflicts {
  /** The instance whose adverts cannot be told from those of this one, which is remembered. */
  with(key: string, instance: VrrpInstance): string | undefined;
}

/** Who sends to a group or a peer; `unsourced` and `bySource` for peers. */
interface Senders {
  readonly any: string;
  unsourced: string | undefined;
  readonly bySource: Map<string, string>;
}

function createConflicts({ config: { globals } }: Scope): Conflicts {
  const senders = new Map<string, Senders>();
  const meet = (target: string, source: string | undefined, name: string): string | undefined => {
    const known = senders.get(target);
    if (known === undefined) {
      const bySource = new Map(source === undefined ? [] : [[source, name]]);
      senders.set(target, { any: name, unsourced: source === undefined ? name : undefined, bySource });
      return undefined;
    }
    const met = source === undefined ? known.any : (known.unsourced ?? known.bySource.get(source));
    if (source === undefined) known.unsourced ??= name;
    else if (!known.bySource.has(source)) known.bySource.set(source, name);
    return met;
  };
  return {
    with(key, { name, family, unicast_peer, unicast_src_ip, mcast_src_ip, mcast_dst_ip }) {
      if (unicast_peer.length === 0) {
        const general = family === 4 ? globals.vrrp_mcast_group4 : globals.vrrp_mcast_group6;
        return meet(`${key} ${mcast_dst_ip ?? general ?? STANDARD_GROUPS[family]}`, undefined, name);
      }
      const met = unicast_peer.map(({ address }) => meet(`${key} ${address}`, unicast_src_ip ?? mcast_src_ip, name));
      return met.find((other) => other !== undefined && other !== name);
    },
  };
}
