// In which order the states are told that a configuration begins with, pure. Seen on keepalived 2.2.7: first the instances
// that are in fault, then the groups, then the other instances, each in configuration order. Of an instance only the state
// is told in which it begins, not what it was for a moment before its group held it.
import type { DesiredSubject } from '../../plan/notifications.js';
import { subjectKey } from './notice.js';
import type { Notice } from '../../reports/notice.js';

/** `isNew`: everybody is told. Else only FIFOs are, of a state that was told before. */
export interface StartNotice {
  readonly notice: Notice;
  readonly isNew: boolean;
}

/**
 * @param changes what the start has brought, in its order.
 * @param known the states of before, when they are to be written again.
 * @param subjects all that are configured, in configuration order.
 */
export function inStartOrder(
  changes: readonly Notice[],
  known: ReadonlyMap<string, Notice>,
  subjects: readonly Pick<DesiredSubject, 'scope' | 'name'>[],
): readonly StartNotice[] {
  const latest = latestOf(changes);
  const told = subjects.flatMap((subject): readonly StartNotice[] => {
    const key = subjectKey(subject);
    const change = latest.get(key);
    const notice = change ?? known.get(key);
    return notice === undefined ? [] : [{ notice, isNew: change !== undefined }];
  });
  return PLACES.flatMap((place) => told.filter((one) => placeOf(one) === place));
}

const PLACES = ['faulty instance', 'group', 'instance', 'group of owners'] as const;

function placeOf({ notice: { scope, state }, isNew }: StartNotice): (typeof PLACES)[number] {
  if (scope === 'INSTANCE') return isNew && state === 'FAULT' ? 'faulty instance' : 'instance';
  // COMPAT: keepalived tells owners in a group BACKUP before MASTER; here they are Master at once, and then so is the group.
  return isNew && state === 'MASTER' ? 'group of owners' : 'group';
}

/** The last notice of each subject, which remembers what was before the first one. */
function latestOf(changes: readonly Notice[]): ReadonlyMap<string, Notice> {
  const latest = new Map<string, Notice>();
  for (const change of changes) {
    const key = subjectKey(change);
    const previous = (latest.get(key) ?? change).reason?.previous;
    const reason =
      change.reason === undefined || previous === undefined ? change.reason : { ...change.reason, previous };
    latest.set(key, { ...change, ...(reason === undefined ? {} : { reason }) });
  }
  return latest;
}
