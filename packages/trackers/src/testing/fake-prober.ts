// Probes whose results a test sets. Passes the same contract as the real prober (proberContract).

import type { Clock } from '../clock.js';
import type {
  CancelProbe,
  ConnectResult,
  FileAgeResult,
  HttpRequest,
  HttpResult,
  PingResult,
  Prober,
  UnitResult,
} from '../prober.js';

export interface FakeResults {
  /** By `host:port`, URL, address, path and unit; undefined is a probe that never ends. */
  readonly connect?: Readonly<Record<string, ConnectResult | undefined>>;
  readonly get?: Readonly<Record<string, HttpResult | undefined>>;
  readonly ping?: Readonly<Record<string, PingResult | undefined>>;
  readonly fileAge?: Readonly<Record<string, FileAgeResult | undefined>>;
  readonly unit?: Readonly<Record<string, UnitResult | undefined>>;
}

export class FakeProber implements Prober {
  readonly #clock: Clock;
  /** µs a probe takes. */
  readonly takes: number;
  results: FakeResults = {};
  #open = 0;

  constructor(clock: Clock, takes = 1_000) {
    this.#clock = clock;
    this.takes = takes;
  }

  /** Probes on their way. */
  get open(): number {
    return this.#open;
  }

  connect(
    { host, port }: { readonly host: string; readonly port: number },
    onEnd: (result: ConnectResult) => void,
  ): CancelProbe {
    return this.#answer(this.results.connect?.[`${host}:${port}`], onEnd);
  }

  get({ url, wantsBody }: HttpRequest, onEnd: (result: HttpResult) => void): CancelProbe {
    const result = this.results.get?.[url];
    return this.#answer(result?.kind === 'response' && !wantsBody ? { ...result, body: '' } : result, onEnd);
  }

  ping(address: string, onEnd: (result: PingResult) => void): CancelProbe {
    return this.#answer(this.results.ping?.[address], onEnd);
  }

  fileAge(path: string, onEnd: (result: FileAgeResult) => void): CancelProbe {
    return this.#answer(this.results.fileAge?.[path], onEnd);
  }

  unit(name: string, onEnd: (result: UnitResult) => void): CancelProbe {
    return this.#answer(this.results.unit?.[name], onEnd);
  }

  #answer<Result>(result: Result | undefined, onEnd: (result: Result) => void): CancelProbe {
    let open = true;
    this.#open += 1;
    const close = (): void => {
      if (open) this.#open -= 1;
      open = false;
    };
    const cancel =
      result === undefined
        ? close
        : this.#clock.schedule(this.#clock.now() + this.takes, () => {
            close();
            onEnd(result);
          });
    return () => {
      cancel();
      close();
    };
  }
}
