// Plays the same scenario with our machine in the simulator, every command at the time it really took effect.
import { AdvertisementView } from '@vrrp/wire';
import { Cluster } from '../../src/sim/index.js';
import type { Advert } from './capture.js';
import { nodesOf } from './real-run.js';
import type { RealRun, Run } from './real-run.js';
import type { RoleSeen } from './keepalived.js';
import type { Scenario } from './scenarios.js';

export function runSimulated(scenario: Scenario, real: RealRun): Run {
  const cluster = new Cluster({ seed: 1 });
  const adverts: Advert[] = [];
  cluster.lan.attach('bridge', ({ source, payload }) => {
    const priority = AdvertisementView.priority(payload);
    adverts.push({ source, vrid: AdvertisementView.vrid(payload), priority });
  });
  for (const { name, address } of nodesOf(scenario)) {
    for (const config of scenario.nodes[name] ?? []) {
      const router = cluster.add(config.name, config, address);
      for (const { name: tracker } of config.trackedObjects) {
        router.setTracker({ kind: 'tracker', trackerKind: 'file', tracker, status: 'up', value: 0 });
      }
    }
    addGroups(cluster, scenario, name);
  }
  for (const { at, command } of real.commands) schedule(cluster, scenario, real, at, command);
  cluster.runUntil(real.end);
  return { roles: rolesOf(cluster), adverts, announcements: announcementsOf(cluster, scenario) };
}

/** Each node has groups of its own, whatever they are called. */
function addGroups(cluster: Cluster, scenario: Scenario, node: string): void {
  const members = (scenario.nodes[node] ?? []).filter((config) => config.syncGroup !== undefined);
  const [first] = members;
  if (first?.syncGroup === undefined) return;
  cluster.addGroup(
    first.syncGroup,
    members.map((config) => config.name),
  );
}

function schedule(cluster: Cluster, scenario: Scenario, real: RealRun, at: number, command: string): void {
  const [verb = '', node = '', ...words] = command.split(' ');
  const instances = (name: string): readonly string[] => (scenario.nodes[name] ?? []).map((config) => config.name);
  const { clock, lan } = cluster;
  if (verb === 'heal') clock.schedule(at, () => lan.heal());
  else if (verb === 'partition') {
    clock.schedule(at, () => {
      for (const from of instances(node)) for (const to of instances(words[1] ?? '')) lan.partition(from, to);
    });
  } else {
    for (const name of instances(node)) {
      const router = cluster.router(name);
      const first = real.roles.findLast((seen) => seen.instance === name && seen.at <= at);
      const time = verb === 'start' ? (first?.at ?? at) : at;
      clock.schedule(time, () => {
        if (verb === 'start') router.start();
        else if (verb === 'stop') router.stop();
        else if (verb === 'crash') router.crash();
        else if (verb === 'link') router.setLink(words[0] === 'up');
        else if (verb === 'reload') router.reconfigure({ ...router.config, priority: Number(words[0]) });
        else if (verb === 'address-lost') {
          router.handle({ kind: 'address-lost', address: '198.51.100.1', interface: 'eth0' });
        } else if (router.config.trackedObjects.some((tracked) => tracked.name === words[0])) {
          const value = Number(words[1]);
          router.setTracker({ kind: 'tracker', trackerKind: 'file', tracker: words[0] ?? '', status: 'up', value });
        }
      });
    }
  }
}

function rolesOf(cluster: Cluster): readonly RoleSeen[] {
  return cluster.trace.flatMap(({ at, router: instance, action }) => {
    if (action.kind !== 'observe' || action.observation.kind !== 'transition') return [];
    const { to: role } = action.observation;
    return role === 'initialize' ? [] : [{ at, instance, role }];
  });
}

function announcementsOf(cluster: Cluster, scenario: Scenario): Run['announcements'] {
  const counts = Object.keys(scenario.nodes).map((node) => {
    const names = new Set((scenario.nodes[node] ?? []).map((config) => config.name));
    const bursts = cluster.trace.map(({ router, action }) => {
      if (!names.has(router)) return 0;
      if (action.kind === 'announce-primary-address') return 1;
      if (action.kind !== 'announce-addresses') return 0;
      return action.repeat * cluster.router(router).config.virtualAddresses.length;
    });
    return [node, bursts.reduce((sum, count) => sum + count, 0)] as const;
  });
  return Object.fromEntries(counts);
}
