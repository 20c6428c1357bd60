// A notifier over fakes, and what is told to it: what its tests share.
import { constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { GroupObservation, Observation, Role } from '@vrrp/state-machine';
import { FakeClock, FakeSpawner } from '@vrrp/trackers/testing';
import { Notifier, type PreparedNotifications } from '../../../src/control/notifications/notifier.js';
import { notificationEntries } from '../../../src/log/notification-sentences.js';
import type { Mail } from '../../../src/control/notifications/mail.js';
import type { WebhookDocument } from '../../../src/control/notifications/webhook-document.js';
import type { DesiredNotifications, DesiredSubject } from '../../../src/plan/notifications.js';

export const transition = (from: Role, to: Role, priority: number): Observation => ({
  kind: 'transition',
  from,
  to,
  cause: 'startup',
  priority,
  faults: to === 'fault' ? [{ kind: 'no-primary-address' }] : [],
});

export const groupTransition = (from: Role, to: Role): GroupObservation => ({
  kind: 'group-transition',
  group: 'G',
  from,
  to,
});

export function isOfGroup(observation: Observation | GroupObservation): observation is GroupObservation {
  return observation.kind === 'group-transition' || observation.kind === 'group-syncing';
}

export const COMMON = { scripts: {}, priorityChanges: false, tellsDeleted: false, mailed: false, webhooks: [] };
export const INSTANCE: DesiredSubject = {
  ...COMMON,
  scope: 'INSTANCE',
  name: 'VI_1',
  priority: 100,
  priorityChanges: true,
  facts: { vrid: 51, interface: 'eth0', addresses: ['192.0.2.100'] },
};
export const GROUP: DesiredSubject = {
  ...COMMON,
  scope: 'GROUP',
  name: 'G',
  priority: 0,
  facts: { members: ['VI_1'] },
};

export class Stage {
  readonly path: string;
  readonly clock = new FakeClock();
  readonly spawner = new FakeSpawner(this.clock);
  readonly log: string[] = [];
  readonly mails: string[] = [];
  readonly mail = {
    send: ({ subject }: Mail): Promise<void> => {
      this.mails.push(subject);
      return Promise.resolve();
    },
  };
  readonly documents: WebhookDocument[] = [];
  readonly webhook = {
    post: (_target: unknown, body: string): Promise<number> => {
      this.documents.push(JSON.parse(body) as WebhookDocument);
      return Promise.resolve(200);
    },
  };
  readonly hostName = 'host.example.org';
  readonly notifier = new Notifier(this, (report) =>
    this.log.push(...notificationEntries(report).map(({ message }) => message)),
  );

  /** @param folder where its FIFO lies. */
  constructor(folder: string) {
    this.path = join(folder, 'fifo');
  }

  configure(changes: Partial<DesiredNotifications> = {}): void {
    this.prepare(changes).commit();
  }

  prepare(changes: Partial<DesiredNotifications> = {}): PreparedNotifications {
    return this.notifier.prepare({
      subjects: [INSTANCE, GROUP],
      fifos: [{ path: this.path }],
      writesStatesOnReload: false,
      ...changes,
    });
  }

  hear(observation: Observation | GroupObservation): void {
    if (isOfGroup(observation)) this.notifier.heard({ kind: 'group-observation', at: 0, observation }, undefined);
    else this.notifier.heard({ kind: 'observation', at: 0, router: 'key', observation }, 'VI_1');
  }

  /** What the engine says while a configuration starts. */
  start(...observations: readonly (Observation | GroupObservation)[]): void {
    this.notifier.heard({ kind: 'starting', at: 0 }, undefined);
    for (const observation of observations) this.hear(observation);
    this.notifier.heard({ kind: 'started', at: 0 }, undefined);
  }

  open(): number {
    return openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK);
  }
}

/** Everything that waits in the pipe. */
export function drain(descriptor: number): string {
  const buffer = Buffer.alloc(65_536);
  return buffer.toString('utf8', 0, readSync(descriptor, buffer));
}
