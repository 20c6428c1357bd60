// Builds the advertisements of one virtual router: IPv4 with its own IP header (behaviour: TOS 0xC0, identification
// counting up), IPv6 as the bare message. The bytes are built in place, once allocated.
import { MICROS_PER_SECOND } from '@vrrp/state-machine';
import type { OutgoingDatagram } from '@vrrp/netlink-native';
import {
  advertisementLength,
  encodeAdvertisementInto,
  encodeIpv4Header,
  VRRP_PROTOCOL,
  ipBytes,
  IPV4_HEADER_LENGTH,
  VRRP_GROUP_IPV4,
  type ChecksumForm,
  type EncodableAdvertisement,
  type EncodeContext,
} from '@vrrp/wire';
import type { DesiredVirtualRouter } from '../plan/desired.js';

/** RFC 2474 class selector 6, network control. */
const TYPE_OF_SERVICE = 0xc0;
const MICROS_PER_CENTISECOND = 10_000;
const IPV4_GROUP = ipBytes(VRRP_GROUP_IPV4);
const IDENTIFICATION_MODULUS = 0x1_0000;

interface Target {
  readonly destination: string;
  readonly bytes: Uint8Array;
  readonly context: EncodeContext;
}

export class Transmitter {
  readonly #router: DesiredVirtualRouter;
  readonly #source: string;
  readonly #targets: readonly Target[];
  readonly #addresses: readonly Uint8Array[];
  #identification = 0;

  constructor(router: DesiredVirtualRouter, source: string) {
    this.#router = router;
    this.#source = source;
    this.#addresses = router.config.virtualAddresses.map((address) => ipBytes(address));
    const length = advertisementLength(meaning(router, 0, this.#addresses)) + headerLength(router);
    const { multicastGroup, unicastPeers } = router.channel;
    const destinations = multicastGroup === undefined ? unicastPeers : [multicastGroup];
    this.#targets = destinations.map((destination) => ({
      destination,
      bytes: new Uint8Array(length),
      context: { source: ipBytes(source), destination: ipBytes(destination), checksum: router.config.checksum },
    }));
  }

  get source(): string {
    return this.#source;
  }

  /** One advertisement to the group or to every peer. The bytes are this transmitter's own: the next call writes over them. */
  build(priority: number, form: ChecksumForm): readonly OutgoingDatagram[] {
    const value = meaning(this.#router, priority, this.#addresses);
    this.#identification = (this.#identification + 1) % IDENTIFICATION_MODULUS;
    for (const target of this.#targets) this.#build(target, value, form);
    return this.#targets;
  }

  #build({ bytes, context }: Target, value: EncodableAdvertisement, form: ChecksumForm): void {
    const start = headerLength(this.#router);
    if (start > 0) {
      encodeIpv4Header(bytes, 0, {
        source: context.source,
        destination: context.destination,
        ttl: this.#router.channel.ttl,
        tos: TYPE_OF_SERVICE,
        identification: this.#identification,
        payloadLength: bytes.length - start,
        protocol: VRRP_PROTOCOL,
      });
    }
    // COMPAT: old keepalived reckons a unicast checksum as if it went to the group (old_unicast_checksum).
    const reckoned = form === 'multicast-pseudo-header' ? { ...context, destination: IPV4_GROUP } : context;
    encodeAdvertisementInto(bytes, start, value, reckoned);
  }
}

function headerLength(router: DesiredVirtualRouter): number {
  return router.channel.family === 4 ? IPV4_HEADER_LENGTH : 0;
}

function meaning(
  router: DesiredVirtualRouter,
  priority: number,
  addresses: readonly Uint8Array[],
): EncodableAdvertisement {
  const { config } = router;
  if (config.version === 3) {
    const maxAdvertiseInterval = Math.round(config.advertisementInterval / MICROS_PER_CENTISECOND);
    return { version: 3, family: config.family, vrid: config.vrid, priority, maxAdvertiseInterval, addresses };
  }
  const advertiseInterval = Math.round(config.advertisementInterval / MICROS_PER_SECOND);
  const base = { version: 2, family: 4, vrid: config.vrid, priority, advertiseInterval, addresses } as const;
  const { authentication } = config;
  return authentication.kind === 'none'
    ? { ...base, authType: 0 }
    : { ...base, authType: 1, authData: authentication.password };
}
