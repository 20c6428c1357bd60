// Bytes of tests: written and read as hexadecimal text, and valid bytes made invalid.
import * as fc from 'fast-check';

export function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Valid bytes with a few of them changed. */
export function flipped(valid: Uint8Array): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.nat(valid.length - 1), fc.nat(255));
  return fc.tuple(fc.array(change, { maxLength: 4 }), fc.nat(valid.length)).map(([changes, length]) => {
    const bytes = valid.slice();
    for (const [offset, value] of changes) bytes[offset] = value;
    return bytes.subarray(0, length);
  });
}
