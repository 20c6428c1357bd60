// Drivers that exist only in memory: each link answers in the ways it was given, and with what it was given.

import type { BeatMethod, BeatReading } from '../linkbeat.js';
import type { BeatProbe } from '../linkbeat-watch.js';

export class FakeBeats implements BeatProbe {
  readonly #readings = new Map<string, Readonly<Partial<Record<BeatMethod, BeatReading>>>>();
  /** Every question so far, as "eth0 mii". */
  readonly asked: string[] = [];

  /** A way that is left out does not answer; a link without `ioctl` does not exist. */
  set(link: string, readings: Readonly<Partial<Record<BeatMethod, BeatReading>>>): void {
    this.#readings.set(link, readings);
  }

  read(link: string, method: BeatMethod): BeatReading {
    this.asked.push(`${link} ${method}`);
    return this.#readings.get(link)?.[method] ?? 'unknown';
  }
}
