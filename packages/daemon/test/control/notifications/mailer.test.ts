// Mails in virtual time: their words, their order, and that a mail server that does nothing costs nothing but log lines.
import { describe, expect, test } from '@jest/globals';
import { FakeClock } from '@vrrp/trackers/testing';

import { canonicalHostName, mailOf, type Mail } from '../../../src/control/notifications/mail.js';
import {
  MAIL_RUNNING_MAX,
  MAIL_STOP_LIMIT,
  MAIL_WAITING_MAX,
  Mailer,
} from '../../../src/control/notifications/mailer.js';
import type { Notice, NoticeState } from '../../../src/reports/notice.js';
import { notificationEntries } from '../../../src/log/notification-sentences.js';
import type { DesiredMail } from '../../../src/plan/notifications.js';

const SECOND = 1_000_000;

const notice = (state: NoticeState, name = 'VI_1', scope: Notice['scope'] = 'INSTANCE'): Notice => ({
  scope,
  name,
  state,
  priority: 100,
});
const BY: DesiredMail = {
  server: { host: '192.0.2.25', port: 25 },
  timeout: 3 * SECOND,
  recipients: ['a@example.org'],
  faults: true,
  security: 'none',
};

/** A mail server that takes mails at once, never, or when told to. */
class Stage {
  readonly clock = new FakeClock();
  readonly log: string[] = [];
  readonly begun: string[] = [];
  readonly #open: (() => void)[] = [];
  readonly mailer: Mailer;

  constructor(server: 'quick' | 'slow' | 'dead' | 'black hole') {
    this.mailer = new Mailer({
      clock: this.clock,
      transport: {
        send: ({ subject }: Mail, _by: DesiredMail, signal: AbortSignal): Promise<void> => {
          this.begun.push(subject.replace(/^.*VRRP /, ''));
          if (server === 'dead') return Promise.reject(new Error('connect ECONNREFUSED'));
          return new Promise((resolve, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason as Error));
            if (server === 'quick') resolve();
            if (server === 'slow') this.#open.push(resolve);
          });
        },
      },
      report: (report) =>
        this.log.push(...notificationEntries({ listener: 'mail', report: report }).map(({ message }) => message)),
    });
  }

  tell(...notices: readonly Notice[]): void {
    for (const one of notices) this.mailer.notify(one, BY, 'node');
  }

  /** The slow server takes the oldest mail it has. */
  async take(): Promise<void> {
    this.#open.shift()?.();
    await settle();
  }
}

/** Lets every promise that can go on do so. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('a mail says', () => {
  test.each<[Notice, string, string]>([
    [notice('MASTER'), 'Instance VI_1 - Entering MASTER state', 'VRRP Instance is now owning VRRP VIPs'],
    [notice('BACKUP'), 'Instance VI_1 - Entering BACKUP state', 'VRRP Instance is no longer owning VRRP VIPs'],
    [notice('FAULT'), 'Instance VI_1 - Entering FAULT state', 'VRRP Instance is no longer owning VRRP VIPs'],
    [notice('STOP'), 'Instance VI_1 - Stopping', 'VRRP Instance stopping'],
    [notice('DELETED'), 'Instance VI_1 - Deleted', 'VRRP Deleted at reload'],
    [
      notice('MASTER', 'G', 'GROUP'),
      'Group G - Entering MASTER state',
      'All VRRP group instances are now in MASTER state',
    ],
    [notice('STOP', 'G', 'GROUP'), 'Group G - Stopping', 'All VRRP group instances are now stopping'],
  ])("%#: keepalived's words", (one, subject, text) => {
    expect(mailOf(one as Parameters<typeof mailOf>[0], 'lb1')).toEqual({
      subject: `[lb1] VRRP ${subject}`,
      text: `=> ${text} <=\r\n\r\n`,
    });
  });
});

test('of states: none twice in a row, faults unless they are not asked for, and no lower priority that was heard', async () => {
  const stage = new Stage('quick');
  stage.tell(notice('BACKUP'), notice('MASTER_RX_LOWER_PRI'), notice('FAULT'), notice('FAULT'), notice('BACKUP'));
  for (const state of ['FAULT', 'BACKUP', 'MASTER'] as const)
    stage.mailer.notify(notice(state), { ...BY, faults: false }, 'n');
  await settle();
  expect(stage.begun.map((subject) => subject.split(' ')[4])).toEqual(['BACKUP', 'FAULT', 'BACKUP', 'MASTER']);
  expect(stage.log).toEqual(Array.from({ length: 4 }, () => 'SMTP alert successfully sent.'));
});

const INSTANCES = 2 * MAIL_RUNNING_MAX;

test('in order for each instance, and only a few connections at once', async () => {
  const stage = new Stage('slow');
  for (let number = 0; number < INSTANCES; number += 1)
    stage.tell(notice('BACKUP', `VI_${number}`), notice('MASTER', `VI_${number}`));
  expect(stage.begun).toHaveLength(MAIL_RUNNING_MAX);
  for (let count = 0; count < 2 * INSTANCES; count += 1) await stage.take();
  expect(stage.begun).toHaveLength(2 * INSTANCES);
  for (let number = 0; number < INSTANCES; number += 1) {
    expect(stage.begun.filter((subject) => subject.includes(`VI_${number} `))).toEqual([
      `Instance VI_${number} - Entering BACKUP state`,
      `Instance VI_${number} - Entering MASTER state`,
    ]);
  }
});

test('a server that refuses costs a line for each mail', async () => {
  const stage = new Stage('dead');
  stage.tell(notice('BACKUP'), notice('MASTER'));
  await settle();
  expect(stage.log).toEqual([
    '(VI_1) mail (BACKUP) was not sent through [192.0.2.25]:25: connect ECONNREFUSED',
    '(VI_1) mail (MASTER) was not sent through [192.0.2.25]:25: connect ECONNREFUSED',
  ]);
});

test('a server that never answers costs a line, and what waits for it is limited: the latest state stays', async () => {
  const stage = new Stage('black hole');
  for (let change = 0; change < 1_000; change += 1) stage.tell(notice(change % 2 === 0 ? 'BACKUP' : 'MASTER'));
  expect(stage.begun).toHaveLength(1);
  expect(stage.log).toHaveLength(1_000 - 1 - MAIL_WAITING_MAX);
  expect(stage.log[0]).toBe('(VI_1) mail for MASTER is left out: a newer state came first');
  stage.log.length = 0;
  for (let mail = 0; mail <= MAIL_WAITING_MAX; mail += 1) {
    stage.clock.advance(15 * SECOND);
    await settle();
  }
  expect(stage.log).toHaveLength(1 + MAIL_WAITING_MAX);
  expect(stage.log.at(-1)).toBe('(VI_1) mail (MASTER) was not sent through [192.0.2.25]:25: not done after 15 s');
});

describe('the stop', () => {
  test('waits until the last mail is sent', async () => {
    const stage = new Stage('slow');
    stage.tell(notice('MASTER'), notice('STOP'));
    const stopped = stage.mailer.stop();
    await stage.take();
    await stage.take();
    await stopped;
    expect(stage.clock.now()).toBe(0);
    expect(stage.begun.at(-1)).toBe('Instance VI_1 - Stopping');
  });

  test('does not wait longer than its limit, and says what was not sent', async () => {
    const stage = new Stage('black hole');
    stage.tell(notice('MASTER'), notice('STOP'));
    const stopped = stage.mailer.stop();
    stage.clock.advance(MAIL_STOP_LIMIT);
    await stopped;
    await settle();
    expect(stage.log).toEqual(['2 mails were not delivered before the stop']);
  });
});

test.each([
  ['127.0.0.1 localhost\n127.0.1.1 lb1.example.org lb1\n', 'lb1.example.org'],
  ['127.0.1.1 other # lb1\n', 'lb1'],
  ['', 'lb1'],
])('the host is called as hosts(5) has it: %j', (hosts, expected) => {
  expect(canonicalHostName('lb1', hosts)).toBe(expected);
});
