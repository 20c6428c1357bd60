// The TypeScript half of a message batch: the slab of equal slots, each [name | control | payload], and four integers per
// slot that the addon fills when it receives and reads when it sends. Knows nothing of what the bytes mean.
import { markAsUntransferable } from 'node:worker_threads';

import type { NativeAddon, NativeMessageBatch } from './addon.js';

export interface SlotShape {
  /** Messages per system call, 1..1024. */
  readonly slots: number;
  /** Room for a socket address, for ancillary data and for the payload, in bytes, each a multiple of 8. */
  readonly nameBytes: number;
  readonly controlBytes: number;
  readonly payloadBytes: number;
}

const PAYLOAD = 0;
const NAME = 1;
const CONTROL = 2;
const RESULT = 3;
const FIELDS = 4;

export class SlotBatch {
  readonly native: NativeMessageBatch;
  readonly slots: number;
  readonly slab: Uint8Array;
  readonly view: DataView;
  readonly #lengths: Int32Array;
  readonly #shape: SlotShape;
  readonly #stride: number;

  constructor(addon: NativeAddon, shape: SlotShape) {
    this.#shape = shape;
    this.#stride = shape.nameBytes + shape.controlBytes + shape.payloadBytes;
    this.slots = shape.slots;
    this.slab = new Uint8Array(shape.slots * this.#stride);
    this.view = new DataView(this.slab.buffer);
    this.#lengths = new Int32Array(shape.slots * FIELDS);
    // The addon keeps pointers into both: a postMessage that moved them to another thread would leave it writing nowhere.
    markAsUntransferable(this.slab.buffer);
    markAsUntransferable(this.#lengths.buffer);
    this.native = new addon.MessageBatch(
      this.slab,
      this.#lengths,
      shape.slots,
      shape.nameBytes,
      shape.controlBytes,
      shape.payloadBytes,
    );
  }

  /** Offset in the slab of a slot's socket address. */
  nameOffset(slot: number): number {
    return slot * this.#stride;
  }

  controlOffset(slot: number): number {
    return slot * this.#stride + this.#shape.nameBytes;
  }

  payloadOffset(slot: number): number {
    return slot * this.#stride + this.#shape.nameBytes + this.#shape.controlBytes;
  }

  /** Bytes that came, never more than the slot holds. */
  payloadLength(slot: number): number {
    return Math.min(this.#lengths[slot * FIELDS + PAYLOAD] ?? 0, this.#shape.payloadBytes);
  }

  controlLength(slot: number): number {
    return this.#lengths[slot * FIELDS + CONTROL] ?? 0;
  }

  nameLength(slot: number): number {
    return this.#lengths[slot * FIELDS + NAME] ?? 0;
  }

  /** After receiving: the MSG_* flags. After sending: 0 or a positive errno. */
  result(slot: number): number {
    return this.#lengths[slot * FIELDS + RESULT] ?? 0;
  }

  payload(slot: number): Uint8Array {
    const offset = this.payloadOffset(slot);
    return this.slab.subarray(offset, offset + this.payloadLength(slot));
  }

  /** Puts a message to send into a slot. @throws RangeError when a part is longer than its room. */
  put(slot: number, payload: Uint8Array, name: Uint8Array = NOTHING, control: Uint8Array = NOTHING): void {
    const { payloadBytes, nameBytes, controlBytes } = this.#shape;
    if (payload.length > payloadBytes || name.length > nameBytes || control.length > controlBytes) {
      throw new RangeError(`a message of ${payload.length} bytes does not fit: the limit is ${payloadBytes}`);
    }
    this.slab.set(name, this.nameOffset(slot));
    this.slab.set(control, this.controlOffset(slot));
    this.slab.set(payload, this.payloadOffset(slot));
    const start = slot * FIELDS;
    this.#lengths[start + PAYLOAD] = payload.length;
    this.#lengths[start + NAME] = name.length;
    this.#lengths[start + CONTROL] = control.length;
  }
}

const NOTHING = new Uint8Array(0);
