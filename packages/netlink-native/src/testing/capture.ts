// Records what passes an interface of a namespace, with tcpdump. Resolves only when tcpdump listens, so nothing that a test
// sends afterwards is missed. The packets stay in memory as a pcap file; nothing is written to disk.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';

/** How long tcpdump may take to listen, and to end, in milliseconds. */
const TCPDUMP_TIMEOUT_MS = 10_000;
/**
 * Of each frame, and of the ring they wait in: 2,000 frames of a link with the usual MTU. In immediate mode every frame
 * takes a place of the full snapshot length, so the largest one would leave room for 30.
 */
const SNAP_BYTES = '4096';
const RING_KIB = '8192';
/** Between two questions whether tcpdump has read everything. */
const COUNTS_INTERVAL_MS = 5;

export interface Capture {
  /** Ends the capture and resolves with the bytes of a pcap file; rejects when packets were lost. Again: the same bytes. */
  stop(): Promise<Uint8Array>;
}

/** `track` is told of the process before anything else, so that it can be ended whatever happens. */
export async function startCapture(
  namespace: string,
  interfaceName: string,
  filter: readonly string[],
  track: (child: ChildProcess) => void,
): Promise<Capture> {
  const tcpdump = [
    'tcpdump',
    '-i',
    interfaceName,
    '-n',
    '-s',
    SNAP_BYTES,
    '-B',
    RING_KIB,
    '-U',
    '--immediate-mode',
    '-w',
    '-',
    ...filter,
  ];
  const child = spawn('ip', ['netns', 'exec', namespace, ...tcpdump], { stdio: ['ignore', 'pipe', 'pipe'] });
  track(child);
  const packets: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => packets.push(chunk));
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve());
    child.on('error', () => resolve());
  });
  await listening(child, child.stderr);
  const stop = async (): Promise<Uint8Array> => {
    if (isRunning(child)) {
      try {
        await caughtUp(child, child.stderr);
      } finally {
        child.kill('SIGINT');
      }
    }
    const timer = setTimeout(() => child.kill('SIGKILL'), TCPDUMP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
    return new Uint8Array(Buffer.concat(packets));
  };
  return { stop };
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** A tcpdump that is interrupted drops what it has not read yet, so it is asked first (SIGUSR1) whether it has read it all. */
async function caughtUp(child: ChildProcess, stderr: NodeJS.ReadableStream): Promise<void> {
  const deadline = Date.now() + TCPDUMP_TIMEOUT_MS;
  while (isRunning(child) && Date.now() < deadline) {
    const answer = once(stderr, 'data', { signal: AbortSignal.timeout(TCPDUMP_TIMEOUT_MS) });
    child.kill('SIGUSR1');
    const [counts] = await answer;
    const [captured, received, dropped] = [...String(counts).matchAll(/(\d+) packets? /g)].map(([, count]) =>
      Number(count),
    );
    if (dropped !== undefined && dropped > 0) throw new Error(`tcpdump lost ${dropped} packets`);
    if (captured !== undefined && captured === received) return;
    await wait(COUNTS_INTERVAL_MS);
  }
}

function listening(child: ChildProcess, stderr: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => finish('does not listen'), TCPDUMP_TIMEOUT_MS);
    const finish = (problem?: string): void => {
      clearTimeout(timer);
      if (problem === undefined) resolve();
      else reject(new Error(`tcpdump ${problem}: ${said.trim()}`));
    };
    stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.includes('listening on')) finish();
    });
    child.on('error', (error) => finish(`cannot be started (${error.message})`));
    child.on('exit', () => finish('ended'));
  });
}
