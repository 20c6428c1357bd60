// What every FileWatcher does: FakeFiles and the real one pass these cases.

import { HINT_INTERVAL, READ_LIMIT } from '../file-watcher.js';
import type { FileReading, FileWatcher } from '../file-watcher.js';
import { ensure, until } from './contract.js';
import type { ContractCase, Passage } from './contract.js';

export interface FilesHarness extends Passage {
  readonly files: FileWatcher;
  /** A file that does not exist yet, in a folder that does. */
  readonly path: string;
  /** Another one in the same folder. */
  readonly other: string;
  /** A path that exists and cannot be read as a file. */
  readonly unreadable: string;
  /** What a program would do to a file; undefined removes it. */
  put(path: string, text: string | undefined): void;
}

const QUIET = 50_000;

export const filesContract: readonly ContractCase<FilesHarness>[] = [
  {
    name: 'a file is read up to its limit, each byte a character',
    run: async (harness) => {
      harness.put(harness.path, '');
      ensure((await reading(harness, harness.path)) === 'content:', 'an empty file has no content');
      harness.put(harness.path, '1'.repeat(READ_LIMIT + 5));
      const text = await reading(harness, harness.path);
      ensure(text === `content:${'1'.repeat(READ_LIMIT)}`, `the first ${READ_LIMIT} bytes, not ${text}`);
    },
  },
  {
    name: 'no file is missing, what cannot be read is an error with its reason',
    run: async (harness) => {
      ensure((await reading(harness, harness.path)) === 'missing', 'there is none');
      ensure(/^error:./.test(await reading(harness, harness.unreadable)), 'a reason');
    },
  },
  {
    name: 'write creates a file and replaces what is in it; a write that fails tells why',
    run: async (harness) => {
      for (const text of ['254', '5']) {
        ensure((await written(harness, harness.path, text)) === undefined, 'no problem');
        ensure((await reading(harness, harness.path)) === `content:${text}`, `it holds ${text}`);
      }
      ensure((await written(harness, harness.unreadable, '5')) !== undefined, 'a problem');
    },
  },
  {
    name: 'a file created, written and removed gives a hint each time',
    run: async (harness) => {
      const { files, path, pass, put } = harness;
      let hints = 0;
      const unwatch = files.watch(path, () => (hints += 1));
      ensure(hints === 0, 'not from within watch');
      await pass(QUIET);
      for (const text of ['5', '6', undefined, '7']) {
        hints = 0;
        put(path, text);
        await until(harness, () => hints > 0, `a hint for ${text}`, HINT_INTERVAL / 2);
        await pass(QUIET);
      }
      unwatch();
    },
  },
  {
    name: 'without any change a hint comes about each second',
    run: async (harness) => {
      const { files, path, pass } = harness;
      let hints = 0;
      const unwatch = files.watch(path, () => (hints += 1));
      await pass(QUIET);
      hints = 0;
      await until(harness, () => hints > 0, 'a hint', 2 * HINT_INTERVAL);
      unwatch();
    },
  },
  {
    name: 'another file of the folder gives no hint, nor anything after the watch has ended',
    run: async ({ files, path, other, pass, put }) => {
      let hints = 0;
      const unwatch = files.watch(path, () => (hints += 1));
      await pass(QUIET);
      hints = 0;
      put(other, '5');
      await pass(QUIET);
      ensure(hints === 0, 'the other file is none of its business');
      unwatch();
      put(path, '5');
      await pass(HINT_INTERVAL + 4 * QUIET);
      ensure(hints === 0, 'it has ended');
    },
  },
];

async function reading(harness: FilesHarness, path: string): Promise<string> {
  const readings: FileReading[] = [];
  harness.files.read(path, (one) => readings.push(one));
  ensure(readings.length === 0, 'not from within read');
  await until(harness, () => readings.length > 0, 'a reading');
  const [first] = readings;
  if (first?.kind === 'content') return `content:${first.text}`;
  return first?.kind === 'error' ? `error:${first.message}` : 'missing';
}

async function written(harness: FilesHarness, path: string, text: string): Promise<string | undefined> {
  const ends: (string | undefined)[] = [];
  harness.files.write(path, text, (problem) => ends.push(problem));
  ensure(ends.length === 0, 'not from within write');
  await until(harness, () => ends.length > 0, 'an end');
  return ends[0];
}
