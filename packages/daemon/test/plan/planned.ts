// A configuration in text, planned: what the tests of the plan share.
import { expect } from '@jest/globals';
import { createMemoryLoader, parseConfig } from '@vrrp/conf-parser';
import { planConfig, planFindings, type PlanResult } from '../../src/plan/plan.js';
import type { DesiredVirtualRouter } from '../../src/plan/desired.js';

export function plan(text: string): PlanResult {
  const parsed = parseConfig('/k.conf', createMemoryLoader({ '/k.conf': text }));
  if (parsed.model === undefined) throw new Error('the test configuration was not read');
  const result = planConfig(parsed.model, { placeOf: parsed.placeOf });
  // Whatever is planned here: a configuration test says what the plan says, but for what it has refused already.
  expect(result.findings).toEqual(expect.arrayContaining([...planFindings(parsed)]));
  if (!parsed.refused) expect(planFindings(parsed)).toEqual(result.findings);
  return result;
}

export const instance = (lines: string, name = 'VI_1'): string =>
  `vrrp_instance ${name} {\n interface eth0\n virtual_router_id 51\n${lines}\n}\n`;
export const VIP = 'virtual_ipaddress {\n 192.0.2.100\n}';

export const script = (name: string): string =>
  `vrrp_script ${name} {\n script "/bin/true a"\n interval 5\n weight -20\n fall 3\n rise 2\n}\n`;

export function planned(lines: string): DesiredVirtualRouter {
  const [router] = plan(instance(lines)).desired.virtualRouters;
  if (router === undefined) throw new Error('nothing was planned');
  return router;
}
