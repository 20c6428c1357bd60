// What becomes of scripts: who they run as, whether they are there, and whether running them is safe.
import { describe, expect, test } from '@jest/globals';
import { exitStatus } from '../src/index.js';
import type { ScriptInspection } from '../src/index.js';
import { findings, instanceText, modelOf, parseText } from './configs.js';

const SECURE = 'global_defs {\nenable_script_security\nscript_user root\n}\n';
const CHECK = 'vrrp_script c {\nscript "/opt/c --now"\n}\n';
const tracked = instanceText('track_script {', 'c', '}');
const notified = instanceText('notify_master "/opt/c --now"');

const UNSAFE: ScriptInspection = { kind: 'unsafe', component: '/opt', reason: 'anybody may write to it' };
const MISSING: ScriptInspection = { kind: 'missing', reason: 'there is no such file' };
const DATA: ScriptInspection = { kind: 'not-executable', reason: 'it has no execute bit' };
const inspect = (inspection: ScriptInspection) => ({
  inspectScript: () => inspection,
  userExists: (name: string) => name === 'root',
});

describe('a script', () => {
  test.each([
    [
      'that is unsafe, without script security',
      `${CHECK}${tracked}`,
      UNSAFE,
      6,
      ['script-security', 'script-unsafe'],
      1,
    ],
    ['that is unsafe, with it', `${SECURE}${CHECK}${tracked}`, UNSAFE, 5, ['script-unsafe'], 1],
    ['to notify that is unsafe, with it', `${SECURE}${notified}`, UNSAFE, 0, ['script-unsafe'], 0],
    ['that is missing', `${SECURE}${CHECK}${tracked}`, MISSING, 5, ['script-missing'], 0],
    ['to notify that is missing', `${SECURE}${notified}`, MISSING, 0, ['script-missing'], 0],
    ['that cannot be executed', `${SECURE}${CHECK}${tracked}`, DATA, 0, ['script-missing'], 0],
    [
      'without script security that cannot be executed',
      `${CHECK}${tracked}`,
      DATA,
      6,
      ['script-security', 'script-missing'],
      0,
    ],
    ['without an instance', `${CHECK}`, MISSING, 0, [], 1],
  ] as const)('%s', (_title, text, inspection, status, codes, left) => {
    const parsed = parseText(text, { facts: inspect(inspection) });
    expect(exitStatus(parsed)).toBe(status);
    expect(new Set(parsed.diagnostics.map(({ code }) => code.replace('conf/', '')))).toEqual(new Set(codes));
    expect(modelOf(parsed).vrrp_script).toHaveLength(left);
  });

  test('that is a built-in check written wrong is told of with the right form, and stays', () => {
    const facts = { builtinProblem: (argv: readonly string[]) => `${argv.join(' ')} is not understood` };
    const parsed = parseText(`${SECURE}vrrp_script c {\nscript "builtin:tcp a"\n}\n${tracked}`, { facts });
    expect(parsed.diagnostics).toMatchObject([
      { code: 'conf/script-missing', summary: 'vrrp_script c cannot be run: builtin:tcp a is not understood' },
    ]);
    expect(exitStatus(parsed)).toBe(5);
    expect(modelOf(parsed).vrrp_script).toHaveLength(1);
  });

  test('that runs as somebody else is nobody else to change', () => {
    const text = `global_defs {\nenable_script_security\nscript_user worker\n}\n${CHECK}${tracked}`;
    const facts = { inspectScript: () => UNSAFE, userExists: () => true };
    expect(findings(parseText(text, { facts }))).toEqual([]);
  });
});

/** The user of the first script, and the exit status. */
function commandOf(text: string, users: readonly string[]): readonly [string | undefined, number] {
  const parsed = parseText(text, { facts: { userExists: (name) => users.includes(name) } });
  return [modelOf(parsed).vrrp_script[0]?.script.user, exitStatus(parsed)];
}

describe('the user', () => {
  test.each([
    [
      'is that of the script',
      `vrrp_script c {\nscript /x\nuser one\n}\nglobal_defs {\nscript_user two\n}\n`,
      ['one', 'two'],
      ['one', 0],
    ],
    [
      'else script_user, wherever it stands',
      `vrrp_script c {\nscript /x\n}\nglobal_defs {\nscript_user two\n}\n`,
      ['two'],
      ['two', 0],
    ],
    ['else keepalived_script', `vrrp_script c {\nscript /x\n}\n`, ['keepalived_script'], ['keepalived_script', 0]],
    ['else that of the daemon', `vrrp_script c {\nscript /x\n}\n`, [], [undefined, 0]],
    [
      'is needed with script security',
      `global_defs {\nenable_script_security\n}\nvrrp_script c {\nscript /x\n}\n`,
      [],
      [undefined, 5],
    ],
    ['that does not exist costs the script', `vrrp_script c {\nscript /x\nuser one\n}\n`, [], [undefined, 5]],
  ] as const)('%s', (_title, text, users, expected) => {
    expect(commandOf(text, users)).toEqual(expected);
  });
});

// Each as keepalived 2.2.7 was seen to run it.
test.each<[string, readonly string[] | undefined]>([
  [String.raw`"/opt/c three\ 3 x"`, ['three', '3', 'x']],
  [String.raw`"/opt/c three\\ 3 x"`, ['three 3', 'x']],
  [String.raw`"/opt/c 'two words'b \x41 \101 \n y"`, ['two wordsb', 'A', 'A', 'y']],
  [String.raw`"/opt/c '' \"\" a''b"`, ['', '', 'ab']],
  [String.raw`"/opt/c \\t \\x41 $HOME * ~"`, ['\t', 'A', '$HOME', '*', '~']],
  [`'/opt/c b c'`, ['b', 'c']],
  [String.raw`"/opt/c 'it\'s' x"`, undefined],
])('the arguments of %s are %j', (script, args) => {
  const parsed = parseText(`vrrp_script c {\nscript ${script}\n}\n${tracked}`);
  expect(modelOf(parsed).vrrp_script.map(({ script: { argv } }) => argv.slice(1))).toEqual(
    args === undefined ? [] : [args],
  );
});

test('the words of a process are words as everywhere: single quotes and backslashes stand for themselves', () => {
  const text = String.raw`/opt/x\ y "p q" 'r\ts' c\x41`;
  const parsed = parseText(`vrrp_track_process p {\nprocess ${text}\n}\n${instanceText('track_process {', 'p', '}')}`);
  expect(modelOf(parsed).vrrp_track_process).toMatchObject([
    { process: String.raw`/opt/x\ `.trim(), parameters: ['y', 'p q', String.raw`'r\ts'`, String.raw`c\x41`] },
  ]);
});
