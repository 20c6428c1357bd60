// Text for a terminal, pure: what a script or a file wrote into a reason does not get to move the cursor.

/** Control characters become `\x1b` and the like. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
