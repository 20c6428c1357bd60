// `vrrpd status [NAME]`: what the running daemon says of its virtual routers and what they track, as tables or JSON.
import type { StatusDocument } from '../control/status/document.js';
import { EXIT } from '../control/exit-status.js';
import { printError, printLine } from './print.js';
import { askDaemon, type DaemonPlace } from './status-client.js';
import { statusText } from './status-text.js';

export interface StatusOptions extends DaemonPlace {
  readonly json: boolean;
  /** Only this virtual router, and what it tracks. */
  readonly name: string | undefined;
}

/** 0; 1 no answer worth the name; 3 no daemon; 4 no permission; 5 no such virtual router. */
export async function showStatus(options: StatusOptions): Promise<number> {
  const { name, json } = options;
  const asked = await askDaemon(options, '/status');
  if (asked.kind === 'problem') {
    printError(asked.message);
    return asked.status;
  }
  if (!isStatus(asked.value)) {
    printError('what answers there is no vrrpd, or one of another version');
    return EXIT.fatal;
  }
  const all = asked.value;
  const status = name === undefined ? all : only(all, name);
  if (json) printLine(JSON.stringify(status, null, 2));
  else printLine(statusText(status));
  if (!all.engine.answered) {
    printError('the engine of vrrpd does not answer: what its virtual routers do is not known');
    return EXIT.fatal;
  }
  if (name !== undefined && status.virtualRouters.length === 0) {
    printError(`there is no virtual router ${name}`);
    return EXIT.notFound;
  }
  return EXIT.ok;
}

function isStatus(value: unknown): value is StatusDocument {
  const { engine, virtualRouters } = (value ?? {}) as Partial<Record<keyof StatusDocument, unknown>>;
  return typeof engine === 'object' && Array.isArray(virtualRouters);
}

function only(status: StatusDocument, name: string): StatusDocument {
  return {
    ...status,
    virtualRouters: status.virtualRouters.filter((router) => router.name === name),
    syncGroups: status.syncGroups.filter(({ members }) => members.includes(name)),
    trackers: status.trackers.filter(({ usedBy }) => usedBy.some(({ virtualRouter }) => virtualRouter === name)),
  };
}
