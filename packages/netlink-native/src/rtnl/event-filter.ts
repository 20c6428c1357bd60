// What the kernel leaves out of the events before it wakes anybody: routes and neighbours of another protocol than ours. A host
// with a full routing table, or thousands of neighbours, has more of these than a VRRP router could read beside its work.
import { HOST_LITTLE_ENDIAN } from '../codec/byte-order.js';
import { encodeSocketFilter } from '../codec/socket-filter.js';
import { NETLINK_HEADER_BYTES } from '../codec/netlink-message.js';
import { VRRP_PROTOCOL } from '../network-object.js';
import { NDA_PROTOCOL, NEIGHBOUR, NEIGHBOUR_HEADER_BYTES } from './neighbour.js';
import { PROTOCOL, ROUTE } from './route.js';

/** The lower byte of the 16 bits of nlmsg_type; every type here is below 256. */
const TYPE = HOST_LITTLE_ENDIAN ? 4 : 5;
/** SKF_AD_OFF + SKF_AD_NLATTR of linux/filter.h: a = where the attribute of type x begins, looking from a; 0 for nowhere. */
const FIND_ATTRIBUTE = 0x1_0000_0000 - 0x1000 + 12;
const ATTRIBUTE_HEADER_BYTES = 4;

export const MARKED_EVENTS: Uint8Array = encodeSocketFilter([
  [0x30, 0, 0, TYPE], // a = byte at TYPE
  [0x15, 4, 0, ROUTE.create], // if a is that, go to the route
  [0x15, 3, 0, ROUTE.remove],
  [0x15, 4, 0, NEIGHBOUR.create], // if a is that, go to the neighbour
  [0x15, 3, 0, NEIGHBOUR.remove],
  [0x05, 0, 0, 9], // take it
  [0x30, 0, 0, NETLINK_HEADER_BYTES + PROTOCOL], // the route: a = its protocol
  [0x05, 0, 0, 6], // go to the comparison
  [0x00, 0, 0, NETLINK_HEADER_BYTES + NEIGHBOUR_HEADER_BYTES], // the neighbour: a = where its attributes begin
  [0x01, 0, 0, NDA_PROTOCOL], // x = which attribute
  [0x20, 0, 0, FIND_ATTRIBUTE],
  [0x15, 4, 0, 0], // if there is none, drop it
  [0x07, 0, 0, 0], // x = a
  [0x50, 0, 0, ATTRIBUTE_HEADER_BYTES], // a = its value
  [0x15, 0, 1, VRRP_PROTOCOL], // the comparison: if a is not ours, skip one
  [0x06, 0, 0, 0xffff_ffff], // take it
  [0x06, 0, 0, 0], // drop it
]);
