// A virtual router as keepalived's defaults make it, for simulations, examples and tests: one address, version 3,
// priority 100, an advertisement a second. Real configurations come from a file through the daemon's plan.
import { VRRP_GROUP_IPV4, VRRP_GROUP_IPV6 } from '@vrrp/wire';
import type { VirtualRouterConfig } from '../config.js';

/** keepalived's defaults, with `changes` on top. Times in microseconds. */
export function defaultConfig(changes: Partial<VirtualRouterConfig> = {}): VirtualRouterConfig {
  const family = changes.family ?? 4;
  return {
    name: 'vr',
    vrid: 51,
    family,
    version: 3,
    interface: 'eth0',
    priority: 100,
    advertisementInterval: 1_000_000,
    downTimerAdverts: 3,
    preempt: true,
    preemptDelay: 0,
    virtualAddresses: [family === 4 ? '198.51.100.1' : 'fe80::1'],
    authentication: { kind: 'none' },
    checksum: 'with-pseudo-header',
    multicastGroup: family === 4 ? VRRP_GROUP_IPV4 : VRRP_GROUP_IPV6,
    announcements: {
      delay: 5_000_000,
      repeat: 5,
      refresh: 0,
      refreshRepeat: 1,
      lowerPriorityDelay: 5_000_000,
      lowerPriorityRepeat: 5,
    },
    answerLowerPriority: true,
    advertiseBeforeYielding: false,
    checkAddressList: true,
    startupDelay: 0,
    trackInterface: true,
    trackedObjects: [],
    ...changes,
  };
}
