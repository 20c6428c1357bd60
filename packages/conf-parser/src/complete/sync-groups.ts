// Sync groups (keepalived.conf(5), "VRRP synchronization group(s)"): their members, and what being a member takes from an
// instance. Members change together, so few weights of their own are left to them, and MASTER needs all of them to own their
// addresses.
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { VrrpInstance, VrrpSyncGroup } from '../model.js';
import { alertsByMail } from './mail.js';
import type { NotifyScripts, UsableScripts } from './scripts.js';
import { trackReferences } from './tracking.js';

/** keepalived.conf(5), track_file. */
const DEFAULT_FILE_WEIGHT = 1;

/** The groups with what all their members track; their notify scripts are settled later, as keepalived does. */
export function completeSyncGroups(scope: Scope, usable: UsableScripts): readonly VrrpSyncGroup[] {
  const { config } = scope;
  const taken = new Set<string>();
  return [...config.syncGroups.values()].flatMap((draft) => {
    const { name, nameWord, group = [] } = draft;
    const members: string[] = [];
    for (const word of group) {
      if (!config.instances.has(word.text)) {
        finding(
          scope,
          'conf/unknown-reference',
          wordSpan(word),
          `there is no vrrp_instance ${word.text}; ${name} goes without it`,
        );
      } else if (taken.has(word.text)) {
        finding(scope, 'conf/duplicate-name', wordSpan(word), `${word.text} is in a sync group already`);
      } else {
        taken.add(word.text);
        members.push(word.text);
      }
    }
    if (members.length < 2) {
      const summary = members.length === 0 ? `${name} has no members; it is left out` : `${name} has only one member`;
      finding(scope, 'conf/invalid-value', wordSpan(nameWord), summary);
    }
    if (members.length === 0) return [];
    const { notify_webhook } = draft;
    const tracked = trackReferences(config, draft, usable);
    return [{ name, group: members, ...tracked, smtp_alert: alertsByMail(scope, draft), notify_webhook }];
  });
}

/** The groups with their notify scripts, by name. */
export function withScripts(
  groups: readonly VrrpSyncGroup[],
  scripts: ReadonlyMap<string, NotifyScripts>,
): readonly VrrpSyncGroup[] {
  return groups.map((group) => Object.assign({}, group, scripts.get(group.name)));
}

/** The instances as their groups leave them. */
export function applySyncGroups(
  scope: Scope,
  groups: readonly VrrpSyncGroup[],
  instances: readonly VrrpInstance[],
): readonly VrrpInstance[] {
  if (groups.length === 0) return instances;
  const byName = new Map(instances.map((instance) => [instance.name, instance]));
  for (const { name, group } of groups) {
    const members = group.flatMap((member) => byName.get(member) ?? []);
    const owners = members.every(({ state, priority }) => state === 'MASTER' && priority === 255);
    const weighted = scope.config.syncGroups.get(name)?.sync_group_tracking_weight === true;
    for (const member of members) {
      const state = owners ? member.state : 'BACKUP';
      byName.set(member.name, weighted ? { ...member, state } : { ...withoutWeights(scope, member), state });
    }
  }
  return instances.map((instance) => byName.get(instance.name) ?? instance);
}

/**
 * What becomes of the weights of a member, as keepalived 2.2.7 acts, whatever it says. Processes keep theirs, and nothing is
 * said of them.
 */
function withoutWeights(scope: Scope, instance: VrrpInstance): VrrpInstance {
  const draft = scope.config.instances.get(instance.name);
  const report = (kind: 'track_interface' | 'track_script' | 'track_file', name: string, how: string): void => {
    const word = draft?.[kind]?.get(name)?.word;
    if (word === undefined) return;
    finding(
      scope,
      'conf/weight-without-effect',
      wordSpan(word),
      `${instance.name} is in a sync group without sync_group_tracking_weight, and ${name} has a weight: ${how}`,
      {
        severity: 'error',
      },
    );
  };
  return {
    ...instance,
    track_interface: instance.track_interface.map((track) => {
      if (track.weight === 0) return track;
      report(
        'track_interface',
        track.name,
        'keepalived 2.2.7 says that it ignores it and acts on it, and so does vrrpd',
      );
      return { ...track, weight: 0, effective_weight: track.weight };
    }),
    track_script: instance.track_script.filter((track) => {
      if (track.weight !== 0) report('track_script', track.name, 'the line is left out');
      return track.weight === 0;
    }),
    track_file: instance.track_file.flatMap((track) => {
      if (track.weight === 0) return [track];
      // The weight of a file for which none was given, so keepalived takes it for none.
      const isDefault = track.weight === DEFAULT_FILE_WEIGHT;
      report('track_file', track.name, isDefault ? '0 is used' : 'the line is left out');
      return isDefault ? [{ ...track, weight: 0 }] : [];
    }),
  };
}
