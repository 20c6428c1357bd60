// Interface names: at most 15 bytes (IFNAMSIZ). Whether the interface is there is asked when everything has been read,
// because dynamic_interfaces may stand anywhere in the configuration.
import type { InterfaceUse } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Word } from '../bind/statement.js';
import { byteLength } from './byte-length.js';

export const MAX_INTERFACE_NAME = 15;

/** Notes that an interface of this name has to be there; the name, cut off as keepalived does where none is there yet. */
export function requireInterface(scope: Scope, word: Word, need: InterfaceUse['need'] = 'required'): string {
  scope.config.interfaceUses.push({ word, need });
  const name = word.text.slice(0, MAX_INTERFACE_NAME);
  if (name !== word.text) {
    finding(
      scope,
      'conf/invalid-value',
      wordSpan(word),
      `an interface name has at most ${MAX_INTERFACE_NAME} characters: this is ${name}`,
      { severity: 'warning' },
    );
  }
  return name;
}

/** The same for the interface of an instance, whose name keepalived measures; false when it is too long to be used. */
export function takeInterface(scope: Scope, word: Word): boolean {
  if (byteLength(word.text) > MAX_INTERFACE_NAME) {
    finding(scope, 'conf/invalid-value', wordSpan(word), `an interface name has at most ${MAX_INTERFACE_NAME} bytes`);
    return false;
  }
  requireInterface(scope, word);
  return true;
}
