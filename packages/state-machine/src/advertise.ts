// Sending advertisements: once, or as the Adver_Timer's own (RFC 9568 §6.2, §6.4.3). When is decided in the role files.
import { count, ownTimers } from './turn.js';
import type { Turn } from './turn.js';

/** Sends one advertisement; the timer of the next one stays as it is. */
export function sendAdvertisement(turn: Turn, priority: number): void {
  turn.actions.push({ kind: 'send-advertisement', priority });
  count(turn, 'advertisementsSent');
}

/** Advertises now; the next one is due an interval from now. */
export function advertise(turn: Turn): void {
  sendAdvertisement(turn, turn.router.priority);
  ownTimers(turn).advertisement = turn.at + turn.router.config.advertisementInterval;
}
