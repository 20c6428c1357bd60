// Errors as Node.js throws them for system calls, read by shape: `instanceof` fails across realms (jest, vm).

/** The errno name (`ENOENT`), undefined for anything else that was thrown. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export function messageOf(error: unknown): string {
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return String(message);
}
