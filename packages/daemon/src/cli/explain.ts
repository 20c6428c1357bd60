// `vrrpd explain NAME`: why a virtual router of the running daemon is what it is, and what would change that.
import { EXIT } from '../control/exit-status.js';
import type { ExplainDocument } from '../control/status/document.js';
import { printable } from './printable.js';
import { printError, printLine } from './print.js';
import { askDaemon, type DaemonPlace } from './status-client.js';

export interface ExplainOptions extends DaemonPlace {
  readonly json: boolean;
}

/** As `showStatus`. */
export async function explainRouter(name: string, options: ExplainOptions): Promise<number> {
  const asked = await askDaemon(options, `/explain/${encodeURIComponent(name)}`);
  if (asked.kind === 'problem') {
    printError(printable(asked.message));
    return asked.status;
  }
  const document = asked.value as ExplainDocument | null;
  if (document === null || !Array.isArray(document.sentences)) {
    printError('what answers there is no vrrpd, or one of another version');
    return EXIT.fatal;
  }
  if (options.json) printLine(JSON.stringify(document, null, 2));
  else for (const sentence of document.sentences) printLine(printable(sentence));
  return EXIT.ok;
}
