// How fast `step` is on the two paths that a quiet cluster takes all day, what it allocates, and what a router weighs:
// `npm run bench`. Numbers are printed, never asserted.
import { create, nextDeadline, step } from '@vrrp/state-machine';
import { advertisementBytes, defaultConfig } from '@vrrp/state-machine/sim';

const STEPS = 2_000_000;
/** Few enough to fit the young generation, so that nothing is collected while bytes are counted. */
const COUNTED_STEPS = 50_000;
const ROUTERS = 1_000;

function started(config) {
  let state = create(config);
  const facts = [{ kind: 'link', up: true }, { kind: 'primary-address', address: '192.0.2.1' }, { kind: 'startup' }];
  for (const event of facts) ({ state } = step(state, { ...event, at: 0 }));
  return state;
}

function heardBy(config) {
  const [source, destination] = ['192.0.2.2', config.multicastGroup];
  const payload = advertisementBytes(config, 100, source, destination);
  return { source, destination, ttl: 255, multicast: true, payload };
}

/** A Backup that hears its Master. */
function backupHears(version) {
  const config = defaultConfig({ version, priority: 90 });
  const packet = heardBy(config);
  let state = started(config);
  let at = 0;
  return () => {
    at += 1_000_000;
    ({ state } = step(state, { kind: 'packet', at, packet }));
    return state;
  };
}

/** A Master whose advertisement is due. */
function masterAdvertises() {
  const { announcements } = defaultConfig();
  let state = started(defaultConfig({ priority: 255, announcements: { ...announcements, delay: 0 } }));
  return () => {
    ({ state } = step(state, { kind: 'time', at: nextDeadline(state) }));
    return state;
  };
}

function measure(name, run) {
  // Long enough to have touched all of the young generation, whose first use the kernel makes slow.
  for (let i = 0; i < STEPS; i += 1) run();
  const start = process.hrtime.bigint();
  for (let i = 0; i < STEPS; i += 1) run();
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < COUNTED_STEPS; i += 1) run();
  const bytes = (process.memoryUsage().heapUsed - before) / COUNTED_STEPS;
  console.log(
    `${name}: ${Math.round(STEPS / seconds).toLocaleString('en')} steps/s, ${Math.round(bytes)} bytes a step`,
  );
}

measure('backup hears its master, version 3', backupHears(3));
measure('backup hears its master, version 2', backupHears(2));
measure('master advertises', masterAdvertises());

/** Bytes of heap that `ROUTERS` things need, each. */
function weigh(make) {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const things = Array.from({ length: ROUTERS }, make);
  globalThis.gc?.();
  return Math.round((process.memoryUsage().heapUsed - before) / things.length);
}

const NAMES = Array.from({ length: ROUTERS }, (_, index) => `router ${index}`);

/** One of a host's routers: its own configuration, addresses and name, as they come out of a file. */
function ownConfig(index) {
  const virtualAddresses = [`198.51.${index >> 8}.${index & 0xff}`];
  return defaultConfig({ name: NAMES[index], vrid: 1 + (index % 255), virtualAddresses });
}

const configs = NAMES.map((_, index) => ownConfig(index));
const packets = configs.map(heardBy);
const hears = (state, packet) => step(state, { kind: 'packet', at: 3_000_000_000_000, packet }).state;

const fresh = weigh((_, index) => create(configs[index]));
const running = weigh((_, index) => hears(started(configs[index]), packets[index]));
const whole = weigh((_, index) => hears(started(ownConfig(index)), packets[index]));
const parts = [`${fresh} when created`, `${running} when each has heard its master`, `${whole} with its configuration`];
console.log(`${ROUTERS} routers, bytes of heap each: ${parts.join(', ')}`);
