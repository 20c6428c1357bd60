// What the engine reports -> lines in a real FIFO, in keepalived's words.
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Observation, Role } from '@vrrp/state-machine';
import { FakeClock, FakeSpawner } from '@vrrp/trackers/testing';

import { Notifier } from '../../../src/control/notifications/notifier.js';
import type { DesiredNotifications } from '../../../src/plan/notifications.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vrrpd-fifo-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const transition = (from: Role, to: Role, priority: number): Observation => ({
  kind: 'transition',
  from,
  to,
  cause: 'startup',
  priority,
  faults: to === 'fault' ? [{ kind: 'no-primary-address' }] : [],
});

class Stage {
  readonly path = join(folder, 'fifo');
  readonly clock = new FakeClock();
  readonly spawner = new FakeSpawner(this.clock);
  readonly log: string[] = [];
  readonly notifier = new Notifier(this, (entries) => this.log.push(...entries.map(({ message }) => message)));

  configure(changes: Partial<DesiredNotifications> = {}): void {
    const scripts = {};
    this.notifier.configure({
      subjects: [
        { scope: 'INSTANCE', name: 'VI_1', priority: 100, scripts, priorityChanges: true, tellsDeleted: false },
        { scope: 'GROUP', name: 'G', priority: 0, scripts, priorityChanges: false, tellsDeleted: false },
      ],
      fifos: [{ path: this.path }],
      ...changes,
    });
  }

  hear(observation: Observation): void {
    this.notifier.heard({ kind: 'observation', at: 0, router: 'key', observation }, 'VI_1');
  }

  open(): number {
    return openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK);
  }
}

/** Everything that waits in the pipe. */
function drain(descriptor: number): string {
  const buffer = Buffer.alloc(65_536);
  return buffer.toString('utf8', 0, readSync(descriptor, buffer));
}

describe('a FIFO', () => {
  test('is told every state, the priorities and the stop, in order, and is gone at the end', async () => {
    const stage = new Stage();
    stage.configure();
    const reader = stage.open();
    stage.hear(transition('initialize', 'backup', 100));
    stage.hear({ kind: 'priority-changed', from: 100, to: 110 });
    stage.hear(transition('backup', 'master', 110));
    stage.hear({ kind: 'priority-changed', from: 110, to: 120 });
    stage.hear({ kind: 'master-heard-lower', source: '192.0.2.2', received: 90, own: 120, electionForced: true });
    stage.notifier.heard(
      {
        kind: 'group-observation',
        at: 0,
        observation: { kind: 'group-transition', group: 'G', from: 'backup', to: 'master' },
      },
      undefined,
    );
    stage.hear(transition('master', 'fault', 120));
    stage.hear(transition('fault', 'initialize', 120));
    await stage.notifier.stop();
    expect(drain(reader).split('\n')).toEqual([
      'INSTANCE "VI_1" BACKUP 100',
      'INSTANCE "VI_1" BACKUP_PRIORITY 110',
      'INSTANCE "VI_1" MASTER 110',
      'INSTANCE "VI_1" MASTER_PRIORITY 120',
      'INSTANCE "VI_1" MASTER_RX_LOWER_PRI 120',
      'GROUP "G" MASTER 0',
      'INSTANCE "VI_1" FAULT 120',
      'INSTANCE "VI_1" STOP 120',
      'GROUP "G" STOP 0',
      '',
    ]);
    closeSync(reader);
    expect(existsSync(stage.path)).toBe(false);
  });

  test('that nobody reads loses lines, counts them and blocks nobody', async () => {
    const stage = new Stage();
    stage.configure();
    for (let count = 0; count < 5_000; count += 1) stage.hear(transition('backup', 'master', 100));
    expect(stage.log).toEqual([`notify FIFO ${stage.path} is full: 1 line lost so far`]);
    await stage.notifier.stop();
  });

  test('that was there before stays', async () => {
    const stage = new Stage();
    spawnSync('mkfifo', [stage.path]);
    stage.configure();
    await stage.notifier.stop();
    expect(lstatSync(stage.path).isFIFO()).toBe(true);
  });

  test('whose path is another file is left out, and said', async () => {
    const stage = new Stage();
    writeFileSync(stage.path, 'precious');
    stage.configure();
    expect(stage.log).toEqual([`notify FIFO ${stage.path} cannot be used: ${stage.path} is there and is not a FIFO`]);
    await stage.notifier.stop();
    expect(lstatSync(stage.path).isFile()).toBe(true);
  });

  test('is read by its script, which is ended with it', async () => {
    const stage = new Stage();
    stage.spawner.install('/reader', { ignoresTerm: true });
    stage.configure({ fifos: [{ path: stage.path, script: { argv: ['/reader', '-q'], mustBeSafe: false } }] });
    expect(stage.spawner.requests.map(({ argv }) => argv)).toEqual([['/reader', '-q', stage.path]]);
    const stopped = stage.notifier.stop();
    for (let turn = 0; turn < 10; turn += 1) {
      await Promise.resolve();
      stage.clock.advance(100_000);
    }
    await stopped;
    expect(stage.spawner.living).toBe(0);
  });
});

test('an instance that waits for the first result of a script is told to nobody', async () => {
  const stage = new Stage();
  stage.configure();
  const reader = stage.open();
  const pending = { kind: 'tracker-pending', tracker: 'chk', trackerKind: 'script' } as const;
  stage.hear({
    kind: 'transition',
    from: 'initialize',
    to: 'fault',
    cause: 'startup',
    priority: 100,
    faults: [pending],
  });
  stage.hear(transition('fault', 'backup', 100));
  expect(drain(reader)).toBe('INSTANCE "VI_1" BACKUP 100\n');
  closeSync(reader);
  await stage.notifier.stop();
});

test.each([
  [false, false, ['INSTANCE "VI_1" FAULT 100', '']],
  [false, true, ['']],
  [true, false, ['INSTANCE "VI_1" DELETED 100', '']],
  [true, true, ['INSTANCE "VI_1" DELETED 100', '']],
])(
  'an instance that a reload removes, with notify_deleted: %s, in fault: %s',
  async (tellsDeleted, faulty, expected) => {
    const stage = new Stage();
    const subject = { scope: 'INSTANCE', name: 'VI_1', priority: 100, scripts: {}, priorityChanges: false } as const;
    stage.configure({ subjects: [{ ...subject, tellsDeleted }] });
    stage.configure({ subjects: [] });
    const reader = stage.open();
    stage.notifier.removed('VI_1', faulty);
    await stage.notifier.stop();
    expect(drain(reader).split('\n')).toEqual(expected);
    closeSync(reader);
  },
);
