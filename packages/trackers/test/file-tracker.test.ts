// The file tracker in virtual time, and how a number is read. The texts of the first table were given to keepalived 2.2.7.
import { describe, expect, test } from '@jest/globals';
import { assert, integer, property, string } from 'fast-check';
import { createFileTracker, formatEvidence, parseFileValue, SECOND } from '../src/index.js';
import type { FileTrackerOptions, Tracker } from '../src/index.js';
import { FakeClock, FakeFiles } from '../src/testing/index.js';

test.each<[string, number | undefined]>([
  ['5', 5],
  ['abc', 0],
  ['5abc', 5],
  ['0x10', 16],
  ['010', 8],
  [' 7', 7],
  ['99999999999', undefined],
  ['5000000000', undefined],
  ['+3', 3],
  ['-5\n', -5],
  ['', 0],
  ['9\n10', 9],
  ['0xg', 0],
  ['-', 0],
  ['08', 0],
  ['2147483647', 2147483647],
  ['2147483648', undefined],
  ['-2147483648', -2147483648],
  ['-2147483649', undefined],
  ['- 5', 0],
  ['\n\t 11', 11],
  ['-0x1F', -31],
  ['-0', 0],
])('%j is the number %p', (text, value) => {
  expect(parseFileValue(text)).toBe(value);
});

test('any number written in any base is read back, any text gives a number or none', () => {
  assert(
    property(integer(), (value) => {
      const [sign, size] = value < 0 ? ['-', -value] : ['', value];
      for (const text of [`${sign}${size}`, `${sign}0x${size.toString(16)}`, `${sign}0${size.toString(8)}`])
        expect(parseFileValue(`${text} rest`)).toBe(value);
    }),
    { seed: 11, numRuns: 200 },
  );
  assert(
    property(string(), (text) => expect(parseFileValue(text) ?? 0).toEqual(expect.any(Number))),
    { seed: 12, numRuns: 200 },
  );
});

const PATH = '/run/priority';

interface World {
  readonly clock: FakeClock;
  readonly files: FakeFiles;
  readonly tracker: Tracker;
  readonly lines: string[];
}

function world(text: string | undefined, changes: Partial<FileTrackerOptions> = {}): World {
  const clock = new FakeClock();
  const files = new FakeFiles(clock);
  files.put(PATH, text);
  const lines: string[] = [];
  const tracker = createFileTracker(
    {
      name: 'f',
      path: PATH,
      observe: ({ at, kind }) => lines.push(`${at / 1000} ${kind}`),
      ...changes,
    },
    { clock, files },
  );
  tracker.start(({ at, status, evidence }) => {
    lines.push(`${at / 1000} ${status} ${formatEvidence(evidence)}`);
  });
  clock.advance(100_000);
  return { clock, files, tracker, lines };
}

describe('a file', () => {
  test('that exists at start is read at once; each change within 50 ms', () => {
    const { clock, files, lines } = world('5\n');
    files.put(PATH, '7');
    clock.advance(100_000);
    files.put(PATH, '-254');
    clock.advance(100_000);
    expect(lines).toEqual(['0 down value 5', '105 down value 7', '205 down value -254']);
  });

  test('that does not exist is 0, and is seen when it is created and when it is removed', () => {
    const { clock, files, lines } = world(undefined);
    files.put(PATH, '5');
    clock.advance(100_000);
    files.put(PATH, undefined);
    clock.advance(100_000);
    expect(lines).toEqual(['0 up value 0', '105 down value 5', '245 up value 0']);
  });

  test('found empty while it is rewritten keeps its number', () => {
    const { clock, files, lines } = world('5');
    files.put(PATH, '');
    clock.advance(30_000);
    files.put(PATH, '6');
    clock.advance(100_000);
    expect(lines).toEqual(['0 down value 5', '145 down value 6']);
  });

  test('replaced through a removal keeps its number, too, and the next removal has its full time', () => {
    const { clock, files, lines } = world('5');
    for (let round = 0; round < 2; round += 1) {
      files.put(PATH, undefined);
      clock.advance(30_000);
      files.put(PATH, '5');
      clock.advance(70_000);
    }
    expect(lines).toEqual(['0 down value 5']);
    files.put(PATH, undefined);
    clock.advance(100_000);
    expect(lines.at(-1)).toBe('345 up value 0');
  });

  test('with a number that does not fit keeps the one before', () => {
    const { clock, files, lines } = world('5');
    files.put(PATH, '99999999999');
    clock.advance(100_000);
    expect(lines).toEqual(['0 down value 5', '105 value-ignored']);
  });

  test('with such a number from the start counts as 0', () => {
    expect(world('99999999999').lines).toEqual(['0 value-ignored', '0 up value 0']);
  });

  test('that cannot be read fails with the reason, until it can', () => {
    const { clock, files, lines } = world('0');
    files.break(PATH, 'permission denied');
    clock.advance(100_000);
    files.put(PATH, '0');
    clock.advance(100_000);
    expect(lines).toEqual(['0 up value 0', '105 down exec-error: permission denied', '205 up value 0']);
  });

  test('whose changes bring no events is read each second', () => {
    const { clock, files, lines } = world('5');
    files.silent = true;
    files.put(PATH, '6');
    clock.advance(SECOND);
    expect(lines.at(-1)).toBe('1005 down value 6');
  });

  test('that changes while it is read is read again', () => {
    const { clock, files, lines } = world('5');
    files.readTakes = 20_000;
    files.put(PATH, '6');
    clock.advance(10_000);
    files.put(PATH, '7');
    clock.advance(100_000);
    expect(lines.slice(1)).toEqual(['125 down value 6', '150 down value 7']);
  });

  test('written 1,000 times in a second is read no more often than it settles and ends right', () => {
    const { clock, files, lines } = world('0');
    for (let value = 1; value <= 1_000; value += 1) {
      files.put(PATH, `${value % 200}`);
      clock.advance(1_000);
    }
    clock.advance(100_000);
    expect(lines.at(-1)).toMatch(/up value 0$/);
    expect(lines.length).toBeLessThanOrEqual(202);
  });
});

describe('init_file', () => {
  test.each([
    ['creates a file that is missing', undefined, false, ['0 down value 9']],
    ['leaves one that exists', '5', false, ['0 down value 5']],
    ['overwrites it when told', '5', true, ['0 down value 9']],
  ])('%s', (_fact, text, overwrite, lines) => {
    expect(world(text, { initFile: { value: 9, overwrite } }).lines).toEqual(lines);
  });

  test('that cannot be written is told of and the file tracked all the same', () => {
    const clock = new FakeClock();
    const files = new FakeFiles(clock);
    files.break(PATH, 'read-only file system');
    const heard: string[] = [];
    const initFile = { value: 9, overwrite: true };
    const observe = ({ kind }: { readonly kind: string }): unknown => heard.push(kind);
    const options = { name: 'f', path: PATH, initFile, observe };
    createFileTracker(options, { clock, files }).start(({ status }) => heard.push(status));
    clock.advance(0);
    expect(heard).toEqual(['file-not-written', 'down']);
  });
});

test('a closed tracker says nothing more and leaves nothing waiting', async () => {
  const { clock, files, tracker, lines } = world('5');
  files.put(PATH, '6');
  clock.advance(0);
  await tracker.close();
  clock.advance(5 * SECOND);
  expect(lines).toEqual(['0 down value 5']);
  expect(clock.untilNext).toBeUndefined();
  expect(() => tracker.start(() => undefined)).toThrow(TypeError);
});

test('closed while it initialises its file it never begins', async () => {
  const clock = new FakeClock();
  const files = new FakeFiles(clock);
  const options = { name: 'f', path: PATH, initFile: { value: 1, overwrite: false } };
  const heard: unknown[] = [];
  const tracker = createFileTracker(options, { clock, files });
  tracker.start((report) => heard.push(report));
  await tracker.close();
  clock.advance(5 * SECOND);
  expect(heard).toEqual([]);
});
