// The real spawner: sessions (hence process groups) of their own, /dev/null on all descriptors, so that a program that
// writes without end blocks nobody. A signal also reaches children that have left the group, as long as their parents live.
// How a program is started is a part of its own: node:child_process here, which forks this whole process, or a better way.

import { spawn } from 'node:child_process';
import { scriptEnvironment } from '../environment.js';
import type { GroupSignal, ProcessEnd, ProcessGroup, RunAs, Spawner } from '../spawner.js';
import { Emigrants } from './emigrants.js';
import { codeOf, messageOf } from './system-error.js';

export interface Program {
  readonly argv: readonly string[];
  /** All of it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly user?: RunAs;
}

/**
 * Starts a program in a session of its own, with /dev/null on its descriptors; its pid, or undefined when it could not be
 * started. `onEnd` is called once in any case, never from within. May throw for what can never be started.
 */
export type Launch = (program: Program, onEnd: (end: ProcessEnd) => void) => number | undefined;

export function createSpawner(launch: Launch): Spawner {
  return {
    spawn(request, onEnd) {
      const { argv, user } = request;
      const environment = scriptEnvironment(process.env, request.environment);
      try {
        const pid = launch({ argv, environment, ...(user === undefined ? {} : { user }) }, onEnd);
        return pid === undefined ? NO_GROUP : groupOf(pid);
      } catch (error) {
        // What is refused at once (a NUL in an argument, a user it may not become) ends like any exec error.
        setImmediate(() => onEnd({ kind: 'exec-error', message: messageOf(error) }));
        return NO_GROUP;
      }
    },
  };
}

/** Through node:child_process. Supplementary groups go through setpriv(1): Node.js drops them. */
export const launchByForking: Launch = (program, onEnd) => {
  const [command = '', ...args] = withGroups(program);
  const { user, environment } = program;
  const direct = user !== undefined && user.groups === undefined;
  const child = spawn(command, args, {
    detached: true,
    stdio: 'ignore',
    env: environment,
    ...(direct ? { uid: user.uid, gid: user.gid } : {}),
  });
  if (child.pid === undefined) {
    child.once('error', (error) => onEnd({ kind: 'exec-error', message: messageOf(error) }));
    return undefined;
  }
  // 'error' may also tell of a signal that could not be sent, which `signalGroup` handles itself.
  child.on('error', () => undefined);
  child.once('exit', (status, signal) => {
    onEnd(signal === null ? { kind: 'exit', status: status ?? 0 } : { kind: 'signal', signal });
  });
  return child.pid;
};

export const nodeSpawner = createSpawner(launchByForking);

const NO_GROUP: ProcessGroup = { signal: () => undefined, alive: () => false };

function groupOf(pid: number): ProcessGroup {
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

function withGroups({ argv, user }: Program): readonly string[] {
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
