// Which of the capabilities a VRRP router needs this process lacks (capabilities(7)). Pure parsing; one reader.
import { readFileSync } from 'node:fs';

/** linux/capability.h */
const NEEDED = [
  { bit: 12n, name: 'CAP_NET_ADMIN', what: 'put addresses on interfaces' },
  { bit: 13n, name: 'CAP_NET_RAW', what: 'open raw sockets' },
] as const;

/** One sentence for each that is missing; none when /proc does not say. */
export function missingCapabilities(): readonly string[] {
  try {
    return missingIn(readFileSync('/proc/self/status', 'utf8'));
  } catch {
    return [];
  }
}

/** @param status the text of /proc/PID/status. */
export function missingIn(status: string): readonly string[] {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (effective === undefined) return [];
  const held = BigInt(`0x${effective}`);
  return NEEDED.filter(({ bit }) => (held & (1n << bit)) === 0n).map(
    ({ name, what }) => `cannot ${what}: ${name} is missing`,
  );
}
