// The bytes of the advertisement a virtual router sends: its configuration and a priority, through @vrrp/wire.
// For simulated hosts and tests; a real host keeps a ready-made frame instead.
import { encodeAdvertisement } from '@vrrp/wire';
import type { Advertisement } from '@vrrp/wire';
import type { VirtualRouterConfig } from '../config.js';
import { centiseconds, MICROS_PER_SECOND } from '../timing.js';

/** The VRRP message, without IP header. */
export function advertisementBytes(
  config: VirtualRouterConfig,
  priority: number,
  source: string,
  destination: string,
): Uint8Array {
  return encodeAdvertisement(advertisementOf(config, priority), { source, destination, checksum: config.checksum });
}

function advertisementOf(config: VirtualRouterConfig, priority: number): Advertisement {
  const { vrid, family, virtualAddresses: addresses, authentication } = config;
  if (config.version === 3) {
    const maxAdvertiseInterval = centiseconds(config.advertisementInterval);
    return { version: 3, family, vrid, priority, maxAdvertiseInterval, addresses };
  }
  const advertiseInterval = Math.floor(config.advertisementInterval / MICROS_PER_SECOND);
  const base = { version: 2, family: 4, vrid, priority, advertiseInterval, addresses } as const;
  return authentication.kind === 'none'
    ? { ...base, authType: 0 }
    : { ...base, authType: 1, authData: authentication.password };
}
