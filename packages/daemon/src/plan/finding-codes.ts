// The codes of what the plan finds: what of a configuration is left out, or has no effect, although the parser let it
// through. docs/reference/diagnostics.md explains each; a test checks that the two name the same codes.
import type { CodeEntry } from '@vrrp/conf-parser';

export const PLAN_CODES = {
  'plan/no-interface': { severity: 'error', title: 'an instance without an interface, which is left out' },
  'plan/duplicate-vrid': { severity: 'error', title: 'an instance that is another one a second time, and is left out' },
  'plan/impossible-router': { severity: 'error', title: 'an instance that VRRP has no room for, and that is left out' },
  'plan/unsupported-authentication': {
    severity: 'error',
    title: 'an instance with authentication vrrpd does not have yet, which is left out',
  },
  'plan/group-left-out': { severity: 'error', title: 'an instance that is left out because its sync group cannot run' },
  'plan/unused-linkbeat': { severity: 'warning', title: 'a link beat that nobody asks for' },
  'plan/delays-of-polled-link': { severity: 'warning', title: 'delays of an interface whose link beat is polled' },
} as const satisfies Record<`plan/${string}`, CodeEntry>;

export type PlanCode = keyof typeof PLAN_CODES;
