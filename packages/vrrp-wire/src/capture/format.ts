// One line of text for a captured VRRP packet, in tcpdump's words, and for the issue that ends a file.
import { formatAdvertisement, formatIssue } from '../format.js';
import { assertNever } from '../issue.js';
import type { VrrpPacket } from './frame.js';
import type { CaptureIssue } from './record.js';

/** `10.9.0.1 > 224.0.0.18: VRRPv3, Advertisement, vrid 75, …`, with what is unusual at the end in brackets. */
export function formatVrrpPacket(packet: VrrpPacket): string {
  const { result, authenticationHeader } = packet;
  const wrappers = (packet.encapsulation ?? []).map((name) => `${name}, `).join('');
  const vlans = packet.vlans.map((vlan) => `vlan ${vlan}, `).join('');
  const ah = authenticationHeader ? `AH(spi=${authenticationHeader.spi}, seq=${authenticationHeader.sequence}): ` : '';
  const meaning = result.value ? formatAdvertisement(result.value) : 'VRRP';
  const notes = result.ok ? result.remarks.map(formatIssue) : [formatIssue(result.issue)];
  if (packet.ttl !== 255) notes.push(`ttl ${packet.ttl}`);
  if (result.ok && result.value.version === 3 && result.checksum !== 'with-pseudo-header') {
    notes.push(`checksum ${result.checksum}`);
  }
  if (result.ok && result.trailer) notes.push(`hmac key ${result.trailer.keyId}`);
  return `${wrappers}${vlans}${packet.source} > ${packet.destination}: ${ah}${meaning}${notes.map((note) => ` [${note}]`).join('')}`;
}

/** `the file ends 12 bytes too early (byte 1000, draft-ietf-opsawg-pcap §4)`. */
export function formatCaptureIssue(issue: CaptureIssue): string {
  return `${describe(issue)} (byte ${issue.offset}, ${issue.section})`;
}

function describe(issue: CaptureIssue): string {
  switch (issue.kind) {
    case 'unknown-format':
      return `neither pcap nor pcapng: the file starts with 0x${issue.magic.toString(16).padStart(8, '0')}`;
    case 'file-truncated':
      return `the file ends ${issue.missing} bytes too early`;
    case 'bad-length':
      return `damaged file: ${issue.field} is ${issue.received}`;
    case 'unknown-interface':
      return `damaged file: packet of interface ${issue.interface}, which was not described`;
    case 'bad-byte-order':
      return `damaged file: byte-order magic is 0x${issue.magic.toString(16).padStart(8, '0')}`;
    default:
      return assertNever(issue);
  }
}
