// Whether a link has its beat, asked of the driver in one of three ways (keepalived.conf(5), linkbeat_interfaces): the
// registers of its MII transceiver, ethtool's GLINK, or the flags of the interface. Which way, and when, is the caller's.
import {
  askForRegister,
  encodeGetLink,
  encodeInterfaceRequest,
  hasEthtoolLink,
  hasMiiLink,
  isRunning,
  MII_BMCR,
  MII_BMSR,
  registerValue,
} from '../codec/interface-request.js';
import { nativeAddon } from './load.js';

export type LinkBeatMethod = 'mii' | 'ethtool' | 'ioctl';

/** `unknown`: the driver does not answer in this way, or there is no such interface. */
export type LinkBeat = 'up' | 'down' | 'unknown';

/**
 * Asks in the network namespace of the calling thread. The call waits for the driver: with slow hardware some
 * milliseconds. MII needs CAP_NET_ADMIN. RangeError for a name no interface can have.
 */
export function readLinkBeat(link: string, method: LinkBeatMethod): LinkBeat {
  if (method === 'mii') return readTransceiver(link);
  const addon = nativeAddon();
  const { SIOCETHTOOL, SIOCGIFFLAGS } = addon.constants;
  const request = encodeInterfaceRequest(link);
  if (method === 'ioctl')
    return addon.interfaceRequest(SIOCGIFFLAGS, request) < 0 ? 'unknown' : beatOf(isRunning(request));
  const value = encodeGetLink();
  return addon.interfaceRequest(SIOCETHTOOL, request, value) < 0 ? 'unknown' : beatOf(hasEthtoolLink(value));
}

function readTransceiver(link: string): LinkBeat {
  const addon = nativeAddon();
  const { SIOCGMIIPHY, SIOCGMIIREG } = addon.constants;
  const request = encodeInterfaceRequest(link);
  if (addon.interfaceRequest(SIOCGMIIPHY, request) < 0) return 'unknown';
  const read = (register: number): number | undefined => {
    askForRegister(request, register);
    return addon.interfaceRequest(SIOCGMIIREG, request) < 0 ? undefined : registerValue(request);
  };
  const control = read(MII_BMCR);
  // A lost link stays in the register until it is read (IEEE 802.3 §22.2.4.2.13): the second reading is of now.
  read(MII_BMSR);
  const status = read(MII_BMSR);
  const up = control === undefined || status === undefined ? undefined : hasMiiLink(control, status);
  return up === undefined ? 'unknown' : beatOf(up);
}

function beatOf(up: boolean): LinkBeat {
  return up ? 'up' : 'down';
}
