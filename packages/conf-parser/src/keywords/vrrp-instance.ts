// vrrp_instance NAME { } (keepalived.conf(5), "VRRP instance(s)"): who it is. What it holds and whom it talks to, how it is
// elected, its links and its scripts are in the instance-*.ts. Defaults that depend on other keywords are applied at completion.
import type { InstanceDraft } from '../bind/drafts.js';
import { enterBlock } from '../bind/enter.js';
import { blockTable, defineKeyword } from '../bind/keyword.js';
import type { Keyword } from '../bind/keyword.js';
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Word } from '../bind/statement.js';
import { suggestFor } from '../suggest.js';
import { takeInterface } from '../values/interface-name.js';
import { announcementKeywords } from './announcement.js';
import { AUTHENTICATION } from './authentication.js';
import { addressingKeywords } from './instance-addressing.js';
import { electionKeywords } from './instance-election.js';
import { linkLayerKeywords } from './instance-link-layer.js';
import { scriptKeywords } from './instance-scripts.js';
import { number, reportInvalid, word } from './kinds.js';
import { trackingKeywords } from './tracking.js';

/** keepalived.conf(5), "priority"; the owner of the addresses has 255. */
export const DEFAULT_PRIORITY = 100;

export function createInstanceDraft(name: string, nameWord: Word): InstanceDraft {
  return {
    at: {},
    name,
    nameWord,
    garp: {},
    virtual_router_id: 0,
    advert_int: 1,
    virtual_ipaddress: [],
    virtual_ipaddress_excluded: [],
    unicast_peer: [],
    unicast: false,
    check_unicast_src: false,
    nopreempt: false,
    preempt_delay: 0,
    skip_check_adv_addr: false,
    track_src_ip: false,
    dont_track_primary: false,
    linkbeat_use_polling: false,
    use_vmac: false,
    vmac_named: false,
    notify_webhook: [],
  };
}

const identity: readonly Keyword<InstanceDraft>[] = [
  word({
    name: 'state',
    parameters: 'MASTER|BACKUP',
    default: 'BACKUP; MASTER with priority 255',
    doc: 'The role to start in. MASTER does not skip the election, except with priority 255.',
    set: setState,
  }),
  word({
    name: 'interface',
    parameters: 'IFNAME',
    doc: 'Where adverts are sent and received.',
    set(draft, text, scope, at) {
      if (text === 'lo') {
        // COMPAT: what an earlier line named is gone.
        delete draft.interface;
        reportInvalid(scope, at, 'VRRP cannot run on the loopback interface');
      } else if (takeInterface(scope, at)) draft.interface = text;
    },
  }),
  number({
    name: 'virtual_router_id',
    strict: true,
    min: 1,
    max: 255,
    doc: 'VRID: the same on every node of a virtual router, different from every other on the network. Required.',
    set: (draft, value) => void (draft.virtual_router_id = value),
  }),
  number({
    name: 'priority',
    strict: true,
    min: 1,
    max: 255,
    default: '100; 255 with state MASTER',
    doc: 'The highest becomes Master; 255 is the owner of the addresses. One that cannot be used counts as 100.',
    set: (draft, value) => void (draft.priority = value),
    // Not the default: with state MASTER that would make an owner of a router somebody meant to be ordinary.
    invalid: (draft) => void (draft.priority = DEFAULT_PRIORITY),
  }),
  number({
    name: 'advert_int',
    min: 0.01,
    max: 255,
    decimals: 6,
    default: '1',
    doc: 'Seconds between adverts: whole in version 2, steps of 0.01 up to 40.95 in version 3.',
    set: (draft, value) => void (draft.advert_int = value),
  }),
  number({
    name: 'version',
    min: 2,
    max: 3,
    default: 'vrrp_version of global_defs; 3 for IPv6',
    doc: 'VRRP version.',
    set(draft, value, scope, at) {
      if (draft.version !== undefined && draft.version !== value) {
        // COMPAT: the first version stays.
        const summary = `${draft.name} is version ${draft.version} already; version ${value} is not used`;
        finding(scope, 'conf/duplicate-keyword', wordSpan(at), summary, { severity: 'error' });
      } else if (value === 2 && draft.family === 6) {
        finding(scope, 'conf/address-family', wordSpan(at), 'version 2 has no IPv6; version 3 is used');
      } else draft.version = value === 2 ? 2 : 3;
    },
  }),
  defineKeyword({ name: 'authentication', doc: 'Version 2 only.' }, '{ auth_type, auth_pass }', {
    needs: 0,
    takes: 0,
    repeatable: true,
    block: () => AUTHENTICATION,
    bind: (_scope, draft) => ({ kind: 'block', entered: enterBlock(AUTHENTICATION, draft) }),
  }),
];

export const VRRP_INSTANCE = blockTable<InstanceDraft>(
  'vrrp_instance',
  'One virtual router as this node takes part in it.',
  () => [
    ...identity,
    ...addressingKeywords,
    ...electionKeywords,
    ...announcementKeywords<InstanceDraft>(''),
    ...trackingKeywords<InstanceDraft>(),
    ...linkLayerKeywords,
    ...scriptKeywords,
  ],
);

function setState(draft: InstanceDraft, text: string, scope: Scope, at: Word): void {
  if (text !== 'MASTER' && text !== 'BACKUP') {
    const span = wordSpan(at);
    finding(
      scope,
      'conf/invalid-value',
      span,
      `state is MASTER or BACKUP, not ${JSON.stringify(text)}: BACKUP is used`,
      {
        suggestion: suggestFor(scope, span, text, ['MASTER', 'BACKUP']),
      },
    );
    draft.state = 'BACKUP';
    return;
  }
  if (draft.state === 'MASTER' && text === 'BACKUP') {
    finding(scope, 'conf/duplicate-keyword', wordSpan(at), 'the state was set to MASTER before, and stays so', {
      severity: 'error',
    });
    return;
  }
  draft.state = text;
}
