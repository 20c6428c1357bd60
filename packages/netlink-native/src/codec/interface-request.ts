// struct ifreq of netdevice(7) and what link beats need of it: interface flags, ETHTOOL_GLINK (linux/ethtool.h) and the
// registers of an MII transceiver (linux/mii.h; IEEE 802.3 clause 22). Structures of C, in the byte order of the host.
import { HOST_LITTLE_ENDIAN, viewOf } from './byte-order.js';

/** IFNAMSIZ, with the NUL at the end. */
const NAME_BYTES = 16;
/** sizeof(struct ifreq) on 64-bit Linux; the addon refuses any other. */
const IFREQ_BYTES = 40;
const DATA_OFFSET = NAME_BYTES;

const IFF_UP = 0x1;
const IFF_RUNNING = 0x40;
const ETHTOOL_GLINK = 0x0a;

/** struct mii_ioctl_data: phy_id, reg_num, val_in, val_out; 16 bits each. */
const MII_REGISTER_OFFSET = DATA_OFFSET + 2;
const MII_VALUE_OFFSET = DATA_OFFSET + 6;
/** Basic mode control and status registers. */
export const MII_BMCR = 0;
export const MII_BMSR = 1;
const BMSR_LINK_STATUS = 0x0004;
/** What an empty bus reads as; a control register never does. */
const NOTHING_THERE = 0xffff;

/** A request about this interface. RangeError for a name that the kernel cannot have. */
export function encodeInterfaceRequest(name: string): Uint8Array {
  const bytes = new TextEncoder().encode(name);
  if (bytes.length === 0 || bytes.length >= NAME_BYTES || bytes.includes(0))
    throw new RangeError(`an interface has a name of 1 to ${NAME_BYTES - 1} bytes, not ${JSON.stringify(name)}`);
  const request = new Uint8Array(IFREQ_BYTES);
  request.set(bytes);
  return request;
}

/** The answer of SIOCGIFFLAGS: wanted up, and with carrier. */
export function isRunning(answer: Uint8Array): boolean {
  const flags = viewOf(answer).getUint16(DATA_OFFSET, HOST_LITTLE_ENDIAN);
  return (flags & IFF_UP) !== 0 && (flags & IFF_RUNNING) !== 0;
}

/** struct ethtool_value that asks for the link. */
export function encodeGetLink(): Uint8Array {
  const value = new Uint8Array(8);
  viewOf(value).setUint32(0, ETHTOOL_GLINK, HOST_LITTLE_ENDIAN);
  return value;
}

export function hasEthtoolLink(value: Uint8Array): boolean {
  return viewOf(value).getUint32(4, HOST_LITTLE_ENDIAN) !== 0;
}

/** Makes the answer of SIOCGMIIPHY, which names the transceiver, the request for one of its registers. */
export function askForRegister(request: Uint8Array, register: number): void {
  viewOf(request).setUint16(MII_REGISTER_OFFSET, register, HOST_LITTLE_ENDIAN);
}

export function registerValue(answer: Uint8Array): number {
  return viewOf(answer).getUint16(MII_VALUE_OFFSET, HOST_LITTLE_ENDIAN);
}

/** Undefined: there is no transceiver behind these registers. */
export function hasMiiLink(control: number, status: number): boolean | undefined {
  if (control === NOTHING_THERE || (status === 0 && control === 0)) return undefined;
  return (status & BMSR_LINK_STATUS) !== 0;
}
