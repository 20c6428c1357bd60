// One host in memory for the engine: links on simulated LANs, a MemoryKernel, sockets and a timer in virtual time.
// The engine that runs on it is the production one.
import type { FrameSocket, ReceivedDatagram, VrrpSocket, VrrpSocketOptions } from '@vrrp/netlink-native';
import { MemoryKernel } from '@vrrp/netlink-native/testing';
import type { Lan, LanDatagram, LanPort, ScheduledTask, VirtualClock } from '@vrrp/state-machine/sim';
import { decodeIpv4Datagram } from '@vrrp/wire';
import { createEngine, type Engine } from '../engine/engine.js';
import type { EngineReport, Leftovers, TrackerNews } from '../engine/messages.js';
import type { World } from '../engine/world.js';
import type { Desired } from '../plan/desired.js';
import { Life } from './life.js';

/** A network segment: datagrams for VRRP, frames for announcements. */
export interface SimulatedWire {
  readonly datagrams: Lan;
  readonly frames: Lan;
}

/** The clock of every host, and the wire of every link that names none of its own. */
export interface SimulatedNetwork extends SimulatedWire {
  readonly clock: VirtualClock;
}

export interface SimulatedLink {
  readonly name: string;
  readonly mac: string;
  /** 'ADDRESS/PREFIX' each. */
  readonly addresses: readonly string[];
  readonly loopback?: boolean;
  /** What it is plugged into; the network's own wire when left out. */
  readonly wire?: SimulatedWire;
}

export interface SimulatedHostOptions {
  readonly name: string;
  readonly links: readonly SimulatedLink[];
  readonly report: (report: EngineReport) => void;
}

interface OpenSocket {
  readonly options: VrrpSocketOptions;
  readonly listener: (batch: readonly ReceivedDatagram[]) => void;
  readonly plug: Plug;
  /** What came while the host was stalled. */
  readonly waiting: ReceivedDatagram[];
}

/** The host's end of a wire. */
interface Plug {
  readonly wire: SimulatedWire;
  readonly port: LanPort;
  readonly framePort: LanPort;
}

const HOP_LIMIT = 255;
/** 224.0.0.0/4 and ff00::/8. */
const MULTICAST = /^(2(2[4-9]|3\d)\.|ff)/;

export class SimulatedHost {
  readonly kernel = new MemoryKernel();
  readonly #network: SimulatedNetwork;
  readonly #options: SimulatedHostOptions;
  readonly #sockets = new Set<OpenSocket>();
  /** One for each wire. */
  readonly #plugs: Plug[] = [];
  readonly #plugOfLink = new Map<number, Plug>();
  #engine: Engine;
  #life: Life;
  #running = true;
  #sendErrno = 0;
  #misdated = 0;

  constructor(network: SimulatedNetwork, options: SimulatedHostOptions) {
    this.#network = network;
    this.#options = options;
    for (const { name, mac, addresses, loopback = false, wire = network } of options.links) {
      const { index } = this.kernel.addLink({ name, mac, loopback });
      for (const address of addresses) this.kernel.addAddress(index, address);
      this.#plugOfLink.set(index, this.#plugs.find((plug) => plug.wire === wire) ?? this.#plugInto(wire));
    }
    this.#life = new Life(network.clock);
    this.#engine = createEngine(this.#world());
  }

  get isRunning(): boolean {
    return this.#running;
  }

  get isStalled(): boolean {
    return this.#life.isStalled;
  }

  async configure(desired: Desired, leftovers: Leftovers = []): Promise<void> {
    const [problem] = await this.#engine.prepare(desired);
    if (problem !== undefined) throw new RangeError(`${problem.router ?? this.#options.name}: ${problem.message}`);
    await this.#engine.commit(leftovers);
  }

  track(news: TrackerNews): void {
    this.#engine.track(news);
  }

  get engine(): Engine {
    return this.#engine;
  }

  /** Runs the task now, or once the program is scheduled again; never when this run of it is over. */
  whenAwake(task: () => void): void {
    this.#life.whenAwake(task);
  }

  async stop(): Promise<void> {
    await this.#engine.stop();
    this.#running = false;
  }

  /** The program is gone at once: nothing is sent, nothing is heard, its addresses stay where they were. */
  crash(): void {
    this.#life.end();
    this.#sockets.clear();
    this.#running = false;
  }

  /** Starts the program again; configure it next. */
  restart(): void {
    this.#life.end();
    this.#life = new Life(this.#network.clock);
    this.#running = true;
    this.#engine = createEngine(this.#world());
  }

  /** What a machine that was switched off forgets: every address but the links' own. */
  forgetAddresses(): void {
    const own = new Set(this.#options.links.flatMap(({ addresses }) => addresses));
    for (const { address, prefixLength, linkIndex } of this.kernel.snapshot().addresses) {
      const text = `${address}/${prefixLength}`;
      if (!own.has(text)) this.kernel.removeAddress(linkIndex, text);
    }
  }

  /**
   * The process is not scheduled for this long (SIGSTOP, a busy hypervisor), in microseconds. Its timers ring late and
   * first; what arrived meanwhile waits in the sockets, as in a real kernel.
   */
  stall(duration: number): void {
    const life = this.#life;
    life.stall(duration);
    life.whenAwake(() => this.#deliverWaiting());
  }

  /** Plugs the cable of a link in or out; the link has a wire of its own. @throws RangeError when there is no such link. */
  setLink(name: string, up: boolean): void {
    const link = this.kernel.snapshot().links.find((one) => one.name === name);
    const wire = this.#plugOfLink.get(link?.index ?? 0)?.wire;
    if (link === undefined || wire === undefined) throw new RangeError(`${this.#options.name} has no link ${name}`);
    wire.datagrams.setLink(this.#options.name, up);
    wire.frames.setLink(this.#options.name, up);
    this.kernel.setLink(link.index, { carrier: up });
  }

  /** From now on the kernel refuses advertisements with this errno (a firewall), or with 0 takes them again. */
  refuseSending(errno: number): void {
    this.#sendErrno = errno;
  }

  /**
   * From now on what arrives looks older than it is by this many microseconds: somebody sets the time of day forward before
   * it is read (ReceivedDatagram.arrivedAt).
   */
  misdate(micros: number): void {
    this.#misdated = micros;
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
    return {
      now: () => clock.now(),
      kernel: life.kernel(this.kernel),
      openTimer: (listener) => {
        let task: ScheduledTask | undefined;
        const set = (deadline: number | undefined): void => {
          clock.cancel(task);
          if (deadline !== undefined) task = clock.schedule(Math.max(deadline, life.stalledUntil), ring);
        };
        const ring = (): void => {
          if (life.isAlive && life.isStalled) set(life.stalledUntil);
          else if (life.isAlive) listener(clock.now());
        };
        return { set, close: () => set(undefined) };
      },
      openVrrpSocket: (options, listener) => this.#openSocket(options, listener),
      openFrameSocket: ({ linkIndex }) => this.#openFrames(linkIndex, life),
      forwardsIpv6: () => false,
      processName: () => undefined,
      report: (report) => {
        if (life.isAlive) this.#options.report(report);
      },
    };
  }

  #plugInto(wire: SimulatedWire): Plug {
    const { name } = this.#options;
    const plug: Plug = {
      wire,
      port: wire.datagrams.attach(name, (datagram) => this.#receive(plug, datagram)),
      framePort: wire.frames.attach(name, () => undefined),
    };
    this.#plugs.push(plug);
    return plug;
  }

  #openSocket(options: VrrpSocketOptions, listener: OpenSocket['listener']): VrrpSocket {
    const plug = this.#plugOfLink.get(options.linkIndex);
    if (plug === undefined) throw new RangeError(`there is no link ${options.linkIndex}`);
    const socket: OpenSocket = { options, listener, plug, waiting: [] };
    this.#sockets.add(socket);
    return {
      send: (datagrams) => {
        const open = this.#sockets.has(socket) && this.#sendErrno === 0;
        if (open) for (const { bytes, destination } of datagrams) plug.port.send(toLan(options, bytes, destination));
        return datagrams.map(() => this.#sendErrno);
      },
      drain: () => drain(socket),
      close: () => {
        this.#sockets.delete(socket);
      },
    };
  }

  #openFrames(linkIndex: number, life: Life): FrameSocket {
    const framePort = this.#plugOfLink.get(linkIndex)?.framePort;
    return {
      send: (frames) => {
        for (const payload of frames) {
          if (life.isAlive) framePort?.send({ source: this.#options.name, destination: '', ttl: HOP_LIMIT, payload });
        }
        return frames.map(() => 0);
      },
      close: () => undefined,
    };
  }

  #receive(plug: Plug, datagram: LanDatagram): void {
    const multicast = MULTICAST.test(datagram.destination);
    if (!multicast && !this.holds(datagram.destination)) return;
    for (const { options, listener, waiting, plug: own } of this.#sockets) {
      if (own !== plug || (datagram.destination.includes(':') ? 6 : 4) !== options.family) continue;
      if (options.multicastGroup !== undefined && multicast && options.multicastGroup !== datagram.destination)
        continue;
      const received = {
        ...datagram,
        linkIndex: options.linkIndex,
        arrivedAt: this.#network.clock.now() - this.#misdated,
      };
      if (this.#life.isStalled) waiting.push(received);
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
