// `vrrpd simulate` as a program: what the reference shows is what is printed, pictures are well formed, and every slip is
// answered with a place and an exit status.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { nodeNames } from '../../src/cli/simulate-names.js';
import { simulate, type SimulateOptions } from '../../src/cli/simulate.js';

const PROGRAM = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('../../examples/three-nodes', import.meta.url));
const REFERENCE = fileURLToPath(new URL('../../../../docs/reference/simulate.md', import.meta.url));
const NODES = ['a.conf', 'b.conf', 'c.conf'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vrrpd-simulate-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command without a process of its own; files are the example's unless they are absolute. */
async function play(files: readonly string[], options: Partial<SimulateOptions> = {}): Promise<Result> {
  const lines: string[] = [];
  const errors: string[] = [];
  const all = { script: undefined, seed: 1, for: undefined, svg: undefined, json: false, ...options };
  const output = { line: (text: string) => void lines.push(text), error: (text: string) => void errors.push(text) };
  const status = await simulate(
    files.map((file) => resolve(EXAMPLE, file)),
    all,
    output,
  );
  return { status, stdout: lines.join('\n'), stderr: errors.join('\n') };
}

function scriptFile(text: string): string {
  const file = join(folder, 'faults.txt');
  writeFileSync(file, text);
  return file;
}

describe('the reference', () => {
  const blocks = [...readFileSync(REFERENCE, 'utf8').matchAll(/```(\w*)\n(.*?)```/gs)];
  const block = (language: string): string => blocks.find(([, one]) => one === language)?.[2] ?? '';

  test('shows the script of the example, its command line, and what it prints', () => {
    expect(block('faults')).toBe(readFileSync(join(EXAMPLE, 'faults.txt'), 'utf8'));
    const [program, command, ...argv] = block('sh').trim().split(' ');
    expect([program, command]).toEqual(['vrrpd', 'simulate']);
    const options = { cwd: EXAMPLE, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'simulate', ...argv], options);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toBe(block('text'));
  });
});

describe('what it gives', () => {
  test('JSON with the same facts', async () => {
    const { status, stdout } = await play(NODES, { script: join(EXAMPLE, 'faults.txt'), for: '60s', json: true });
    expect(status).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({
      seed: 1,
      duration: 60,
      nodes: ['a', 'b', 'c'],
      virtual_routers: [
        {
          id: 'eth0/4/51',
          vrid: 51,
          family: 4,
          link: 'eth0',
          name: 'VI_1',
          nodes: ['a', 'b', 'c'],
          without_master: [
            { from: 0, to: 3.414062 },
            { from: 10, to: 12.945412 },
          ],
          masters: ['b'],
        },
      ],
    });
    expect(result.events).toContainEqual({ at: 10, kind: 'fault', nodes: ['a'], text: 'crash a' });
  });

  test('a picture: well formed, one lane a node, the roles and the faults in it, names escaped', async () => {
    const picture = join(folder, 'picture.svg');
    const odd = join(folder, 'a&b.conf');
    writeFileSync(odd, readFileSync(join(EXAMPLE, 'a.conf'), 'utf8'));
    const script = scriptFile('at 10s crash a&b\nat 20s start a&b');
    expect((await play([odd, 'b.conf'], { script, svg: picture })).status).toBe(0);
    const svg = readFileSync(picture, 'utf8');
    expect(unclosed(svg)).toEqual([]);
    expect(svg).toContain('>a&amp;b</text>');
    expect(svg).toContain('>crash a&amp;b</text>');
    expect(svg).toContain('<title>b: Master from 12.945 s to ');
    expect(svg).toContain('<title>no Master for 2.945 s from 10.000 s</title>');
    expect(svg.match(/class="mark"/g)).toHaveLength(2);
    expect(svg).toContain('prefers-color-scheme: dark');
  });

  test('the same seed gives the same bytes, another one other losses', async () => {
    const script = scriptFile('at 5s loss 40%\nat 6s delay 30ms jitter 20ms');
    const seeded = async (seed: number): Promise<readonly string[]> =>
      (await play(['a.conf', 'b.conf'], { script, seed, for: '5m' })).stdout.split('\n');
    const [one, again, other] = [await seeded(1), await seeded(1), await seeded(2)];
    expect(one.length).toBeGreaterThan(10);
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
  });

  test('a reload names a file beside the script', async () => {
    const low = readFileSync(join(EXAMPLE, 'a.conf'), 'utf8').replace('priority 150', 'priority 50');
    writeFileSync(join(folder, 'low.conf'), low);
    const script = scriptFile('at 10s reload a with low.conf');
    const { status, stdout } = await play(['a.conf', 'b.conf'], { script });
    expect([status, stdout]).toEqual([0, expect.stringContaining('priority 150 becomes 50')]);
  });
});

describe('what it refuses', () => {
  test.each([
    ['at 1s crahs a', 'faults.txt:1:7: error: crahs is not an action'],
    ['at 1s reload a with x.conf', 'faults.txt:1:21: error: cannot read x.conf'],
    ['at 6s crash a', 'faults.txt:1:4: error: this is after the end'],
  ])('the script %s', async (text, message) => {
    const { status, stdout, stderr } = await play(['a.conf'], { script: scriptFile(text), for: '5s' });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });

  test.each([
    ['a script that is not there', ['a.conf'], { script: '/nowhere.txt' }, 1, 'cannot read /nowhere.txt'],
    ['a time without unit', ['a.conf'], { for: '60' }, 1, '--for 60: write a time as 60s'],
    ['a time of nothing', ['a.conf'], { for: '0s' }, 1, '--for 0s: write a time as 60s'],
    ['more than a day', ['a.conf'], { for: '1441m' }, 1, 'at most a day'],
    ['a seed that is no number', ['a.conf'], { seed: Number.NaN }, 1, '--seed takes a whole number'],
    ['a picture with no place', ['a.conf'], { for: '1s', svg: '/nowhere/x.svg' }, 1, 'cannot write /nowhere/x.svg'],
    ['the same file twice', ['a.conf', 'a.conf'], {}, 1, 'two nodes would be called three-nodes'],
    ['a file that is not there', ['/nowhere.conf'], {}, 6, 'cannot read /nowhere.conf'],
    ['no virtual router', ['faults.txt'], {}, 2, 'no virtual router is configured in these files'],
  ] as const)('%s', async (_title, files, options, status, message) => {
    const result = await play(files, options);
    expect(result.stderr).toContain(message);
    expect(result).toMatchObject({ status, stdout: '' });
  });

  test('as a program: a sentence, a hint and an exit status', () => {
    const argv = [PROGRAM, 'simulate', 'a.conf', '--sript', 'faults.txt'];
    const { status, stderr } = spawnSync(process.execPath, argv, { cwd: EXAMPLE, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Unknown argument.*\nTry 'vrrpd --help'\.\n$/);
  });
});

describe('names of nodes', () => {
  test.each([
    [
      ['/x/a.conf', '/x/b.conf'],
      ['a', 'b'],
    ],
    [
      ['/r1/keepalived.conf', '/r2/keepalived.conf', '/x/c'],
      ['r1', 'r2', 'c'],
    ],
    [
      ['/x/my node.conf', '/x/a->b.conf'],
      ['my_node', 'a_b'],
    ],
  ])('%j', (paths, names) => {
    expect(nodeNames(paths)).toEqual(names);
  });
});

/** Tags that are opened and not closed in their order. */
function unclosed(svg: string): readonly string[] {
  const open: string[] = [];
  for (const [, slash, name, empty] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
    if (empty === '/') continue;
    if (slash === '') open.push(name ?? '');
    else if (open.pop() !== name) return [`</${name}>`];
  }
  return open;
}
