// vrrp_track_process with real keepalived 2.2.7: the same processes that come, go, fork, run another program and change
// their names make both daemons advertise the same priorities. keepalived may overlook a process: see `patientWith`.
import type { ChildProcess } from 'node:child_process';

import { describe, expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import type { Kind } from '../rig/scenarios.js';
import { advertises, block, launch, onTrackingSite, patientWith } from '../rig/tracking-site.js';
import type { TrackingSite } from '../rig/tracking-site.js';

const KINDS: readonly [Kind][] = [['vrrpd'], ['keepalived']];
/** µs: a busy machine is late by this at most. */
const SLACK = 1_500_000;
let names = 0;

/** A name of at most 15 characters that no other test has, nor another run of this one. */
function freshName(kind: Kind): string {
  names += 1;
  return `${kind.slice(0, 2)}${names}-${process.pid}`;
}

const WEIGHT = 10;
const ENOUGH = 100 + WEIGHT;

/** One daemon that tracks processes with these lines; `body` is told the name that stands in the first of them. */
function tracking(
  kind: Kind,
  lines: (name: string, site: TrackingSite) => readonly string[],
  body: (site: TrackingSite, name: string) => Promise<void>,
): Promise<void> {
  return patientWith(kind, () =>
    onTrackingSite(1, async (site) => {
      const name = freshName(kind);
      await site.start(0, kind, 100, {
        objects: block('vrrp_track_process app', ...lines(name, site), `weight ${WEIGHT}`),
        lines: block('track_process', 'app'),
      });
      await body(site, name);
    }),
  );
}

/** A shell that carries out one line of standard input after another; its first word is an argument of its own. */
function shell({ lab, namespaces }: TrackingSite, script: string, ...args: readonly string[]): ChildProcess {
  return lab.spawn(namespaces[0] ?? '', ['sh', '-c', script, ...args], { stdio: ['pipe', 'ignore', 'ignore'] });
}

requires(
  'root',
  'keepalived',
  'tcpdump',
)('processes', () => {
  describe.each(KINDS)('tracked by %s', (kind) => {
    test.concurrent('quorum_max: one is enough, two are too many', () =>
      tracking(
        kind,
        (name) => [`process ${name}`, 'quorum_max 1'],
        async (site, name) => {
          await advertises(site, 100, 'none runs');
          await launch(site, 0, name);
          await advertises(site, ENOUGH, 'one runs');
          const second = await launch(site, 0, name);
          await advertises(site, 100, 'two run');
          second.kill('SIGKILL');
          await advertises(site, ENOUGH, 'one runs');
        },
      ),
    );

    test.concurrent('param_match partial: the first arguments count', () =>
      tracking(
        kind,
        (name, { folder }) => [`process ${folder}/${name} 1000`, 'param_match partial'],
        async (site, name) => {
          await launch(site, 0, name, ['2000', '1000']);
          await launch(site, 0, name, ['1000', '1']);
          await advertises(site, ENOUGH, 'one of the two matches');
        },
      ),
    );

    test.concurrent('param_match initial: the last argument may go on', () =>
      tracking(
        kind,
        (name, { folder }) => [`process ${folder}/${name} 10`, 'param_match initial'],
        async (site, name) => {
          const other = await launch(site, 0, name, ['2000']);
          await advertises(site, 100, 'another argument');
          other.kill('SIGKILL');
          await launch(site, 0, name, ['1000']);
          await advertises(site, ENOUGH, 'the argument goes on');
        },
      ),
    );

    test.concurrent('full_command: the path counts, not the name', () =>
      tracking(
        kind,
        (name, { folder }) => [`process ${folder}/${name}`, 'full_command'],
        async (site, name) => {
          await launch(site, 0, name);
          await advertises(site, ENOUGH, 'it runs by this path');
        },
      ),
    );

    test.concurrent('exec: a process becomes the one that is tracked, and another again', () =>
      tracking(
        kind,
        (name) => [`process ${name}`],
        async (site, name) => {
          (await launch(site, 0, name)).kill('SIGKILL');
          const program = `${site.folder}/${name}`;
          // The program ends after two seconds.
          const process = shell(site, 'read go; exec "$0" 2', program);
          await advertises(site, 100, 'it is a shell');
          process.stdin?.write('go\n');
          await advertises(site, ENOUGH, 'it runs the program');
          await advertises(site, 100, 'it has ended');
        },
      ),
    );

    test.concurrent('comm: a process takes the name that is tracked, and drops it', () =>
      tracking(
        kind,
        (name) => [`process ${name}`],
        async (site, name) => {
          const rename = 'read go; printf "$0" > /proc/$$/comm; read go; printf other > /proc/$$/comm; read go';
          const process = shell(site, rename, name);
          await advertises(site, 100, 'it has the name of a shell');
          process.stdin?.write('go\n');
          await advertises(site, ENOUGH, 'it has the name');
          process.stdin?.write('go\n');
          await advertises(site, 100, 'it has another name');
        },
      ),
    );

    test.concurrent('terminate_delay and fork_delay: a change counts when it has stood for its delay', () =>
      tracking(
        kind,
        (name) => [`process ${name}`, 'terminate_delay 1.5', 'fork_delay 0.2'],
        async (site, name) => {
          const first = await launch(site, 0, name);
          await advertises(site, ENOUGH, 'it runs');
          const from = site.capture.seen.length;
          first.kill('SIGKILL');
          const second = await launch(site, 0, name);
          // The loss was made up for in time: nothing of it is advertised until the second is gone too.
          await advertises(site, ENOUGH, 'another runs in its place');
          const killed = Date.now() * 1_000;
          second.kill('SIGKILL');
          const lowered = await advertises(site, 100, 'none runs for long enough');
          expect(lowered.at - killed).toBeGreaterThan(1_500_000);
          expect(lowered.at - killed).toBeLessThan(1_500_000 + SLACK);
          expect(site.capture.seen.slice(from).filter(({ at, priority }) => at < killed && priority === 100)).toEqual(
            [],
          );
        },
      ),
    );
  });
});
