// `vrrpd check`: exit statuses, the machine-readable forms, and several files as the nodes of one cluster.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Finding } from '../../src/cli/finding-report.js';

const PROGRAM = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'vrrpd-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, vrid: number, priority: number, more = ''): string {
  const path = join(folder, name);
  const text = `vrrp_instance VI_1 {
  interface lo9
  virtual_router_id ${vrid}
  priority ${priority}
${more}  virtual_ipaddress {
    192.0.2.100
  }
}
`;
  writeFileSync(path, text);
  return path;
}

function check(...words: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'check', ...words], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('one file', () => {
  test('that is not there ends with 4', () => {
    const { status, stderr } = check(join(folder, 'absent.conf'));
    expect(status).toBe(4);
    expect(stderr).toContain('cannot be read');
  });

  test('with a mistake: the place as JSON', () => {
    const path = write('typo.conf', 51, 100, '  nopremt\n');
    const { status, stdout } = check(path, '--format', 'json');
    expect(status).toBe(5);
    const findings = JSON.parse(stdout) as readonly Finding[];
    expect(findings.find(({ code }) => code === 'conf/unknown-keyword')).toMatchObject({
      severity: 'error',
      file: path,
      line: 5,
      column: 3,
      end_line: 5,
      end_column: 10,
      replacement: 'nopreempt',
    });
  });

  test('with a built-in check that is written wrong: the right form', () => {
    const path = write('builtin.conf', 51, 100, '  track_script {\n    web\n  }\n');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, `vrrp_script web {\n  script "builtin:tcp localhost"\n}\n${text}`);
    const { stderr, stdout } = check(path);
    expect(`${stdout}${stderr}`).toMatch(
      /builtin\.conf:2:.*vrrp_script web cannot be run: .*write builtin:tcp HOST:PORT/,
    );
  });

  test('with a mistake: SARIF that names the rule and the region', () => {
    const { stdout } = check(write('sarif.conf', 51, 100, '  nopremt\n'), '--format', 'sarif');
    const [run] = (JSON.parse(stdout) as { version: string; runs: readonly SarifRun[] }).runs;
    const result = run?.results.find(({ ruleId }) => ruleId === 'conf/unknown-keyword');
    expect(run?.tool.driver.rules).toContainEqual({ id: 'conf/unknown-keyword' });
    expect(result).toMatchObject({
      level: 'error',
      locations: [{ physicalLocation: { region: { startLine: 5, startColumn: 3 } } }],
    });
  });
});

/** keepalived runs this file: version 2 over IPv6. */
describe('what only the plan finds', () => {
  const path = join(folder, 'impossible.conf');
  const lines = ['interface lo9', 'virtual_router_id 5', 'version 2', 'virtual_ipaddress {', 'fe80::1', '}'];
  writeFileSync(path, `global_defs {\n  dynamic_interfaces\n}\nvrrp_instance A {\n  ${lines.join('\n  ')}\n}\n`);
  const sentence = '(A) is left out: version 2 has no IPv6 (RFC 3768 §1)';

  test('is in a configuration test, whose status is that of keepalived', () => {
    const { status, stderr } = spawnSync(process.execPath, [PROGRAM, '-t', '-f', path], { encoding: 'utf8' });
    expect(stderr).toContain(`${path}:7:3: error: ${sentence} [plan/impossible-router]\n`);
    expect(status).toBe(0);
  });

  test('is in the text, and strictly it is an error', () => {
    const { status, stderr } = check(path);
    expect(stderr).toContain(`${path}:7:3: error: ${sentence} [plan/impossible-router]\n`);
    expect(status).toBe(0);
    expect(check(path, '--strict').status).toBe(5);
  });

  test('is in JSON', () => {
    const findings = JSON.parse(check(path, '--format', 'json').stdout) as readonly Finding[];
    expect(findings.find(({ code }) => code.startsWith('plan/'))).toEqual({
      code: 'plan/impossible-router',
      severity: 'error',
      summary: sentence,
      file: path,
      line: 7,
      column: 3,
      end_line: 7,
      end_column: 10,
    });
  });

  test('is in SARIF', () => {
    const [run] = (JSON.parse(check(path, '--format', 'sarif').stdout) as { runs: readonly SarifRun[] }).runs;
    expect(run?.tool.driver.rules).toContainEqual({ id: 'plan/impossible-router' });
    expect(run?.results.map(({ ruleId }) => ruleId)).toContain('plan/impossible-router');
  });
});

// keepalived ends such a test with 0, whatever else is in the file.
test('a network namespace that is not there ends a configuration test, and is said', () => {
  const path = join(folder, 'elsewhere.conf');
  writeFileSync(path, 'net_namespace vrrpd-nowhere\nvrrp_instance A {\n  nopremt\n}\n');
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, '-t', '-f', path], { encoding: 'utf8' });
  expect(stderr).toContain(`${path}:1:15: error: there is no network namespace vrrpd-nowhere [conf/unknown-namespace]`);
  expect(status).toBe(0);
});

interface SarifRun {
  readonly tool: { readonly driver: { readonly rules: readonly unknown[] } };
  readonly results: readonly { readonly ruleId: string }[];
}

describe('several files', () => {
  test('that fit together have no finding, whatever interfaces this machine has', () => {
    expect(check(write('a.conf', 51, 100), write('b.conf', 51, 90))).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('whose intervals differ would both be Master', () => {
    const { status, stderr } = check(write('a.conf', 51, 100), write('c.conf', 51, 90, '  advert_int 2\n'));
    expect(status).toBe(5);
    expect(stderr).toMatch(/c\.conf:\d+:\d+: error: .*advert_int/);
  });

  test('whose VRIDs differ: strictly, that is an error', () => {
    const paths = [write('a.conf', 51, 100), write('d.conf', 52, 90)];
    expect(check(...paths).stderr).toContain('conf/node-missing');
    expect(check(...paths, '--strict').status).toBe(5);
  });
});
