// Interface names: at most 15 bytes (IFNAMSIZ). Whether the interface is there is asked when everything has been read,
// because dynamic_interfaces may stand anywhere in the configuration.
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Word } from '../bind/statement.js';

export const MAX_INTERFACE_NAME = 15;

/** Reports a name that is too long; false when keepalived does not use it. */
export function checkInterface(scope: Scope, word: Word): boolean {
  if (word.text.length > MAX_INTERFACE_NAME) {
    finding(
      scope,
      'conf/invalid-value',
      wordSpan(word),
      `an interface name has at most ${MAX_INTERFACE_NAME} characters`,
    );
    return false;
  }
  scope.config.interfaceUses.push(word);
  return true;
}
