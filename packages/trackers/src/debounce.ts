// Delays: a change counts when it has stood for its delay (interface_up_down_delays, fork_delay, terminate_delay).
// Pure. Times in µs of the caller's clock.

export interface DebounceState {
  readonly current: boolean;
  /** The change that waits for its time. */
  readonly pending?: { readonly value: boolean; readonly at: number };
}

/** What was seen at `now`; `delay` is how long this change must stand. A change back takes a waiting one away. */
export function observeDebounced(state: DebounceState, value: boolean, delay: number, now: number): DebounceState {
  if (value === state.current) return { current: state.current };
  if (delay <= 0) return { current: value };
  // Seen again while it waits: the time runs from the first sight.
  return { current: state.current, pending: state.pending ?? { value, at: now + delay } };
}

/** The state at `now`: a change whose time has come counts. */
export function expireDebounced(state: DebounceState, now: number): DebounceState {
  const { pending } = state;
  return pending !== undefined && now >= pending.at ? { current: pending.value } : state;
}
