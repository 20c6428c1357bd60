// `npm start` without arguments: shows a failover. For real in network namespaces when it may, else on a simulated LAN.
import { printError, printLine } from '../cli/print.js';
import { runInNamespaces } from './namespaces.js';
import { runSimulated } from './simulated.js';
import { STAGE } from './story.js';
import { formatEvent, formatOutcome } from './timeline.js';

const ROOT_UID = 0;

process.exit(await quickStart());

async function quickStart(): Promise<number> {
  const isRoot = process.getuid?.() === ROOT_UID;
  printLine('vrrpd quick start: two routers share one virtual address; the Master is killed, the address moves.');
  if (!isRoot) {
    printLine(
      'Not root, so this runs on a simulated LAN: the same configurations and the same engine, in virtual time.',
    );
  }
  printLine(['', ...STAGE, ''].join('\n'));
  const run = isRoot ? runInNamespaces : runSimulated;
  // Interrupted, it still takes down what it set up.
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
  try {
    const outcome = await run((event) => printLine(formatEvent(event)), interruption.signal);
    printLine(['', ...formatOutcome(outcome)].join('\n'));
    return 0;
  } catch (error) {
    printError(`the quick start failed: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}
