// The configuration of a virtual router from the fields of a script line: `priority=100 interval=1s track=script:x:-20`.
// Only what a line names differs from the configuration it starts from.
import { encodePassword } from '@vrrp/wire';
import type { TrackedObject, VirtualRouterConfig } from '../config.js';
import type { TrackerKind } from '../types.js';
import { defaultConfig } from './default-config.js';
import { ScriptError } from './script-words.js';
import type { ScriptWords } from './script-words.js';

/** Fields, one by one in README.md, "Conversations". */
export function configFromWords(words: ScriptWords, base?: VirtualRouterConfig): VirtualRouterConfig {
  const family = words.number('family');
  if (family !== undefined && family !== 4 && family !== 6) throw new ScriptError('family= must be 4 or 6');
  const start = base ?? defaultConfig({ name: words.name, ...(family === undefined ? {} : { family }) });
  return {
    ...start,
    ...electionFields(words, start),
    ...packetFields(words, start),
    ...trackingFields(words, start),
    announcements: announcementFields(words, start),
  };
}

function electionFields(words: ScriptWords, start: VirtualRouterConfig): Partial<VirtualRouterConfig> {
  return {
    priority: words.number('priority') ?? start.priority,
    advertisementInterval: words.duration('interval') ?? start.advertisementInterval,
    downTimerAdverts: words.number('down-timer-adverts') ?? start.downTimerAdverts,
    preempt: words.flag('preempt') ?? start.preempt,
    preemptDelay: words.duration('preempt-delay') ?? start.preemptDelay,
    startupDelay: words.duration('startup-delay') ?? start.startupDelay,
    answerLowerPriority: words.flag('answer-lower') ?? start.answerLowerPriority,
    advertiseBeforeYielding: words.flag('advertise-before-yielding') ?? start.advertiseBeforeYielding,
    ownerIgnoresAdvertisements: words.flag('owner-ignores') ?? start.ownerIgnoresAdvertisements ?? false,
    ...optional('listensFirst', words.flag('listens-first') ?? start.listensFirst),
    ...optional('accept', words.flag('accept') ?? start.accept),
    ...optional('highestOtherPriority', words.number('highest-other') ?? start.highestOtherPriority),
    ...optional('syncGroup', words.text('group') ?? start.syncGroup),
  };
}

function packetFields(words: ScriptWords, start: VirtualRouterConfig): Partial<VirtualRouterConfig> {
  const version = words.number('version') ?? start.version;
  if (version !== 2 && version !== 3) throw new ScriptError('version= must be 2 or 3');
  const password = words.text('password');
  const peers = words.list('unicast')?.map((address) => ({ address }));
  const checkSource = words.flag('check-source') ?? false;
  return {
    vrid: words.number('vrid') ?? start.vrid,
    version,
    virtualAddresses: words.list('addresses') ?? start.virtualAddresses,
    checkAddressList: words.flag('check-addresses') ?? start.checkAddressList,
    authentication:
      password === undefined ? start.authentication : { kind: 'simple-password', password: encodePassword(password) },
    ...optional('oldUnicastChecksum', oldChecksum(words) ?? start.oldUnicastChecksum),
    ...optional('unicast', peers === undefined ? start.unicast : { peers, checkSource }),
  };
}

function oldChecksum(words: ScriptWords): 'always' | 'never' | undefined {
  const text = words.text('old-checksum');
  if (text === undefined || text === 'always' || text === 'never') return text;
  throw new ScriptError('old-checksum= must be always or never');
}

function trackingFields(words: ScriptWords, start: VirtualRouterConfig): Partial<VirtualRouterConfig> {
  return {
    trackInterface: words.flag('track-interface') ?? start.trackInterface,
    trackedObjects: words.list('track')?.map(parseTrackedObject) ?? start.trackedObjects,
  };
}

function announcementFields(words: ScriptWords, start: VirtualRouterConfig): VirtualRouterConfig['announcements'] {
  const policy = start.announcements;
  return {
    delay: words.duration('announce-delay') ?? policy.delay,
    repeat: words.number('announce-repeat') ?? policy.repeat,
    refresh: words.duration('refresh') ?? policy.refresh,
    refreshRepeat: words.number('refresh-repeat') ?? policy.refreshRepeat,
    lowerPriorityDelay: words.duration('lower-delay') ?? policy.lowerPriorityDelay,
    lowerPriorityRepeat: words.number('lower-repeat') ?? policy.lowerPriorityRepeat,
  };
}

const TRACKER_KINDS: readonly TrackerKind[] = ['interface', 'script', 'process', 'file', 'bfd'];

/** `script`, `process` ... or undefined. */
export function parseTrackerKind(text: string): TrackerKind {
  const kind = TRACKER_KINDS.find((known) => known === text);
  if (kind === undefined) throw new ScriptError(`${text} is not one of ${TRACKER_KINDS.join(', ')}`);
  return kind;
}

/** `script:name:-20` or `file:name:1:reverse`; the weight may be left out (0). */
function parseTrackedObject(text: string): TrackedObject {
  const [kind = '', name = '', weight = '0', reverse] = text.split(':');
  return { kind: parseTrackerKind(kind), name, weight: Number(weight), reverse: reverse === 'reverse' };
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [k in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [k in K]: V });
}
