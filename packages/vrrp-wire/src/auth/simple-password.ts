// Simple text password, version 2 authentication type 1: 8 bytes, NUL padded, in clear (RFC 2338 §5.3.10, §10.3).
// It tells clusters apart; it protects against nothing else.
import { AUTH_DATA_LENGTH } from '../constants.js';

/** The 8 bytes of a password: the first 8 of its UTF-8 form (as keepalived cuts it), NUL padded. */
export function encodePassword(text: string): Uint8Array {
  const bytes = new Uint8Array(AUTH_DATA_LENGTH);
  bytes.set(utf8(text).slice(0, AUTH_DATA_LENGTH));
  return bytes;
}

/** Whether `encodePassword` had to cut the text. */
export function isPasswordTruncated(text: string): boolean {
  return utf8(text).length > AUTH_DATA_LENGTH;
}

/**
 * Whether the 8 bytes at `offset` are the password. Looks at all 8 whatever they hold, so timing tells nothing.
 * @throws RangeError when `password` does not have 8 bytes.
 */
export function samePassword(bytes: Uint8Array, offset: number, password: Uint8Array): boolean {
  if (password.length !== AUTH_DATA_LENGTH) throw new RangeError(`a password has 8 bytes, got ${password.length}`);
  let difference = bytes.length < offset + AUTH_DATA_LENGTH ? 1 : 0;
  for (let i = 0; i < AUTH_DATA_LENGTH; i += 1) difference |= (bytes[offset + i] ?? 0) ^ (password[i] ?? 0);
  return difference === 0;
}

/** UTF-8 without TextEncoder, which the language itself does not have; lone surrogates become U+FFFD. */
function utf8(text: string): readonly number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    const code = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    else if (code < 0x1_0000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else {
      bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f));
      bytes.push(0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    }
  }
  return bytes;
}
