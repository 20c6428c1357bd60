// @vrrp/wire/capture: capture files (pcap, pcapng) read chunk by chunk and written, and what their frames mean for VRRP.
// Pure, as all of the package: bring the bytes from a file, a pipe or a browser upload yourself.
export { decodeFrame } from './frame.js';
export type { FrameContent, VrrpPacket } from './frame.js';
export { formatCaptureIssue, formatVrrpPacket } from './format.js';
export {
  LINKTYPE_ETHERNET,
  LINKTYPE_IPV4,
  LINKTYPE_IPV6,
  LINKTYPE_LINUX_SLL,
  LINKTYPE_LINUX_SLL2,
  LINKTYPE_LOOP,
  LINKTYPE_NULL,
  LINKTYPE_RAW,
} from './link-layer.js';
export { encodePcapHeader, encodePcapRecord } from './pcap.js';
export { createCaptureReader, readCapture, readCaptureStream } from './reader.js';
export type { CaptureReader } from './reader.js';
export type { CapturedPacket, CaptureIssue, CaptureRecord, CaptureTimestamp } from './record.js';
