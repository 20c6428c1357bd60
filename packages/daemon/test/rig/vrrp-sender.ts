// Sends VRRP messages as another node would: raw IP from its address to VRRP's group, TTL 255, protocol 112. What is in
// them is the test's.
import { inNetworkNamespace, openVrrpSocket } from '@vrrp/netlink-native';
import type { VrrpSocket } from '@vrrp/netlink-native';
import { encodeIpv4Header, ipBytes, IPV4_HEADER_LENGTH } from '@vrrp/wire';

import { linkNamed } from '../netns/stage.js';

/** IPv4. */
export const VRRP_GROUP = '224.0.0.18';

export interface VrrpSender {
  /** All at once; throws when one was not sent. */
  send(messages: readonly Uint8Array[]): void;
  close(): void;
}

export async function openVrrpSender(node: {
  readonly namespace: string;
  readonly address: string;
  readonly interface: string;
}): Promise<VrrpSender> {
  const { index, name } = await linkNamed(node.namespace, node.interface);
  const socket: VrrpSocket = inNetworkNamespace(node.namespace, () =>
    openVrrpSocket(
      { family: 4, linkIndex: index, linkName: name },
      () => {},
      () => {},
    ),
  );
  return {
    send(messages) {
      const datagrams = messages.map((message) => ({
        bytes: datagram(node.address, message),
        destination: VRRP_GROUP,
      }));
      const failed = socket.send(datagrams).filter((errno) => errno !== 0);
      if (failed.length > 0) throw new Error(`not sent: errno ${failed.join(', ')}`);
    },
    close: () => socket.close(),
  };
}

function datagram(source: string, message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(IPV4_HEADER_LENGTH + message.length);
  encodeIpv4Header(bytes, 0, {
    source: ipBytes(source),
    destination: ipBytes(VRRP_GROUP),
    ttl: 255,
    tos: 0xc0,
    identification: 1,
    payloadLength: message.length,
    protocol: 112,
  });
  bytes.set(message, IPV4_HEADER_LENGTH);
  return bytes;
}
