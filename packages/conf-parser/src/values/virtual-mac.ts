// The words after use_vmac (keepalived.conf(5), "use_vmac"): the name of the interface and its MAC address, in any order.
import type { InstanceDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Statement, Word } from '../bind/statement.js';

export function takeVirtualMac(draft: InstanceDraft, { words }: Statement, scope: Scope): void {
  draft.use_vmac = true;
  for (const word of words) {
    const problem = word.text.includes(':') ? addressProblem(word.text) : nameProblem(draft, scope, word);
    if (problem !== undefined) finding(scope, 'conf/invalid-option', wordSpan(word), problem);
  }
}

function nameProblem(draft: InstanceDraft, scope: Scope, { text }: Word): string | undefined {
  if (draft.vmac_named) return 'a virtual MAC has one interface name';
  if (text === '' || text.length > MAX_NAME || /[/\s]/.test(text)) {
    return `${JSON.stringify(text)} is no name of an interface; it is left out`;
  }
  // Whether one that is there is a macvlan of an earlier run is not asked.
  if (scope.facts.interfaceExists?.(text) === true)
    return `there is an interface ${text} already; the name is left out`;
  draft.vmac_named = true;
  return undefined;
}

/** Six octets, or five and the VRID. */
function addressProblem(text: string): string | undefined {
  // What follows the sixth octet is not looked at.
  const octets = text.replace(/:$/, '').split(':').slice(0, 6);
  if (octets.length < 5 || !octets.every((octet) => OCTET.test(octet))) {
    return `${text} is no MAC address; it is left out`;
  }
  const [first = 0, ...rest] = octets.map((octet) => Number.parseInt(octet, 16));
  if ((first & 1) !== 0) return `${text} is the address of a group; it is left out`;
  const [second, third, fourth, fifth] = rest;
  const reserved = first === 0 && second === 0 && third === 0x5e && fourth === 0 && (fifth === 1 || fifth === 2);
  return reserved ? `${text} is an address of RFC 9568 itself; it is left out` : undefined;
}

const MAX_NAME = 15;
const OCTET = /^[\da-f]{1,2}$/i;
