// Entry of the engine thread: builds the Linux world, runs the engine, and speaks with the control thread in messages.
// Commands are carried out one after the other.
import { constants, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { createEngine } from './engine.js';
import { openLinuxWorld } from './linux-world.js';
import { failureText, type EngineCommand, type EngineReport } from './messages.js';
import type { Engine } from './engine.js';
import type { World } from './world.js';

const port = parentPort;
if (port === null) throw new TypeError('the engine runs in a worker thread; start it with startEngineThread()');

raisePriority();
const report = (message: EngineReport): void => port.postMessage(message);
const world = await openLinuxWorld(report);
const engine = createEngine(world);
let previous: Promise<void> = Promise.resolve();

port.on('message', (command: EngineCommand) => {
  previous = previous
    .then(() => perform(engine, world, command))
    .catch((error: unknown) => {
      report({
        at: world.now(),
        kind: 'operation-failed',
        router: undefined,
        operation: command.kind,
        error: failureText(error),
      });
    });
});

/**
 * This thread before the ordinary ones of the host, and this one alone: scripts and the control thread stay as they are. On
 * two cores with four busy processes it took the median of the jitter from 1.7 ms to 0.2 ms (bench/jitter.js).
 */
function raisePriority(): void {
  try {
    // sched(7): on Linux a nice value is a thread's; 0 is the one that asks.
    setPriority(0, constants.priority.PRIORITY_HIGHEST);
  } catch {
    // Without the right to (CAP_SYS_NICE) it takes its turn like everybody.
  }
}

async function perform(engine: Engine, world: World, command: EngineCommand): Promise<void> {
  if (command.kind === 'configure') await engine.configure(command.desired, command.leftovers);
  else if (command.kind === 'tracker') engine.track(command.news);
  else if (command.kind === 'snapshot')
    report({ at: world.now(), kind: 'snapshot', id: command.id, routers: engine.snapshot() });
  else {
    await engine.stop();
    world.kernel.close();
    port?.close();
  }
}
