// Starts the engine in its own thread with a small young generation, so that collecting garbage never costs an
// advertisement its time (measured: 3 ms instead of 24 ms at the worst).
import { Worker } from 'node:worker_threads';
import type { EngineCommand, EngineReport } from './messages.js';

const YOUNG_GENERATION_MIB = 1;

export interface EngineThread {
  send(command: EngineCommand): void;
  /** Ends the thread where it stands: sockets close, addresses stay. */
  terminate(): Promise<void>;
  /** Resolves when the thread is gone; rejects when it died of a bug. */
  readonly ended: Promise<void>;
}

export function startEngineThread(listener: (report: EngineReport) => void): EngineThread {
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    name: 'vrrp engine',
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
  });
  worker.on('message', listener);
  let terminated = false;
  const ended = new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (status) => {
      if (status === 0 || terminated) resolve();
      else reject(new Error(`the engine thread ended with status ${status}`));
    });
  });
  return {
    send: (command) => worker.postMessage(command),
    async terminate() {
      terminated = true;
      await worker.terminate();
    },
    ended,
  };
}
