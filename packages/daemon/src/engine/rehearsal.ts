// Rehearses a takeover before there is one: the decisions and the datagram of a virtual router are made a few times from a
// copy and thrown away, so that the real takeover runs compiled code. Measured: it takes 2 ms off the first advertisement
// of a process that was quiet. Nothing is sent, nothing is changed.
import { create, nextDeadline, step, type Event, type VirtualRouterState } from '@vrrp/state-machine';
import type { DesiredVirtualRouter } from '../plan/desired.js';
import { Transmitter } from './transmitter.js';

/** V8 compiles a function's bytecode on its first call and settles its types within a few more. */
const REHEARSALS = 25;
/** Documentation addresses (RFC 5737, RFC 3849): they are never put on a wire. */
const STAGE_ADDRESS = { 4: '192.0.2.1', 6: '2001:db8::1' } as const;

export function rehearseTakeover(desired: DesiredVirtualRouter): void {
  const address = STAGE_ADDRESS[desired.config.family];
  const transmitter = new Transmitter(desired, address);
  for (let round = 0; round < REHEARSALS; round += 1) {
    const state = playTakeover(desired, address);
    transmitter.build(state.priority, state.checksumForm);
  }
}

/** Startup, silence until Master, one advertisement, shutdown: in the machine's own time, which begins at 0. */
function playTakeover(desired: DesiredVirtualRouter, address: string): VirtualRouterState {
  let state = create({ ...desired.config, trackedObjects: [] });
  const play = (event: Event): void => {
    ({ state } = step(state, event));
  };
  play({ at: 0, kind: 'link', up: true });
  play({ at: 0, kind: 'primary-address', address });
  play({ at: 0, kind: 'startup' });
  for (let wakes = 0; wakes < 2; wakes += 1) {
    const at = nextDeadline(state);
    if (at !== undefined) play({ at, kind: 'time' });
  }
  play({ at: nextDeadline(state) ?? 0, kind: 'shutdown' });
  return state;
}
