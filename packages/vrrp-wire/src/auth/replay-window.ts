// The anti-replay window of the Authentication Header (RFC 2402 §3.4.3) as a pure step: which sequence numbers of one
// sender have been seen. With size 1 only a number higher than all before is taken.

/** The largest window, and the default: RFC 2402 §3.4.3 asks for at least 32. */
export const REPLAY_WINDOW_SIZE = 32;

export interface ReplayWindow {
  /** The highest sequence number accepted, 0 before the first. */
  readonly highest: number;
  /** Bit n says whether `highest - n` was accepted. */
  readonly seen: number;
}

export const EMPTY_REPLAY_WINDOW: ReplayWindow = { highest: 0, seen: 0 };

/**
 * Judges a sequence number whose integrity check value is already known to be right, and gives the window after it.
 * @param size 1..32
 * @throws RangeError for another size.
 */
export function acceptSequence(
  window: ReplayWindow,
  sequence: number,
  size = REPLAY_WINDOW_SIZE,
): { readonly accepted: boolean; readonly window: ReplayWindow } {
  if (!Number.isInteger(size) || size < 1 || size > REPLAY_WINDOW_SIZE) {
    throw new RangeError(`a replay window has 1..${REPLAY_WINDOW_SIZE} numbers, got ${size}`);
  }
  // RFC 2402 §2.5: the first number is 1, so 0 is never sent.
  if (sequence === 0) return { accepted: false, window };
  if (sequence > window.highest) {
    const advance = sequence - window.highest;
    // JavaScript shifts by the count modulo 32.
    const kept = advance < REPLAY_WINDOW_SIZE ? window.seen << advance : 0;
    return { accepted: true, window: { highest: sequence, seen: (kept | 1) >>> 0 } };
  }
  const age = window.highest - sequence;
  if (age >= size || ((window.seen >>> age) & 1) === 1) return { accepted: false, window };
  return { accepted: true, window: { highest: window.highest, seen: (window.seen | (1 << age)) >>> 0 } };
}
