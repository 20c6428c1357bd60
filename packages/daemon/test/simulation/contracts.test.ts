// The sockets and timers of simulated hosts keep the contracts that the native ones keep.
import { setImmediate as turn } from 'node:timers/promises';
import {
  deadlineTimerContract,
  frameSocketContract,
  MemoryKernel,
  vrrpSocketContract,
  type SocketEnd,
} from '@vrrp/netlink-native/testing';
import { Lan, VirtualClock } from '@vrrp/state-machine/sim';
import { Life } from '../../src/simulation/life.js';
import type { SimulatedWire } from '../../src/simulation/simulated-network.js';
import { SimulatedSockets } from '../../src/simulation/simulated-sockets.js';
import { openSimulatedTimer } from '../../src/simulation/simulated-timer.js';

/** Longer than anything is on its way. */
const WHILE = 1_000;

interface End extends SocketEnd {
  readonly kernel: MemoryKernel;
  readonly life: Life;
  readonly sockets: SimulatedSockets;
}

function makeEnd(clock: VirtualClock, wire: SimulatedWire, number: 1 | 2): End {
  const [name, ipv4, ipv6] = [`host${number}`, `192.0.2.${number}`, `fe80::${number}`];
  const kernel = new MemoryKernel();
  const { index } = kernel.addLink({ name: 'eth0', mac: `02:00:00:00:00:0${number}` });
  for (const address of [`${ipv4}/24`, `${ipv6}/64`]) kernel.addAddress(index, address);
  const life = new Life(clock);
  const framePort = wire.frames.attach(name, () => undefined);
  const port = wire.datagrams.attach(name, (datagram) => sockets.receive(plug, datagram));
  const plug = { wire, port, framePort };
  const sockets = new SimulatedSockets({
    clock,
    plugAt: (linkIndex) => (linkIndex === index ? plug : undefined),
    isUp: (linkIndex) => kernel.snapshot().links.some((link) => link.index === linkIndex && link.adminUp),
    holds: (address) => kernel.snapshot().addresses.some((one) => one.address === address),
    isStalled: () => life.isStalled,
  });
  const open: End['open'] = (options, listener) => sockets.openVrrp(options, listener);
  return { linkIndex: index, linkName: 'eth0', ipv4, ipv6, open, kernel, life, sockets };
}

function makeWire(clock: VirtualClock): SimulatedWire {
  return { datagrams: new Lan({ clock, seed: 1 }), frames: new Lan({ clock, seed: 1 }) };
}

vrrpSocketContract('a simulated socket', async () => {
  const clock = new VirtualClock();
  const wire = makeWire(clock);
  const ends = [makeEnd(clock, wire, 1), makeEnd(clock, wire, 2)] as const;
  return {
    ends,
    now: () => clock.now(),
    arrive() {
      for (const { life, sockets } of ends) {
        life.stall(2 * WHILE);
        life.whenAwake(() => sockets.drainAll());
      }
      clock.runUntil(clock.now() + WHILE);
    },
    async read() {
      clock.runUntil(clock.now() + WHILE);
      await turn();
    },
    close: async () => undefined,
  };
});

frameSocketContract('a simulated frame socket', async () => {
  const clock = new VirtualClock();
  const wire = makeWire(clock);
  const { kernel, linkIndex, sockets } = makeEnd(clock, wire, 1);
  const heard: Uint8Array[] = [];
  wire.frames.attach('ear', ({ payload }) => heard.push(payload));
  return {
    linkIndex,
    open: (index) => sockets.openFrames(index, 'host1'),
    setLink: async (state) => void kernel.setLink(linkIndex, { adminUp: state === 'up' }),
    async arrived() {
      clock.runUntil(clock.now() + WHILE);
      return heard;
    },
    close: async () => undefined,
  };
});

deadlineTimerContract('a simulated timer', async () => {
  const clock = new VirtualClock(WHILE);
  const life = new Life(clock);
  return {
    now: () => clock.now(),
    open: (listener) => openSimulatedTimer(clock, life, listener),
    async pass() {
      clock.runUntil(clock.now() + WHILE);
      await turn();
    },
    busyUntil(time) {
      life.stall(time + 1 - clock.now());
      clock.runUntil(time);
    },
    close: async () => undefined,
  };
});
