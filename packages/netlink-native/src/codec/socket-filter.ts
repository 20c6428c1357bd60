// Classic BPF programs (bpf(4)) as the array of struct sock_filter that SO_ATTACH_FILTER takes.
import { HOST_LITTLE_ENDIAN, viewOf } from './byte-order.js';

/** struct sock_filter: code, jt, jf, k. */
export type Instruction = readonly [code: number, jumpTrue: number, jumpFalse: number, value: number];

const INSTRUCTION_BYTES = 8;

export function encodeSocketFilter(program: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(program.length * INSTRUCTION_BYTES);
  const view = viewOf(bytes);
  for (const [index, [code, jumpTrue, jumpFalse, value]] of program.entries()) {
    const start = index * INSTRUCTION_BYTES;
    view.setUint16(start, code, HOST_LITTLE_ENDIAN);
    view.setUint8(start + 2, jumpTrue);
    view.setUint8(start + 3, jumpFalse);
    view.setUint32(start + 4, value, HOST_LITTLE_ENDIAN);
  }
  return bytes;
}
