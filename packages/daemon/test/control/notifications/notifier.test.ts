// What the engine reports -> lines in a real FIFO, in keepalived's words; mail and webhooks.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, lstatSync, mkdtempSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fault, Observation } from '@vrrp/state-machine';
import { z } from 'zod';
import type { WebhookDocument } from '../../../src/control/notifications/webhook-document.js';
import type { DesiredNotifications } from '../../../src/plan/notifications.js';
import { transition, groupTransition, INSTANCE, GROUP, Stage, drain } from './notifier-stage.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vrrpd-fifo-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a FIFO', () => {
  test('is told every state, the priorities and the stop, in order, and is gone at the end', async () => {
    const stage = new Stage(folder);
    stage.configure();
    const reader = stage.open();
    stage.hear(transition('initialize', 'backup', 100));
    stage.hear({ kind: 'priority-changed', from: 100, to: 110 });
    stage.hear(transition('backup', 'master', 110));
    stage.hear({ kind: 'priority-changed', from: 110, to: 120 });
    stage.hear({ kind: 'master-heard-lower', source: '192.0.2.2', received: 90, own: 120, electionForced: true });
    stage.hear(groupTransition('backup', 'master'));
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

  test('is told a group before its members at the start, and everything else as it comes', async () => {
    const stage = new Stage(folder);
    stage.configure();
    const reader = stage.open();
    stage.start(transition('initialize', 'backup', 100), groupTransition('initialize', 'backup'));
    stage.hear(transition('backup', 'master', 100));
    stage.hear(groupTransition('backup', 'master'));
    expect(drain(reader)).toBe(
      'GROUP "G" BACKUP 0\nINSTANCE "VI_1" BACKUP 100\nINSTANCE "VI_1" MASTER 100\nGROUP "G" MASTER 0\n',
    );
    await stage.notifier.stop();
    closeSync(reader);
  });

  test.each([
    [true, 'GROUP "G" MASTER 0\nINSTANCE "VI_1" MASTER 90\n'],
    [false, ''],
  ])('is told all states after a reload, if that is asked for: %p', (writesStatesOnReload, told) => {
    const stage = new Stage(folder);
    stage.spawner.install('/notify', {});
    const subject = { ...INSTANCE, priorityChanges: false, scripts: { any: { argv: ['/notify'], mustBeSafe: false } } };
    const changes = { subjects: [subject, GROUP], writesStatesOnReload };
    stage.configure(changes);
    stage.start(transition('initialize', 'backup', 100), groupTransition('initialize', 'backup'));
    stage.hear(transition('backup', 'master', 100));
    stage.hear(groupTransition('backup', 'master'));
    const runs = stage.spawner.requests.length;
    stage.configure(changes);
    const reader = stage.open();
    stage.start({ kind: 'priority-changed', from: 100, to: 90 });
    const buffer = Buffer.alloc(1_000);
    let read = '';
    try {
      read = buffer.toString('utf8', 0, readSync(reader, buffer));
    } catch {
      // Nothing waits in it.
    }
    expect(read).toBe(told);
    expect(stage.spawner.requests).toHaveLength(runs);
    closeSync(reader);
    void stage.notifier.stop();
  });

  test.each([
    { kind: 'operation-failed', at: 0, router: undefined, operation: 'configure', error: { code: 'E', message: 'no' } },
    undefined,
  ] as const)('is told of a start that fails, or that the stop cuts short: %j', async (end) => {
    const stage = new Stage(folder);
    stage.configure();
    const reader = stage.open();
    stage.notifier.heard({ kind: 'starting', at: 0 }, undefined);
    stage.hear(transition('initialize', 'backup', 100));
    if (end !== undefined) stage.notifier.heard(end, undefined);
    await stage.notifier.stop();
    expect(drain(reader)).toBe('INSTANCE "VI_1" BACKUP 100\nINSTANCE "VI_1" STOP 100\nGROUP "G" STOP 0\n');
    closeSync(reader);
  });

  test('that nobody reads loses lines, counts them and blocks nobody', async () => {
    const stage = new Stage(folder);
    stage.configure();
    for (let count = 0; count < 5_000; count += 1) stage.hear(transition('backup', 'master', 100));
    expect(stage.log).toEqual([`notify FIFO ${stage.path} is full: 1 line lost so far`]);
    const [loss] = stage.notifier.fifoLosses;
    expect(loss?.path).toBe(stage.path);
    expect(loss?.lost).toBeGreaterThan(1_000);
    await stage.notifier.stop();
  });

  test('that was there before stays', async () => {
    const stage = new Stage(folder);
    spawnSync('mkfifo', [stage.path]);
    stage.configure();
    await stage.notifier.stop();
    expect(lstatSync(stage.path).isFIFO()).toBe(true);
  });

  test('whose path is another file is left out, and said', async () => {
    const stage = new Stage(folder);
    writeFileSync(stage.path, 'precious');
    stage.configure();
    expect(stage.log).toEqual([`notify FIFO ${stage.path} cannot be used: ${stage.path} is there and is not a FIFO`]);
    await stage.notifier.stop();
    expect(lstatSync(stage.path).isFile()).toBe(true);
  });

  test('is read by its script, which is ended with it', async () => {
    const stage = new Stage(folder);
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
  const stage = new Stage(folder);
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
    const stage = new Stage(folder);
    stage.configure({ subjects: [{ ...INSTANCE, tellsDeleted }] });
    stage.configure({ subjects: [] });
    const reader = stage.open();
    stage.notifier.removed('VI_1', faulty);
    await stage.notifier.stop();
    expect(drain(reader).split('\n')).toEqual(expected);
    closeSync(reader);
  },
);

const subject = (rest: string): string => `[host.example.org] VRRP ${rest}`;

interface DescribedDocument {
  readonly properties: {
    readonly cause: { readonly enum: readonly string[] };
    readonly faults: {
      readonly items: { readonly properties: { readonly kind: { readonly enum: readonly string[] } } };
    };
  };
}

/** The compiler asks for a new one here. */
const CAUSES: Readonly<Record<WebhookDocument['cause'], true>> = {
  startup: true,
  shutdown: true,
  'address-owner': true,
  'master-down-timer': true,
  'priority-zero-timer': true,
  'higher-priority-advertisement': true,
  'equal-priority-higher-address': true,
  'address-lost': true,
  'route-lost': true,
  'rule-lost': true,
  'owner-conflict': true,
  'timer-expired': true,
  fault: true,
  'faults-cleared': true,
  'sync-group': true,
  reload: true,
};
const FAULTS: Readonly<Record<Fault['kind'], true>> = {
  'interface-down': true,
  'no-primary-address': true,
  'no-socket': true,
  'cannot-send': true,
  'tracker-down': true,
  'tracker-pending': true,
  'group-member': true,
};

describe('mail and webhooks', () => {
  const REFERENCE = join(import.meta.dirname, '../../../../../docs/reference');
  const text = readFileSync(join(REFERENCE, 'webhook.schema.json'), 'utf8');
  const described = JSON.parse(text) as DescribedDocument;
  const schema = z.fromJSONSchema(JSON.parse(text));
  const everybody = { mailed: true, webhooks: [{ url: 'http://192.0.2.9', headers: [] }] };
  const told: Partial<DesiredNotifications> = {
    subjects: [
      { ...INSTANCE, ...everybody },
      { ...GROUP, ...everybody },
    ],
    mail: {
      server: { host: '192.0.2.25', port: 25 },
      timeout: 1,
      recipients: ['a@example.org'],
      faults: true,
      security: 'none',
    },
    fifos: [],
  };

  test('tell of every state with its cause, a group with that of the member it follows', async () => {
    const stage = new Stage(folder);
    stage.configure(told);
    stage.hear(transition('initialize', 'backup', 100));
    stage.hear({ ...transition('backup', 'master', 100), cause: 'master-down-timer' } as Observation);
    stage.hear({ kind: 'master-heard-lower', source: '192.0.2.2', received: 90, own: 100, electionForced: true });
    stage.hear({ kind: 'priority-changed', from: 100, to: 110 });
    const observation = { kind: 'group-transition', group: 'G', from: 'backup', to: 'master' } as const;
    stage.notifier.heard({ kind: 'group-observation', at: 0, observation }, undefined);
    const down = { kind: 'tracker-down', tracker: 'chk', trackerKind: 'script' } as const;
    const fault = { ...down, evidence: { kind: 'exit', status: 3 } } as const;
    stage.hear({ kind: 'transition', from: 'master', to: 'fault', cause: 'fault', priority: 110, faults: [fault] });
    stage.notifier.removed('VI_1', false);
    await stage.notifier.stop();
    expect(stage.mails).toEqual([
      subject('Instance VI_1 - Entering BACKUP state'),
      subject('Group G - Entering MASTER state'),
      subject('Instance VI_1 - Entering MASTER state'),
      subject('Group G - Stopping'),
      subject('Instance VI_1 - Entering FAULT state'),
      subject('Instance VI_1 - Stopping'),
    ]);
    const of = (scope: string) => stage.documents.filter((document) => document.scope === scope);
    expect(of('INSTANCE')).toMatchObject([
      { sequence: 1, state: 'BACKUP', previous: 'INIT', cause: 'startup', priority: 100, faults: [] },
      { sequence: 2, state: 'MASTER', previous: 'BACKUP', cause: 'master-down-timer', vrid: 51, interface: 'eth0' },
      {
        sequence: 3,
        state: 'FAULT',
        previous: 'MASTER',
        cause: 'fault',
        priority: 110,
        faults: [{ ...down, evidence: 'exit 3' }],
      },
      { sequence: 4, state: 'FAULT', previous: null, cause: 'reload' },
      { sequence: 5, state: 'STOP', previous: null, cause: 'shutdown', addresses: ['192.0.2.100'] },
    ]);
    expect(of('GROUP')).toMatchObject([
      { state: 'MASTER', previous: 'BACKUP', cause: 'master-down-timer', member: 'VI_1', members: ['VI_1'] },
      { state: 'STOP', cause: 'shutdown', priority: 0 },
    ]);
    for (const document of stage.documents) expect(schema.parse(document)).toEqual(document);
    expect(new Set(stage.documents.map(({ id }) => id)).size).toBe(stage.documents.length);
  });

  test('can say every cause and every fault there is', () => {
    const { cause, faults } = described.properties;
    expect(cause.enum.toSorted()).toEqual(Object.keys(CAUSES).toSorted());
    expect(faults.items.properties.kind.enum.toSorted()).toEqual(Object.keys(FAULTS).toSorted());
  });

  test('the document that the reference shows is one of these', async () => {
    const stage = new Stage(folder);
    stage.configure({ ...told, node: 'lb1' });
    stage.hear(transition('initialize', 'backup', 100));
    stage.hear({ ...transition('backup', 'master', 100), cause: 'master-down-timer' } as Observation);
    await stage.notifier.stop();
    const page = readFileSync(join(REFERENCE, 'webhook.md'), 'utf8');
    const shown = JSON.parse(/```json\n([^]*?)```/.exec(page)?.[1] ?? '') as WebhookDocument;
    expect(schema.parse(shown)).toEqual(shown);
    const sent = stage.documents.find(({ state }) => state === 'MASTER');
    expect({ ...sent, id: shown.id, time: shown.time }).toEqual(shown);
  });

  // The engine runs in a thread of its own; what is left to show is that nothing here waits for anybody.
  test('50 instances that change at once with scripts, mail and webhooks that never end take no time and little room', () => {
    const stage = new Stage(folder);
    const command = { argv: ['/hangs'], mustBeSafe: false };
    stage.spawner.install('/hangs', {});
    stage.mail.send = () => new Promise(() => undefined);
    stage.webhook.post = () => new Promise(() => undefined);
    const names = Array.from({ length: 50 }, (_, index) => `VI_${index}`);
    stage.configure({
      ...told,
      subjects: names.map((name) => ({ ...INSTANCE, ...everybody, name, scripts: { any: command } })),
    });
    const before = performance.now();
    for (let round = 0; round < 20; round += 1) {
      for (const name of names) {
        const observation = transition('backup', round % 2 === 0 ? 'master' : 'fault', 100);
        stage.notifier.heard({ kind: 'observation', at: 0, router: 'key', observation }, name);
      }
    }
    expect(performance.now() - before).toBeLessThan(ROUND_LIMIT_MS * 20);
    expect(stage.clock.now()).toBe(0);
    expect(stage.spawner.living).toBe(50);
  });
});

/** Generous: it is about 1 ms here. */
const ROUND_LIMIT_MS = 100;
