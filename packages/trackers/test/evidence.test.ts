// Evidence of a check in words, and the environment a script is given (keepalived.conf(5), vrrp_script).
import { expect, test } from '@jest/globals';
import { constants } from 'node:os';
import { formatEvidence, isSuccess, resultWord, scriptEnvironment, signalNumber } from '../src/index.js';
import type { Evidence } from '../src/index.js';

test.each<[Evidence, string, boolean]>([
  [{ kind: 'exit', status: 0 }, 'exit 0', true],
  [{ kind: 'exit', status: 3 }, 'exit 3', false],
  [{ kind: 'signal', signal: 'SIGKILL' }, 'signal 9', false],
  [{ kind: 'signal', signal: 'SIGRT_1' }, 'signal SIGRT_1', false],
  [{ kind: 'timeout', after: 1 }, 'timeout', false],
  [{ kind: 'exec-error', message: 'spawn /x ENOENT' }, 'exec-error: spawn /x ENOENT', false],
  [{ kind: 'value', value: -4 }, 'value -4', false],
  [{ kind: 'check', result: 'passed', detail: 'connected' }, 'passed: connected', true],
  [{ kind: 'check', result: 'refused', detail: '127.0.0.1:1' }, 'refused: 127.0.0.1:1', false],
  [{ kind: 'none' }, '', false],
])('%j reads %p, success %p', (evidence, text, success) => {
  expect(formatEvidence(evidence)).toBe(text);
  expect(isSuccess(evidence)).toBe(success);
});

test.each<[Evidence, string]>([
  [{ kind: 'exit', status: 3 }, 'exit 3'],
  [{ kind: 'signal', signal: 'SIGKILL' }, 'signal 9'],
  [{ kind: 'timeout', after: 1 }, 'timeout'],
  [{ kind: 'exec-error', message: 'spawn /x ENOENT' }, 'exec-error'],
  [{ kind: 'check', result: 'refused', detail: '127.0.0.1:1' }, 'refused'],
  [{ kind: 'none' }, ''],
])('the result of %j is %p', (evidence, word) => {
  expect(resultWord(evidence)).toBe(word);
});

test('signal numbers are those of this kernel', () => {
  for (const [name, number] of Object.entries(constants.signals)) {
    // Older names of the same signals.
    if (['SIGIOT', 'SIGPOLL', 'SIGUNUSED'].includes(name)) continue;
    expect([name, signalNumber(name)]).toEqual([name, number]);
  }
});

test('a script inherits the environment without what changes the code it runs', () => {
  const inherited = { PATH: '/bin', LD_PRELOAD: 'x', LD_LIBRARY_PATH: 'y', IFS: 'z', A: '1', B: '2', C: undefined };
  expect(scriptEnvironment(inherited)).toEqual({ PATH: '/bin', A: '1', B: '2' });
  expect(scriptEnvironment(inherited, { A: undefined, D: '4', IFS: ':' })).toEqual({ PATH: '/bin', B: '2', D: '4' });
});
