// The interface tracker in virtual time: weights, reasons, interface_up_down_delays.
import { expect, test } from '@jest/globals';
import { createInterfaceTracker, SECOND } from '../src/index.js';
import type { InterfaceTrackerOptions, LinkCondition, Tracker } from '../src/index.js';
import { FakeClock, FakeLinks } from '../src/testing/index.js';

interface World {
  readonly clock: FakeClock;
  readonly links: FakeLinks;
  readonly tracker: Tracker;
  readonly lines: string[];
}

function world(condition: LinkCondition, changes: Partial<InterfaceTrackerOptions> = {}): World {
  const clock = new FakeClock();
  const links = new FakeLinks(clock);
  links.set('eth1', condition);
  const lines: string[] = [];
  const tracker = createInterfaceTracker(
    { name: 'eth1', weight: 0, reverse: false, upDelay: 0, downDelay: 0, ...changes },
    { clock, links },
  );
  tracker.start(({ at, status, contribution, evidence }) => {
    const effect = contribution.kind === 'gate' ? `gate ${contribution.open ? 'open' : 'closed'}` : contribution.value;
    lines.push(`${at / SECOND} ${status} (${effect}) ${evidence.kind === 'link' ? evidence.state : evidence.kind}`);
  });
  clock.advance(SECOND);
  return { clock, links, tracker, lines };
}

test('a link is told of at start and at every change, with the reason', () => {
  const { links, lines } = world('up');
  for (const condition of ['no-carrier', 'administratively-down', 'missing', 'up'] as const)
    links.set('eth1', condition);
  expect(lines).toEqual([
    '0 up (gate open) up',
    '1 down (gate closed) no-carrier',
    '1 down (gate closed) administratively-down',
    '1 down (gate closed) missing',
    '1 up (gate open) up',
  ]);
});

test.each([
  [{ weight: 10 }, 'up (10) up', 'down (0) no-carrier'],
  [{ weight: -10 }, 'up (0) up', 'down (-10) no-carrier'],
  [{ weight: -10, reverse: true }, 'up (0) up', 'down (10) no-carrier'],
  [{ weight: 0, reverse: true }, 'up (gate closed) up', 'down (gate open) no-carrier'],
])('%j', (changes, up, down) => {
  const { links, lines } = world('up', changes);
  links.set('eth1', 'no-carrier');
  expect(lines).toEqual([`0 ${up}`, `1 ${down}`]);
});

test('a link that is missing at start is told of so', () => {
  const clock = new FakeClock();
  const heard: unknown[] = [];
  const options = { name: 'x', interface: 'eth9', weight: 0, reverse: false, upDelay: 0, downDelay: 0 };
  createInterfaceTracker(options, { clock, links: new FakeLinks(clock) }).start(({ tracker, evidence }) =>
    heard.push([tracker, evidence]),
  );
  clock.advance(0);
  expect(heard).toEqual([['x', { kind: 'link', state: 'missing' }]]);
});

test('delays hold a change back until it has stood for so long', () => {
  const { clock, links, lines } = world('up', { downDelay: 2 * SECOND, upDelay: 3 * SECOND });
  links.set('eth1', 'no-carrier');
  clock.advance(2 * SECOND);
  links.set('eth1', 'up');
  clock.advance(3 * SECOND);
  expect(lines).toEqual(['0 up (gate open) up', '3 down (gate closed) no-carrier', '6 up (gate open) up']);
});

test('a flap shorter than its delay is not told of', () => {
  const { clock, links, lines } = world('up', { downDelay: 2 * SECOND });
  links.set('eth1', 'no-carrier');
  clock.advance(1_999_999);
  links.set('eth1', 'up');
  clock.advance(10 * SECOND);
  expect(lines).toEqual(['0 up (gate open) up']);
});

test('a link that has never been up has no delay, nor has one that is removed', () => {
  const { clock, links, lines } = world('no-carrier', { downDelay: 2 * SECOND, upDelay: 3 * SECOND });
  links.set('eth1', 'up');
  clock.advance(SECOND);
  links.set('eth1', 'missing');
  expect(lines).toEqual(['0 down (gate closed) no-carrier', '1 up (gate open) up', '2 down (gate closed) missing']);
});

test('a closed tracker says nothing more and leaves nothing waiting', async () => {
  const { clock, links, tracker, lines } = world('up', { downDelay: 2 * SECOND });
  links.set('eth1', 'no-carrier');
  await tracker.close();
  clock.advance(10 * SECOND);
  links.set('eth1', 'up');
  expect(lines).toEqual(['0 up (gate open) up']);
  expect(clock.untilNext).toBeUndefined();
});

test('a negative delay is refused', () => {
  const clock = new FakeClock();
  const options = { name: 'x', weight: 0, reverse: false, upDelay: -1, downDelay: 0 };
  expect(() => createInterfaceTracker(options, { clock, links: new FakeLinks(clock) })).toThrow(RangeError);
});
