// What the native layer costs here, printed: nanoseconds per datagram sent and received and per frame, microseconds that a
// deadline wakes late, and addresses per second. In two namespaces of its own; needs root and the built package.
import {
  inNetworkNamespace,
  monotonicMicros,
  openDeadlineTimer,
  openFrameSocket,
  openKernel,
  openVrrpSocket,
} from '../dist/index.js';
import { createNamespaceLab } from '../dist/testing/index.js';

const GROUP = '224.0.0.18';
const ROUNDS = 400;
const BATCH = 32;
const WAKE_UPS = 1000;
const WAKE_UP_INTERVAL = 1000;
const ADDRESSES = 1000;

const lab = createNamespaceLab();
try {
  const [a, b] = await Promise.all([lab.addNamespace('a'), lab.addNamespace('b')]);
  await lab.addBridgeLan('lan', [
    { namespace: a, interface: 'eth0', addresses: ['192.0.2.1/24'] },
    { namespace: b, interface: 'eth0', addresses: ['192.0.2.2/24'] },
  ]);
  const linkIndex = await indexOf(a);
  const datagrams = Array.from({ length: BATCH }, () => ({ bytes: datagram(), destination: GROUP }));
  const frames = Array.from({ length: BATCH }, () => frame());
  let received = 0;

  const sender = inNetworkNamespace(a, () =>
    openVrrpSocket({ family: 4, linkIndex, linkName: 'eth0' }, ignore, ignore),
  );
  const framer = inNetworkNamespace(a, () => openFrameSocket({ linkIndex }));
  const index = await indexOf(b);
  const options = { family: 4, linkIndex: index, linkName: 'eth0', multicastGroup: GROUP };
  const receiver = inNetworkNamespace(b, () => openVrrpSocket(options, (batch) => (received += batch.length), ignore));

  report(
    'monotonicMicros()',
    perCall(ROUNDS * 1000, () => monotonicMicros()),
    'ns',
  );
  let sending = 0;
  let receiving = 0;
  for (let round = 0; round < ROUNDS; round++) {
    sending += elapsed(() => sender.send(datagrams));
    receiving += elapsed(() => receiver.drain());
  }
  report(`IPv4 datagram out, batches of ${BATCH}`, (sending * 1000) / (ROUNDS * BATCH), 'ns');
  report(`IPv4 datagram in, batches of ${BATCH}`, (receiving * 1000) / received, 'ns');
  report(
    'IPv4 datagram out, one at a time',
    perCall(ROUNDS * BATCH, () => sender.send(datagrams.slice(0, 1))),
    'ns',
  );
  receiver.drain();
  report(`frame out, batches of ${BATCH}`, perCall(ROUNDS, () => framer.send(frames)) / BATCH, 'ns');
  for (const socket of [sender, framer, receiver]) socket.close();

  const lateness = (await wakeUps()).sort((x, y) => x - y);
  for (const share of [0.5, 0.99, 1]) {
    report(`deadline late, p${share * 100}`, lateness[Math.ceil(share * lateness.length) - 1], 'µs');
  }
  const kernel = await inNetworkNamespace(a, openKernel);
  const changes = Array.from({ length: ADDRESSES }, (_, i) => {
    const address = `10.0.${i >> 8}.${i & 255}`;
    return { action: 'add', object: { kind: 'address', family: 4, address, prefixLength: 32, linkIndex } };
  });
  const start = monotonicMicros();
  await kernel.apply(changes);
  report('address added', (monotonicMicros() - start) / ADDRESSES, 'µs');
  kernel.close();
} finally {
  await lab.close();
}

function ignore() {}

async function indexOf(namespace) {
  const kernel = await inNetworkNamespace(namespace, openKernel);
  const links = await kernel.read('link');
  kernel.close();
  return links.find(({ name }) => name === 'eth0').index;
}

function wakeUps() {
  return new Promise((resolve) => {
    const lateness = [];
    let deadline = monotonicMicros() + WAKE_UP_INTERVAL;
    const timer = openDeadlineTimer((now) => {
      lateness.push(now - deadline);
      deadline += WAKE_UP_INTERVAL;
      if (lateness.length === WAKE_UPS) {
        timer.close();
        resolve(lateness);
      } else timer.set(deadline);
    });
    timer.set(deadline);
  });
}

function datagram() {
  const header = [0x45, 0xc0, 0, 40, 0, 0, 0, 0, 255, 112, 0, 0, 192, 0, 2, 1, 224, 0, 0, 18];
  return Uint8Array.from([...header, 0x21, 7, 100, 1, 0, 1, 0, 0, 192, 0, 2, 77, 0, 0, 0, 0, 0, 0, 0, 0]);
}

function frame() {
  const bytes = new Uint8Array(60);
  bytes.set([1, 0, 0x5e, 0, 0, 18, 2, 0, 0, 0, 0, 1, 0x88, 0xb5]);
  return bytes;
}

function elapsed(action) {
  const start = monotonicMicros();
  action();
  return monotonicMicros() - start;
}

function perCall(calls, action) {
  const micros = elapsed(() => {
    for (let i = 0; i < calls; i++) action();
  });
  return (micros * 1000) / calls;
}

function report(what, value, unit) {
  console.log(`${what.padEnd(40)} ${value.toFixed(1).padStart(10)} ${unit}`);
}
