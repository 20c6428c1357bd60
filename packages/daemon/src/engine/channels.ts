// The sockets advertisements travel through, shared by the virtual routers that can share them (same family, link, group
// and source). A channel opens when its first router joins and closes when its last one leaves.
import type { ReceivedDatagram, VrrpSocket, VrrpSocketOptions } from '@vrrp/netlink-native';
import { failureText } from './messages.js';
import { UnknownVrids } from './unknown-vrids.js';
import type { World } from './world.js';

/** Byte of the VRID in a VRRP message of either version (RFC 9568 §5.1). */
const VRID_OFFSET = 1;

export interface Channel {
  readonly options: VrrpSocketOptions;
  readonly socket: VrrpSocket;
}

interface OpenChannel<Router> extends Channel {
  /** By VRID: more than one only of unicast, where peers tell them apart. */
  readonly members: Map<number, readonly Router[]>;
}

export interface ChannelPorts<Router> {
  /** A batch is one turn. */
  turn(body: () => void): void;
  receive(router: Router, datagram: ReceivedDatagram): void;
  /** Asked only where routers share a VRID; what is for none of them goes to the first, which judges it. */
  isFor(router: Router, datagram: ReceivedDatagram): boolean;
}

export class Channels<Router> {
  readonly #world: World;
  readonly #channels = new Map<string, OpenChannel<Router>>();
  readonly #ports: ChannelPorts<Router>;
  readonly #unknown: UnknownVrids;

  constructor(world: World, ports: ChannelPorts<Router>) {
    this.#world = world;
    this.#ports = ports;
    this.#unknown = new UnknownVrids((report) => world.report({ ...report, at: world.now() }));
  }

  /** keepalived.conf(5), "log_unknown_vrids". */
  set tellsUnknownVrids(tells: boolean) {
    this.#unknown.tells = tells;
  }

  /** Throws what the socket threw when it cannot be opened. */
  join(options: VrrpSocketOptions, vrid: number, router: Router): Channel {
    const key = channelKey(options);
    const open = this.#channels.get(key) ?? this.#open(key, options);
    open.members.set(vrid, [...(open.members.get(vrid) ?? []), router]);
    return open;
  }

  leave(channel: Channel, vrid: number, router: Router): void {
    const key = channelKey(channel.options);
    const open = this.#channels.get(key);
    if (open === undefined) return;
    const others = (open.members.get(vrid) ?? []).filter((one) => one !== router);
    if (others.length > 0) open.members.set(vrid, others);
    else open.members.delete(vrid);
    if (open.members.size > 0) return;
    this.#channels.delete(key);
    open.socket.close();
  }

  #open(key: string, options: VrrpSocketOptions): OpenChannel<Router> {
    const members = new Map<number, readonly Router[]>();
    const onError = (error: Error): void =>
      this.#world.report({
        at: this.#world.now(),
        kind: 'operation-failed',
        router: undefined,
        operation: `receive advertisements on ${options.linkName}`,
        error: failureText(error),
      });
    const { turn } = this.#ports;
    const socket = this.#world.openVrrpSocket(options, (batch) => turn(() => this.#deliver(channel, batch)), onError);
    const channel: OpenChannel<Router> = { options, socket, members };
    this.#channels.set(key, channel);
    const { family, linkName: link, linkIndex, multicastGroup } = options;
    const group = multicastGroup === undefined ? {} : { multicastGroup };
    this.#world.report({ at: this.#world.now(), kind: 'channel-opened', family, link, linkIndex, ...group });
    return channel;
  }

  #among(routers: readonly Router[], datagram: ReceivedDatagram): Router | undefined {
    return routers.find((router) => this.#ports.isFor(router, datagram)) ?? routers[0];
  }

  #deliver({ members, options }: OpenChannel<Router>, batch: readonly ReceivedDatagram[]): void {
    for (const datagram of batch) {
      const routers = members.get(datagram.payload[VRID_OFFSET] ?? 0);
      const [first] = routers ?? [];
      const router = routers === undefined || routers.length === 1 ? first : this.#among(routers, datagram);
      if (router === undefined) this.#unknown.heard(datagram, options);
      else this.#ports.receive(router, datagram);
    }
  }
}

/** Two option sets with the same key are served by one socket. */
export function channelKey(options: VrrpSocketOptions): string {
  const { family, linkIndex, multicastGroup, source, hopLimit } = options;
  return [family, linkIndex, multicastGroup ?? 'unicast', source ?? '', hopLimit ?? ''].join('|');
}
