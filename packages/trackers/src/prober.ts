// The port through which built-in checks look at the world. Implemented by src/node/prober.ts and by FakeProber;
// both pass the same contract (./testing). A probe has no time limit of its own: whoever starts it cancels it.

export type ProbeFailure =
  | {
      readonly kind: 'failed';
      readonly reason: 'refused' | 'unreachable' | 'name-not-found' | 'connection-lost' | 'tls-failure';
      /** For people; the same words each time for the same failure. */
      readonly detail: string;
    }
  /** The probe itself could not be made. */
  | { readonly kind: 'cannot-run'; readonly message: string };

export type ConnectResult = { readonly kind: 'connected' } | ProbeFailure;
export type HttpResult =
  /** `body`: its first `BODY_LIMIT` bytes, one character each; '' unless it was asked for. */
  { readonly kind: 'response'; readonly status: number; readonly body: string } | ProbeFailure;
export type PingResult = { readonly kind: 'replied' } | ProbeFailure;
export type FileAgeResult =
  /** µs since it was last written, never negative. */
  { readonly kind: 'age'; readonly age: number } | { readonly kind: 'missing' } | ProbeFailure;

export type UnitResult =
  { readonly kind: 'active' } | { readonly kind: 'inactive' } | { readonly kind: 'missing' } | ProbeFailure;

export interface HttpRequest {
  readonly url: string;
  readonly verify: boolean;
  readonly wantsBody: boolean;
}

/** Each probe calls `onEnd` once, never from within the call, and not at all once it was cancelled: then nothing of it is left. */
export interface Prober {
  connect(
    target: { readonly host: string; readonly port: number },
    onEnd: (result: ConnectResult) => void,
  ): CancelProbe;
  /** One GET; a redirection is a response like any other. */
  get(request: HttpRequest, onEnd: (result: HttpResult) => void): CancelProbe;
  /** One echo request. */
  ping(address: string, onEnd: (result: PingResult) => void): CancelProbe;
  fileAge(path: string, onEnd: (result: FileAgeResult) => void): CancelProbe;
  /** Whether a unit of systemd is active. */
  unit(name: string, onEnd: (result: UnitResult) => void): CancelProbe;
}

export type CancelProbe = () => void;

/** Bytes of a response that are read at most. */
export const BODY_LIMIT = 65_536;
