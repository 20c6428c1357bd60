// What an engine cannot run, pure: the last look before anything changes. The plan leaves such routers out with a place in
// the file, so a problem here is a mistake of ours; it must not stop what runs.
import { create } from '@vrrp/state-machine';
import type { Desired, DesiredVirtualRouter } from '../plan/desired.js';
import { failureText, type PrepareProblem } from './messages.js';

/** @param running what runs under a key now. */
export function impossibleRouters(
  { virtualRouters }: Desired,
  running: (key: string) => DesiredVirtualRouter | undefined,
): readonly PrepareProblem[] {
  const problems: PrepareProblem[] = [];
  const keys = new Set<string>();
  for (const { key, config } of virtualRouters) {
    const { name, vrid, family, interface: link } = config;
    if (keys.has(key)) problems.push({ router: name, message: 'another virtual router has its place' });
    keys.add(key);
    try {
      create(config);
    } catch (error) {
      problems.push({ router: name, message: failureText(error).message });
    }
    const before = running(key)?.config;
    if (before !== undefined && (before.vrid !== vrid || before.family !== family || before.interface !== link)) {
      problems.push({ router: name, message: 'it runs with another VRID, family or interface' });
    }
  }
  return problems;
}
