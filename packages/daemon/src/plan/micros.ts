// The file has seconds, everything below the plan has whole microseconds.
import { MICROS_PER_SECOND } from '@vrrp/state-machine';

export function micros(seconds: number): number {
  return Math.round(seconds * MICROS_PER_SECOND);
}
