// What every Prober does: FakeProber and the real one pass these cases.

import { BODY_LIMIT } from '../prober.js';
import type { ConnectResult, FileAgeResult, HttpResult, Prober } from '../prober.js';
import { ensure, until } from './contract.js';
import type { ContractCase, Passage } from './contract.js';

/** What is there to be looked at in the world under test. */
export interface ProberWorld {
  readonly listening: { readonly host: string; readonly port: number };
  readonly refusing: { readonly host: string; readonly port: number };
  /** Answers 503 with the body `broken`. */
  readonly broken: string;
  /** Answers 200 with more than `BODY_LIMIT` bytes `x`. */
  readonly long: string;
  /** Takes the connection and never answers. */
  readonly silent: string;
  /** A file written 10 s ago, and one that is not there. */
  readonly file: string;
  readonly missing: string;
}

export interface ProberHarness extends Passage {
  readonly prober: Prober;
  readonly world: ProberWorld;
}

const QUIET = 50_000;

export const proberContract: readonly ContractCase<ProberHarness>[] = [
  {
    name: 'a connection to a port where somebody listens, and to one where nobody does',
    run: async (harness) => {
      const { prober, world } = harness;
      const up = await ended<ConnectResult>(harness, (onEnd) => prober.connect(world.listening, onEnd));
      ensure(up?.kind === 'connected', `connected, not ${JSON.stringify(up)}`);
      const down = await ended<ConnectResult>(harness, (onEnd) => prober.connect(world.refusing, onEnd));
      ensure(down?.kind === 'failed' && down.reason === 'refused', `refused, not ${JSON.stringify(down)}`);
    },
  },
  {
    name: 'a response with its status; its body when it is wanted',
    run: async (harness) => {
      const { prober, world } = harness;
      for (const wantsBody of [true, false]) {
        const request = { url: world.broken, verify: true, wantsBody };
        const result = await ended<HttpResult>(harness, (onEnd) => prober.get(request, onEnd));
        const body = wantsBody ? 'broken' : '';
        ensure(
          result?.kind === 'response' && result.status === 503 && result.body === body,
          `503 "${body}", not ${JSON.stringify(result)}`,
        );
      }
    },
  },
  {
    name: 'a long body is read up to its limit',
    run: async (harness) => {
      const { prober, world } = harness;
      const request = { url: world.long, verify: true, wantsBody: true };
      const result = await ended<HttpResult>(harness, (onEnd) => prober.get(request, onEnd));
      ensure(result?.kind === 'response' && result.body === 'x'.repeat(BODY_LIMIT), 'the first bytes, no more');
    },
  },
  {
    name: 'no server is refused',
    run: async (harness) => {
      const { prober, world } = harness;
      const { host, port } = world.refusing;
      const request = { url: `http://${host}:${port}/`, verify: true, wantsBody: false };
      const result = await ended<HttpResult>(harness, (onEnd) => prober.get(request, onEnd));
      ensure(result?.kind === 'failed' && result.reason === 'refused', `refused, not ${JSON.stringify(result)}`);
    },
  },
  {
    name: 'a cancelled probe says nothing',
    run: async ({ prober, world, pass }) => {
      let calls = 0;
      const heard = (): unknown => (calls += 1);
      const cancels = [
        prober.connect(world.listening, heard),
        prober.get({ url: world.silent, verify: true, wantsBody: false }, heard),
        prober.get({ url: world.broken, verify: true, wantsBody: true }, heard),
        prober.fileAge(world.file, heard),
      ];
      for (const cancel of cancels) cancel();
      await pass(QUIET);
      ensure(calls === 0, 'nothing is heard');
    },
  },
  {
    name: 'a server that does not answer keeps its probe waiting until it is cancelled',
    run: async ({ prober, world, pass }) => {
      let calls = 0;
      const cancel = prober.get({ url: world.silent, verify: true, wantsBody: false }, () => (calls += 1));
      await pass(QUIET);
      cancel();
      await pass(QUIET);
      ensure(calls === 0, 'no answer');
    },
  },
  {
    name: 'the age of a file, and that there is none',
    run: async (harness) => {
      const { prober, world } = harness;
      const there = await ended<FileAgeResult>(harness, (onEnd) => prober.fileAge(world.file, onEnd));
      ensure(
        there?.kind === 'age' && Math.abs(there.age - 10_000_000) < 5_000_000,
        `10 s, not ${JSON.stringify(there)}`,
      );
      const none = await ended<FileAgeResult>(harness, (onEnd) => prober.fileAge(world.missing, onEnd));
      ensure(none?.kind === 'missing', 'missing');
    },
  },
];

async function ended<Result>(
  harness: Passage,
  start: (onEnd: (result: Result) => void) => unknown,
): Promise<Result | undefined> {
  const results: Result[] = [];
  const count = (): number => results.length;
  start((result) => results.push(result));
  ensure(count() === 0, 'not from within the call');
  await until(harness, () => count() > 0, 'a result');
  await harness.pass(QUIET);
  ensure(count() === 1, 'once');
  return results[0];
}
