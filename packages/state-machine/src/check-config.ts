// Whether a virtual router can be made of a configuration: the ranges of RFC 9568 §5.2 and §6.1, and what does not go
// together. `judgeConfig` tells a host that has the configuration from somebody else; `create` and `reconfigure` throw what
// it refuses. These are the limits of the protocol: what a file may say, and how it is told, is the parser's.
import { ipFamily } from '@vrrp/wire';
import type { AnnouncementPolicy, VirtualRouterConfig } from './config.js';
import { PRIORITY_MAX, PRIORITY_MIN } from './priority.js';
import { MICROS_PER_CENTISECOND, MICROS_PER_SECOND } from './timing.js';

/** Something that keeps a virtual router from being made, or from going on with this configuration. */
export interface ConfigIssue {
  /** `conflict`: each value is possible, but not with the others. */
  readonly kind: 'out-of-range' | 'not-an-address' | 'conflict';
  /** What has to change; of `announcements`, `unicast` and `trackedObjects` a part of it. */
  readonly field: keyof VirtualRouterConfig;
  /** A sentence without a subject that can follow the name of the virtual router and a colon. */
  readonly message: string;
  /** Which of several: the address, or the name of the tracked object. */
  readonly item?: string;
}

/** Largest interval of version 2, seconds: one byte (RFC 3768 §5.3.7). */
const INTERVAL_V2_MAX = 255;
/** Largest interval of version 3, centiseconds: twelve bits (RFC 9568 §5.2.7). */
const INTERVAL_V3_MAX = 4095;
const DOWN_TIMER_ADVERTS_MAX = 100;
const PASSWORD_LENGTH = 8;
/** One byte counts them (RFC 9568 §5.2.5). */
const ADDRESSES_MAX = 255;
/** Weights are summed and the sum is limited (priority.ts), so that any weight can be told from a larger one. */
const WEIGHT_MIN = -(2 ** 31);
const WEIGHT_MAX = 2 ** 31 - 1;

type Report = (issue: ConfigIssue) => void;

/** Everything that is wrong with it; nothing: {@link create} takes it. */
export function judgeConfig(config: VirtualRouterConfig): readonly ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  const report: Report = (issue) => void issues.push(issue);
  judgeRange(report, 'vrid', config.vrid, 1, 255);
  judgeRange(report, 'priority', config.priority, 1, 255);
  judgeRange(report, 'downTimerAdverts', config.downTimerAdverts, 1, DOWN_TIMER_ADVERTS_MAX);
  judgeInterval(report, config);
  judgeTime(report, 'preemptDelay', config.preemptDelay);
  judgeTime(report, 'startupDelay', config.startupDelay);
  judgeAnnouncements(report, config.announcements);
  judgeAddresses(report, config);
  judgeAuthentication(report, config);
  const { highestOtherPriority } = config;
  if (highestOtherPriority !== undefined) {
    judgeRange(report, 'highestOtherPriority', highestOtherPriority, PRIORITY_MIN, PRIORITY_MAX);
  }
  for (const { kind, name, weight } of config.trackedObjects) {
    const what = `the weight of ${kind} ${name}`;
    judgeRange(report, 'trackedObjects', weight, WEIGHT_MIN, WEIGHT_MAX, { what, item: name });
  }
  return issues;
}

/** @throws RangeError or TypeError with the first issue of {@link judgeConfig}: the caller had to ask. */
export function checkConfig(config: VirtualRouterConfig): void {
  const [issue] = judgeConfig(config);
  if (issue === undefined) return;
  const message = `${config.name}: ${issue.message}`;
  throw issue.kind === 'out-of-range' ? new RangeError(message) : new TypeError(message);
}

/** What two configurations of one virtual router must have in common; anything else makes it another virtual router. */
export function checkSameIdentity(before: VirtualRouterConfig, after: VirtualRouterConfig): void {
  if (before.vrid === after.vrid && before.family === after.family && before.interface === after.interface) return;
  throw new TypeError('vrid, family and interface make a virtual router what it is: stop this one and create another');
}

function judgeInterval(report: Report, { version, advertisementInterval: interval }: VirtualRouterConfig): void {
  const [unit, max] = version === 2 ? [MICROS_PER_SECOND, INTERVAL_V2_MAX] : [MICROS_PER_CENTISECOND, INTERVAL_V3_MAX];
  const field = 'advertisementInterval';
  if (Number.isInteger(interval / unit)) judgeRange(report, field, interval, unit, max * unit);
  else {
    const message = `${field} must be a multiple of ${unit} µs in version ${version}, not ${interval}`;
    report({ kind: 'out-of-range', field, message });
  }
}

function judgeAnnouncements(report: Report, policy: AnnouncementPolicy): void {
  for (const key of ['delay', 'refresh', 'lowerPriorityDelay'] as const) {
    judgeTime(report, 'announcements', policy[key], `announcements.${key}`);
  }
  for (const key of ['repeat', 'refreshRepeat', 'lowerPriorityRepeat'] as const) {
    const what = `announcements.${key}`;
    // The first burst is what a takeover consists of for the hosts of the network.
    judgeRange(report, 'announcements', policy[key], key === 'repeat' ? 1 : 0, Number.MAX_SAFE_INTEGER, { what });
  }
}

function judgeAddresses(report: Report, config: VirtualRouterConfig): void {
  const { virtualAddresses: addresses, unicast, family } = config;
  const what = 'the number of virtual addresses';
  judgeRange(report, 'virtualAddresses', addresses.length, 0, ADDRESSES_MAX, { what });
  if (config.version === 2 && family === 6) {
    report({ kind: 'conflict', field: 'version', message: 'version 2 has no IPv6 (RFC 3768 §1)' });
  }
  const judge = (field: keyof VirtualRouterConfig, name: string, address: string): void => {
    if (ipFamily(address) === family) return;
    report({ kind: 'not-an-address', field, message: `${name} ${address} is no IPv${family} address`, item: address });
  };
  for (const address of addresses) judge('virtualAddresses', 'the virtual address', address);
  if (unicast === undefined) judge('multicastGroup', 'the multicast group', config.multicastGroup);
  else for (const { address } of unicast.peers) judge('unicast', 'the unicast peer', address);
}

function judgeAuthentication(report: Report, { authentication, version }: VirtualRouterConfig): void {
  if (authentication.kind !== 'simple-password') return;
  const field = 'authentication';
  if (version === 3) report({ kind: 'conflict', field, message: 'version 3 has no authentication (RFC 9568 §9)' });
  const { length } = authentication.password;
  judgeRange(report, field, length, PASSWORD_LENGTH, PASSWORD_LENGTH, { what: 'the length of the password' });
}

/** What a number is, where that is more than the name of its field. */
interface Subject {
  readonly what?: string;
  readonly item?: string;
}

function judgeRange(
  report: Report,
  field: keyof VirtualRouterConfig,
  value: number,
  min: number,
  max: number,
  { what = field, item }: Subject = {},
): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  const range = min === max ? String(min) : `${min}..${max}`;
  const message = `${what} must be ${range}, not ${value}`;
  report({ kind: 'out-of-range', field, message, ...(item === undefined ? {} : { item }) });
}

function judgeTime(report: Report, field: keyof VirtualRouterConfig, value: number, what: string = field): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  report({ kind: 'out-of-range', field, message: `${what} must be whole microseconds, 0 or more, not ${value}` });
}
