// One host in memory for the engine: links on a simulated LAN, a MemoryKernel, sockets and a timer in virtual time.
// The engine that runs on it is the production one.
import type { FrameSocket, ReceivedDatagram, VrrpSocket, VrrpSocketOptions } from '@vrrp/netlink-native';
import { MemoryKernel } from '@vrrp/netlink-native/testing';
import type { Lan, LanDatagram, LanPort, ScheduledTask, VirtualClock } from '@vrrp/state-machine/sim';
import { decodeIpv4Datagram } from '@vrrp/wire';
import { createEngine, type Engine } from '../engine/engine.js';
import type { EngineReport, Leftovers, TrackerNews } from '../engine/messages.js';
import type { World } from '../engine/world.js';
import type { Desired } from '../plan/desired.js';

/** The LAN every simulated link is plugged into: datagrams for VRRP, frames for announcements. */
export interface SimulatedNetwork {
  readonly clock: VirtualClock;
  readonly datagrams: Lan;
  readonly frames: Lan;
}

export interface SimulatedLink {
  readonly name: string;
  readonly mac: string;
  /** 'ADDRESS/PREFIX' each. */
  readonly addresses: readonly string[];
}

export interface SimulatedHostOptions {
  readonly name: string;
  readonly links: readonly [SimulatedLink, ...SimulatedLink[]];
  readonly report: (report: EngineReport) => void;
}

interface OpenSocket {
  readonly options: VrrpSocketOptions;
  readonly listener: (batch: readonly ReceivedDatagram[]) => void;
  /** What came while the host was stalled. */
  readonly waiting: ReceivedDatagram[];
}

const HOP_LIMIT = 255;

export class SimulatedHost {
  readonly kernel = new MemoryKernel();
  readonly #network: SimulatedNetwork;
  readonly #options: SimulatedHostOptions;
  readonly #sockets = new Set<OpenSocket>();
  readonly #port: LanPort;
  readonly #framePort: LanPort;
  #engine: Engine;
  #life = 1;
  #running = true;
  #stalledUntil = 0;

  constructor(network: SimulatedNetwork, options: SimulatedHostOptions) {
    this.#network = network;
    this.#options = options;
    for (const { name, mac, addresses } of options.links) {
      const { index } = this.kernel.addLink({ name, mac });
      for (const address of addresses) this.kernel.addAddress(index, address);
    }
    this.#port = network.datagrams.attach(options.name, (datagram) => this.#receive(datagram));
    this.#framePort = network.frames.attach(options.name, () => undefined);
    this.#engine = createEngine(this.#world());
  }

  get isRunning(): boolean {
    return this.#running;
  }

  configure(desired: Desired, leftovers: Leftovers = []): Promise<void> {
    return this.#engine.configure(desired, leftovers);
  }

  track(news: TrackerNews): void {
    this.#engine.track(news);
  }

  get engine(): Engine {
    return this.#engine;
  }

  async stop(): Promise<void> {
    await this.#engine.stop();
    this.#running = false;
  }

  /** The machine is gone: nothing is sent, nothing is heard, its addresses stay where they were. */
  crash(): void {
    this.#life += 1;
    this.#sockets.clear();
    this.#running = false;
  }

  /** Starts the program again after a crash; configure it next. */
  restart(): void {
    this.#life += 1;
    this.#running = true;
    this.#engine = createEngine(this.#world());
  }

  /**
   * The process is not scheduled for this long (SIGSTOP, a busy hypervisor), in microseconds. Its timers ring late and
   * first; what arrived meanwhile waits in the sockets, as in a real kernel.
   */
  stall(duration: number): void {
    const { clock } = this.#network;
    this.#stalledUntil = clock.now() + duration;
    // Scheduled twice over, so that every timer due at the end of the stall rings before the sockets are looked at.
    clock.schedule(this.#stalledUntil, () => clock.schedule(this.#stalledUntil, () => this.#deliverWaiting()));
  }

  hasMac(mac: string): boolean {
    return this.#options.links.some((link) => link.mac === mac);
  }

  holds(address: string): boolean {
    return this.kernel.snapshot().addresses.some((one) => one.address === address);
  }

  /** A world of this life: what an earlier life scheduled or opened is dead. */
  #world(): World {
    const { clock } = this.#network;
    const life = this.#life;
    const alive = (): boolean => life === this.#life;
    return {
      now: () => clock.now(),
      kernel: this.kernel,
      openTimer: (listener) => {
        let task: ScheduledTask | undefined;
        const set = (deadline: number | undefined): void => {
          clock.cancel(task);
          if (deadline !== undefined) task = clock.schedule(Math.max(deadline, this.#stalledUntil), ring);
        };
        const ring = (): void => {
          if (alive() && clock.now() < this.#stalledUntil) set(this.#stalledUntil);
          else if (alive()) listener(clock.now());
        };
        return { set, close: () => set(undefined) };
      },
      openVrrpSocket: (options, listener) => this.#openSocket({ options, listener, waiting: [] }),
      openFrameSocket: () => this.#openFrames(alive),
      forwardsIpv6: () => false,
      report: (report) => {
        if (alive()) this.#options.report(report);
      },
    };
  }

  #openSocket(socket: OpenSocket): VrrpSocket {
    this.#sockets.add(socket);
    return {
      send: (datagrams) => {
        const open = this.#sockets.has(socket);
        if (open)
          for (const { bytes, destination } of datagrams) this.#port.send(toLan(socket.options, bytes, destination));
        return datagrams.map(() => 0);
      },
      drain: () => drain(socket),
      close: () => {
        this.#sockets.delete(socket);
      },
    };
  }

  #openFrames(alive: () => boolean): FrameSocket {
    return {
      send: (frames) => {
        for (const payload of frames) {
          if (alive()) this.#framePort.send({ source: this.#options.name, destination: '', ttl: HOP_LIMIT, payload });
        }
        return frames.map(() => 0);
      },
      close: () => undefined,
    };
  }

  #receive(datagram: LanDatagram): void {
    const multicast = datagram.destination.includes(':')
      ? datagram.destination.startsWith('ff')
      : datagram.destination.startsWith('224.');
    if (!multicast && !this.kernel.snapshot().addresses.some((one) => one.address === datagram.destination)) return;
    for (const { options, listener, waiting } of this.#sockets) {
      if (options.multicastGroup !== undefined && multicast && options.multicastGroup !== datagram.destination)
        continue;
      const received = { ...datagram, linkIndex: options.linkIndex };
      if (this.#network.clock.now() < this.#stalledUntil) waiting.push(received);
      else listener([received]);
    }
  }

  #deliverWaiting(): void {
    for (const socket of this.#sockets) drain(socket);
  }
}

function drain({ listener, waiting }: OpenSocket): number {
  const batch = waiting.splice(0);
  if (batch.length > 0) listener(batch);
  return batch.length;
}

/** IPv4 sockets are given whole datagrams, IPv6 sockets the message (VrrpSocket's contract). */
function toLan(options: VrrpSocketOptions, bytes: Uint8Array, destination: string): LanDatagram {
  if (options.family === 6) {
    return { source: options.source ?? '::', destination, ttl: options.hopLimit ?? HOP_LIMIT, payload: bytes };
  }
  const decoded = decodeIpv4Datagram(bytes);
  if (!decoded.ok) throw new TypeError(`the engine sent something that is no IPv4 datagram: ${decoded.issue.kind}`);
  return { source: decoded.value.source, destination, ttl: decoded.value.ttl, payload: decoded.value.payload };
}
