// What a configuration must satisfy before a virtual router can be made of it: the ranges of RFC 9568 §5.2 and §6.1.
// A wrong value here is the caller's mistake and throws; text of users is judged earlier, by the configuration parser.
import { ipFamily } from '@vrrp/wire';
import type { AnnouncementPolicy, VirtualRouterConfig } from './config.js';
import { PRIORITY_MAX, PRIORITY_MIN } from './priority.js';
import { MICROS_PER_CENTISECOND, MICROS_PER_SECOND } from './timing.js';

/** Largest interval of version 2, seconds: one byte (RFC 3768 §5.3.7). */
const INTERVAL_V2_MAX = 255;
/** Largest interval of version 3, centiseconds: twelve bits (RFC 9568 §5.2.7). */
const INTERVAL_V3_MAX = 4095;
const DOWN_TIMER_ADVERTS_MAX = 100;
const PASSWORD_LENGTH = 8;
const WEIGHT_MAX = 254;

/**
 * @throws RangeError for a number out of range; TypeError for something that is not an address, or combinations that
 *   cannot be (version 2 over IPv6, a password in version 3).
 */
export function checkConfig(config: VirtualRouterConfig): void {
  requireRange('vrid', config.vrid, 1, 255);
  requireRange('priority', config.priority, 1, 255);
  requireRange('downTimerAdverts', config.downTimerAdverts, 1, DOWN_TIMER_ADVERTS_MAX);
  requireRange('number of virtual addresses', config.virtualAddresses.length, 0, 255);
  checkInterval(config);
  requireTime('preemptDelay', config.preemptDelay);
  requireTime('startupDelay', config.startupDelay);
  checkAnnouncements(config.announcements);
  if (config.version === 2 && config.family === 6) throw new TypeError('version 2 has no IPv6');
  for (const address of config.virtualAddresses) requireFamily('virtual address', address, config.family);
  if (config.unicast === undefined) requireFamily('multicastGroup', config.multicastGroup, config.family);
  else for (const peer of config.unicast.peers) requireFamily('unicast peer', peer.address, config.family);
  if (config.authentication.kind === 'simple-password') {
    if (config.version === 3) throw new TypeError('version 3 has no authentication (RFC 9568 §9)');
    requireRange('length of the password', config.authentication.password.length, PASSWORD_LENGTH, PASSWORD_LENGTH);
  }
  const { highestOtherPriority } = config;
  if (highestOtherPriority !== undefined) {
    requireRange('highestOtherPriority', highestOtherPriority, PRIORITY_MIN, PRIORITY_MAX);
  }
  for (const tracked of config.trackedObjects) {
    requireRange(`weight of ${tracked.kind} ${tracked.name}`, tracked.weight, -WEIGHT_MAX, WEIGHT_MAX);
  }
}

/** What two configurations of one virtual router must have in common; anything else makes it another virtual router. */
export function checkSameIdentity(before: VirtualRouterConfig, after: VirtualRouterConfig): void {
  if (before.vrid === after.vrid && before.family === after.family && before.interface === after.interface) return;
  throw new TypeError('vrid, family and interface make a virtual router what it is: stop this one and create another');
}

function checkInterval(config: VirtualRouterConfig): void {
  const [unit, max] =
    config.version === 2 ? [MICROS_PER_SECOND, INTERVAL_V2_MAX] : [MICROS_PER_CENTISECOND, INTERVAL_V3_MAX];
  const count = config.advertisementInterval / unit;
  if (!Number.isInteger(count)) {
    throw new RangeError(`advertisementInterval must be a multiple of ${unit} µs in version ${config.version}`);
  }
  requireRange('advertisementInterval', config.advertisementInterval, unit, max * unit);
}

function checkAnnouncements(policy: AnnouncementPolicy): void {
  requireTime('announcements.delay', policy.delay);
  requireTime('announcements.refresh', policy.refresh);
  requireTime('announcements.lowerPriorityDelay', policy.lowerPriorityDelay);
  requireRange('announcements.repeat', policy.repeat, 1, Number.MAX_SAFE_INTEGER);
  requireRange('announcements.refreshRepeat', policy.refreshRepeat, 1, Number.MAX_SAFE_INTEGER);
  requireRange('announcements.lowerPriorityRepeat', policy.lowerPriorityRepeat, 0, Number.MAX_SAFE_INTEGER);
}

function requireRange(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(
    min === max ? `${name} must be ${min}, got ${value}` : `${name} must be ${min}..${max}, got ${value}`,
  );
}

function requireTime(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${name} must be whole microseconds, 0 or more, got ${value}`);
  }
}

function requireFamily(name: string, address: string, family: 4 | 6): void {
  if (ipFamily(address) !== family) throw new TypeError(`${name} ${address} is not an IPv${family} address`);
}
