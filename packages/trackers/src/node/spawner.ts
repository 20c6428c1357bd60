// The real spawner: node:child_process, a session (hence a process group) of its own, /dev/null on all descriptors,
// so a program that writes without end blocks nobody. Supplementary groups go through setpriv(1): Node.js drops them.
// A signal also reaches children that have left the group, as long as their parents live.

import { spawn } from 'node:child_process';
import { scriptEnvironment } from '../environment.js';
import type { GroupSignal, ProcessEnd, ProcessGroup, SpawnRequest, Spawner } from '../spawner.js';
import { Emigrants } from './emigrants.js';
import { codeOf, messageOf } from './system-error.js';

export const nodeSpawner: Spawner = {
  spawn(request, onEnd) {
    try {
      return start(request, onEnd);
    } catch (error) {
      // What Node.js refuses at once (a NUL in an argument, a user it may not become) ends like any exec error.
      setImmediate(() => onEnd(execError(error)));
      return NO_GROUP;
    }
  },
};

const NO_GROUP: ProcessGroup = { signal: () => undefined, alive: () => false };

function start(request: SpawnRequest, onEnd: (end: ProcessEnd) => void): ProcessGroup {
  const [command = '', ...args] = withGroups(request);
  const { user } = request;
  const direct = user !== undefined && user.groups === undefined;
  const child = spawn(command, args, {
    detached: true,
    stdio: 'ignore',
    env: scriptEnvironment(process.env, request.environment),
    ...(direct ? { uid: user.uid, gid: user.gid } : {}),
  });
  const { pid } = child;
  if (pid === undefined) {
    child.once('error', (error) => onEnd(execError(error)));
    return NO_GROUP;
  }
  // 'error' may also tell of a signal that could not be sent, which `signalGroup` handles itself.
  child.on('error', () => undefined);
  child.once('exit', (status, signal) => {
    onEnd(signal === null ? { kind: 'exit', status: status ?? 0 } : { kind: 'signal', signal });
  });
  const emigrants = new Emigrants(pid);
  // The number of a group is free again once its last process is gone: it is never used after that was seen.
  let gone = false;
  return {
    signal: (signal) => {
      if (!gone) {
        emigrants.look();
        gone = !signalGroup(pid, signal);
      }
      emigrants.signal(signal);
    },
    alive: () => {
      if (!gone) gone = !signalGroup(pid, 0);
      return !gone || emigrants.alive();
    },
  };
}

function withGroups({ argv, user }: SpawnRequest): readonly string[] {
  if (user?.groups === undefined) return argv;
  const groups = user.groups.length === 0 ? '--clear-groups' : `--groups=${user.groups.join(',')}`;
  return ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, groups, '--', ...argv];
}

/** Whether the group exists. */
function signalGroup(pid: number, signal: GroupSignal | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    // EPERM: it exists, but runs as a user we may not signal.
    return codeOf(error) !== 'ESRCH';
  }
}

function execError(error: unknown): ProcessEnd {
  return { kind: 'exec-error', message: messageOf(error) };
}
