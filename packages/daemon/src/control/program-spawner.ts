// How the daemon starts scripts: without a copy of itself. A fork of a process of this size holds up all its threads, the
// engine's too (with 50 scripts a second half of all advertisements were 7 ms late); bench/jitter.js shows it.
import { startProgram } from '@vrrp/netlink-native';
import { createSpawner, launchByForking, signalName, type ProcessEnd } from '@vrrp/trackers';

/** The kernel has no pidfds (before Linux 5.3), or a sandbox hides them. */
const ENOSYS = 38;

export const programSpawner = createSpawner((program, onEnd) => {
  const started = startProgram(program, (end) =>
    onEnd(end.kind === 'exit' ? end : { kind: 'signal', signal: signalName(end.signal) }),
  );
  if (started.ok) return started.pid;
  if (started.errno === ENOSYS) return launchByForking(program, onEnd);
  const failed: ProcessEnd = { kind: 'exec-error', message: started.message };
  setImmediate(() => onEnd(failed));
  return undefined;
});
