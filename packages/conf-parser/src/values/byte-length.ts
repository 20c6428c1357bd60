// How long a text is for the kernel and on the wire: keepalived measures names and passwords in bytes.

/** Of its UTF-8 form, without TextEncoder, which the language itself does not have. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += bytesOf(character);
  return bytes;
}

/** The least whole characters that hold the first `limit` bytes: a cut in the middle of one is for who has the bytes. */
export function firstBytes(text: string, limit: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    if (bytes >= limit) break;
    bytes += bytesOf(character);
    end += character.length;
  }
  return text.slice(0, end);
}

function bytesOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x80) return 1;
  return point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
}
