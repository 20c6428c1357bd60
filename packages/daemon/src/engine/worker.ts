// Entry of the engine thread: builds the Linux world, runs the engine, and speaks with the control thread in messages.
// Commands are carried out one after the other; a question is answered at once.
import { parentPort } from 'node:worker_threads';
import { createEngine } from './engine.js';
import { openLinuxWorld } from './linux-world.js';
import { takePriority } from './scheduling.js';
import { failureText, type EngineCommand, type EngineReport } from './messages.js';
import type { Engine } from './engine.js';
import type { Desired, DesiredScheduling } from '../plan/desired.js';
import type { World } from './world.js';

const port = parentPort;
if (port === null) throw new TypeError('the engine runs in a worker thread; start it with startEngineThread()');

let prepared: Desired | undefined;
let scheduling: DesiredScheduling | undefined;
const report = (message: EngineReport): void => port.postMessage(message);
const world = await openLinuxWorld(report);
const engine = createEngine(world);
let previous: Promise<void> = Promise.resolve();

port.on('message', (command: EngineCommand) => {
  if (command.kind === 'snapshot') {
    // A question does not wait until a configuration is carried out.
    answer(command.id);
    return;
  }
  previous = previous.then(() => perform(engine, world, command)).catch((error: unknown) => failed(command, error));
});

/** Part by part, so that no deadline waits for a person's question. */
function answer(id: number): void {
  const parts = engine.standing();
  const next = (): void => {
    try {
      const { value, done } = parts.next();
      if (done === true) report({ at: world.now(), kind: 'snapshot', id, routers: [], counts: value });
      else {
        report({ at: world.now(), kind: 'snapshot', id, routers: value });
        setImmediate(next);
      }
    } catch (error) {
      // Whoever asks goes without an answer; the routers go on.
      failed({ kind: 'snapshot' }, error);
    }
  };
  next();
}

function failed({ kind: operation }: Pick<EngineCommand, 'kind'>, error: unknown): void {
  report({ at: world.now(), kind: 'operation-failed', router: undefined, operation, error: failureText(error) });
}

async function perform(engine: Engine, world: World, command: EngineCommand): Promise<void> {
  if (command.kind === 'prepare') {
    const { id, desired } = command;
    prepared = desired;
    report({ at: world.now(), kind: 'prepared', id, problems: await engine.prepare(desired) });
  } else if (command.kind === 'commit') {
    await engine.commit(command.leftovers);
    report({ at: world.now(), kind: 'committed', id: command.id });
    // Afterwards: the first time costs more than all the life that follows, and nobody is waiting for it.
    scheduling = prepared?.scheduling;
    schedule(world);
  } else if (command.kind === 'reschedule') schedule(world);
  else if (command.kind === 'tracker') engine.track(command.news);
  else if (command.kind === 'linkbeat') engine.linkbeat(command.link, command.up);
  else if (command.kind === 'stop') {
    await engine.stop();
    world.kernel.close();
    port?.close();
  }
}

function schedule(world: World): void {
  if (scheduling !== undefined) report({ ...takePriority(scheduling), at: world.now() });
}
