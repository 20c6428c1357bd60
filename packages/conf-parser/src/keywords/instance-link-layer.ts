// vrrp_instance: virtual MACs, and how the links of a virtual router are watched (keepalived.conf(5), "use_vmac" and
// following).
import type { InstanceDraft } from '../bind/drafts.js';
import type { Keyword } from '../bind/keyword.js';
import { finding } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import { parseIpAddress } from '../ip-address.js';
import { takeVirtualMac } from '../values/virtual-mac.js';
import { extraInterfaceKeywords } from './announcement.js';
import { settleFamily } from './instance-addressing.js';
import { flag, word, words } from './kinds.js';

const unsupported = { support: 'unsupported' } as const;

const addressOf = (text: string) => parseIpAddress(text.split('/')[0] ?? '');

export const linkLayerKeywords: readonly Keyword<InstanceDraft>[] = [
  words({
    name: 'use_vmac',
    parameters: '[NAME] [name NAME] [MAC] [group G] [netlink_notify_msg]',
    needs: 0,
    takes: 6,
    ...unsupported,
    doc: 'Advertise and answer from the virtual router MAC address.',
    set: takeVirtualMac,
  }),
  flag({ name: 'use_vmac_addr', ...unsupported, doc: 'Virtual MACs also for addresses on other interfaces.' }),
  flag({ name: 'vmac_xmit_base', ...unsupported, doc: 'Send adverts from the interface below the virtual MAC.' }),
  words({
    name: 'use_ipvlan',
    parameters: '[NAME] [name NAME] [ADDR[/LEN]] [group G] [bridge|private|vepa]',
    needs: 0,
    takes: 6,
    ...unsupported,
    doc: 'Hold the addresses on an ipvlan interface. IPv4 needs an address for it.',
    set(draft, statement, scope) {
      const address = statement.words.find(({ text }) => addressOf(text) !== undefined);
      const family = address === undefined ? undefined : addressOf(address.text)?.family;
      const isUsable = address !== undefined && family !== undefined && settleFamily(scope, draft, family, address);
      draft.ipvlan = { address: isUsable };
    },
  }),
  ...extraInterfaceKeywords<InstanceDraft>('garp_extra_if', 'vmac_garp_intvl', 0),
  word({
    name: 'lvs_sync_daemon_interface',
    parameters: 'IFNAME',
    ...unsupported,
    doc: 'Deprecated: see lvs_sync_daemon of global_defs.',
    set: (_draft, _name, scope, at) =>
      finding(scope, 'conf/deprecated-keyword', wordSpan(at), 'lvs_sync_daemon of global_defs says this now', {
        keepalived: 'general',
      }),
  }),
  flag({
    name: 'linkbeat_use_polling',
    complaint: 'the interface belongs in linkbeat_interfaces instead',
    doc: 'Deprecated: linkbeat_interfaces, for the interface of this instance.',
    set: (draft) => void (draft.linkbeat_use_polling = true),
  }),
  flag({
    name: 'promote_secondaries',
    ...unsupported,
    doc: 'Keep other addresses of the network when one is removed.',
  }),
];
