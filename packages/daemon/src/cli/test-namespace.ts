// `-t -s NAME`: the test looks at the interfaces of that network namespace. Apart from the test itself, which a process that
// needs no addon loads from V8's cache, where nothing else can be imported.
import { enterNamespace } from '../control/namespace.js';
import { printError } from './print.js';

/** Whether this thread is in it; says why not. */
export function enterTestNamespace(name: string): boolean {
  const entering = enterNamespace(name);
  if (entering.kind === 'failed') printError(`Unable to set network namespace ${name}: ${entering.reason}`);
  return entering.kind === 'inside';
}
