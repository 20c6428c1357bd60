// The catalogue of diagnostic codes: every code there is, with its usual severity and what it means in one line.
// docs/reference/diagnostics.md explains each; a test checks that the two and the parser name the same codes.
import type { Severity } from './diagnostic.js';

export interface CodeEntry {
  readonly severity: Severity;
  readonly title: string;
}

const error = (title: string): CodeEntry => ({ severity: 'error', title });
const info = (title: string): CodeEntry => ({ severity: 'info', title });
const warning = (title: string): CodeEntry => ({ severity: 'warning', title });

export const DIAGNOSTIC_CODES = {
  'conf/file-not-found': error('the configuration file cannot be read'),
  'conf/include-not-found': warning('an include matches no file that can be read'),
  'conf/include-skipped': warning('an included path is a directory or has an execute bit'),
  'conf/include-cycle': error('a file includes itself'),
  'conf/expansion-limit': error('definitions, sequences or includes expand without end'),
  'conf/invalid-sequence': error('a ~SEQ or ~LST that cannot be read'),
  'conf/line-too-long': error('a line longer than keepalived reads at once'),
  'conf/nul-character': warning('a NUL character, which ends the line it is on'),
  'conf/unterminated-quote': error('a double quote without its partner on the line'),
  'conf/unknown-keyword': error('a word that is no keyword of its block'),
  'conf/unexpected-brace': error('a { that opens no block'),
  'conf/missing-opening-brace': error('a block without its {'),
  'conf/missing-closing-brace': error('a block without its }'),
  'conf/extra-closing-brace': error('a } that closes no block'),
  'conf/unread-block': warning('a block that keepalived never sees, because one before it is not closed'),
  'conf/extra-words': warning('words after a statement that nobody reads'),
  'conf/missing-argument': error('a keyword without the argument it needs'),
  'conf/missing-name': error('a block that needs exactly one name'),
  'conf/duplicate-name': error('two blocks of one kind with the same name'),
  'conf/duplicate-keyword': warning('a keyword given twice of which one counts'),
  'conf/invalid-number': error('a number that cannot be read as one'),
  'conf/out-of-range': error('a number outside its range'),
  'conf/invalid-value': error('a word that is none of the values a keyword takes'),
  'conf/invalid-address': error('an address or prefix length that cannot be used'),
  'conf/invalid-option': error('an option of an item that cannot be used'),
  'conf/address-family': error('an address of the other family'),
  'conf/unknown-interface': error('an interface this machine does not have'),
  'conf/unknown-namespace': error('a network namespace this machine does not have'),
  'conf/unknown-reference': error('a name of a tracked object, group or instance that is not defined above'),
  'conf/unknown-user': error('a user or group this machine does not have'),
  'conf/unsupported-keyword': warning('a keyword vrrpd does not act on yet'),
  'conf/unsupported-value': warning('a value or option vrrpd does not act on yet'),
  'conf/ignored-keyword': warning('a keyword that has no effect in vrrpd'),
  'conf/newer-keyword': warning('a keyword that keepalived 2.2.7 does not have'),
  'conf/deprecated-keyword': warning('an old name or form of a keyword'),
  'conf/virtual-router-id-missing': error('a vrrp_instance without virtual_router_id'),
  'conf/interface-missing': error('a vrrp_instance without interface'),
  'conf/no-virtual-address': error('a vrrp_instance without virtual addresses'),
  'conf/packet-too-big': warning('more addresses than one advert carries'),
  'conf/first-address': warning('a first IPv6 address that is not link-local'),
  'conf/vrid-conflict': error('two instances with one VRID, family and interface'),
  'conf/interval-rounded': error('an advertisement interval the version cannot send'),
  'conf/password-truncated': error('an auth_pass longer than the eight bytes that are sent'),
  'conf/authentication-dropped': error('authentication that cannot be used'),
  'conf/preempt-conflict': error('a word about preemption where it cannot work'),
  'conf/not-owner': error('what only an address owner (priority 255) can do'),
  'conf/strict-mode': error('what vrrp_strict takes away'),
  'conf/unicast-without-peers': error('unicast keywords without unicast peers'),
  'conf/script-missing': error('a script that is not there'),
  'conf/script-security': error('scripts without script security'),
  'conf/script-unsafe': warning('a script that somebody other than root could change'),
  'conf/mail-settings': warning('mail settings that cannot do what they are for'),
  'conf/weight-without-effect': warning('a weight that can never move the address'),
  'conf/address-not-answering': info('virtual addresses that will not answer'),
  'conf/node-missing': warning('a virtual router that only one node has'),
  'conf/node-mismatch': error('nodes of one virtual router that do not agree'),
} as const satisfies Record<string, CodeEntry>;

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;
