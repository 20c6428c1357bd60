// What strict mode (keepalived.conf(5), "strict_mode", "vrrp_strict") asks of an instance beyond what the other steps
// see to: the state, accept mode, answers to other priorities, and virtual MACs.
import { finding } from '../bind/scope.js';
import type { VrrpInstance } from '../model.js';
import { placeOf } from './settled.js';
import type { Settled } from './settled.js';

type StrictSettings = Pick<
  VrrpInstance,
  'accept' | 'lower_prio_no_advert' | 'higher_prio_send_advert' | 'owner_ignore_adverts'
>;

export function settleStrict(settled: Settled): StrictSettings {
  const { scope, draft, strict } = settled;
  const { globals } = scope.config;
  // RFC 9568 §6.4.3: a Master discards a lower priority without an answer, and gives way to a higher one at once.
  return {
    accept: settleAccept(settled),
    lower_prio_no_advert: strict || (draft.lower_prio_no_advert ?? globals.vrrp_lower_prio_no_advert ?? false),
    higher_prio_send_advert:
      !strict && (draft.higher_prio_send_advert ?? globals.vrrp_higher_prio_send_advert ?? false),
    owner_ignore_adverts: settleOwner(settled),
  };
}

/**
 * RFC 9568 §7.1: an address owner discards advertisements. COMPAT: keepalived takes `false` of an owner for true; here it
 * is what it says. docs/compatibility.md
 */
function settleOwner({ scope, draft, priority, strict }: Settled): boolean {
  const { globals } = scope.config;
  if (priority === 255) return strict || (draft.owner_ignore_adverts ?? globals.vrrp_owner_ignore_adverts ?? false);
  if (draft.owner_ignore_adverts === true) {
    const summary = 'only the address owner (priority 255) can ignore adverts: owner_ignore_adverts is dropped';
    finding(scope, 'conf/not-owner', placeOf(draft, 'owner_ignore_adverts'), summary);
  }
  return false;
}

/** RFC 9568 §6.1, Accept_Mode. */
function settleAccept(settled: Settled): boolean {
  const { scope, draft, version, priority, strict, state } = settled;
  if (!strict) return draft.accept ?? true;
  const report = (keyword: string, summary: string): void =>
    finding(scope, 'conf/strict-mode', placeOf(draft, keyword), summary);
  if ((state === 'MASTER') !== (priority === 255)) {
    report('state', 'in strict mode the address owner (priority 255), and nobody else, has state MASTER');
    settled.state = priority === 255 ? 'MASTER' : 'BACKUP';
  }
  if (draft.at['vmac_xmit_base'] !== undefined) report('vmac_xmit_base', 'strict mode drops vmac_xmit_base');
  if (draft.accept === true && version === 2 && priority !== 255) {
    report('accept', 'RFC 3768 has no accept mode: strict mode drops it');
    return false;
  }
  return draft.accept ?? priority === 255;
}
