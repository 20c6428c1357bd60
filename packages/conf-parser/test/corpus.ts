// The corpus: small configurations with the exit status that keepalived 2.2.7 -t gave for each, and the machine it was
// recorded on, as facts. keepalived.netns.test.ts asks the real binary again.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SystemFacts } from '../src/index.js';

export interface Case {
  readonly file: string;
  readonly title: string;
  readonly status: number;
  readonly text: string;
}

const FOLDER = join(import.meta.dirname, 'corpus');

export const CONFIG_ID = 'node1';
export const INTERFACES: readonly string[] = ['lo', 'eth0', 'eth1', 'ens18', 'ens3'];

const PROGRAMS = new Set(['true', 'false', 'test', 'cat', 'echo', 'bash', 'sh', 'env']);
const NOT_EXECUTABLE = new Set(['/etc', '/etc/passwd']);

/** A Debian 12 with the interfaces above, no user keepalived_script, and no name server. */
export const MACHINE: SystemFacts = {
  interfaceExists: (name) => INTERFACES.includes(name),
  namespaceExists: () => false,
  userExists: (name) => name === 'root' || name === 'nobody',
  groupExists: (name) => name === 'root' || name === 'nogroup',
  hostResolves: (name) => name === 'localhost',
  inspectScript(path) {
    const name = path.replace(/^(?:\/usr)?\/bin\//, '');
    if (NOT_EXECUTABLE.has(path)) return { kind: 'not-executable', reason: 'it is no program' };
    return PROGRAMS.has(name) ? { kind: 'usable' } : { kind: 'missing', reason: 'there is no such file' };
  },
};

/** What keepalived does to a machine beyond its network, or what makes it hang or crash while it runs. */
export const NOT_RUN =
  /startup_script|shutdown_script|net_namespace|^instance|enable_dbus|enable_snmp|use_vmac|use_ipvlan|bfd_instance|virtual_server|lvs_sync_daemon|static_|virtual_r(?:oute|ule)s|fifo/m;

/** Sections `=== STATUS title`; characters that do not belong in a text file are written ‹CR›, ‹1B›, ‹BOM›, ‹x*N›. */
export function readCorpus(): readonly Case[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .flatMap((file) =>
      readFileSync(join(FOLDER, file), 'utf8')
        .split(/^=== /m)
        .slice(1)
        .map((section) => readSection(file, section)),
    );
}

function readSection(file: string, section: string): Case {
  const [, status = '', title = '', body = ''] = /^(\d+) (.*)\n([\s\S]*)$/.exec(section) ?? [];
  return { file, title, status: Number(status), text: decode(body) };
}

function decode(body: string): string {
  return body
    .replace(/‹EOF›\n$/, '')
    .replaceAll('‹CR›', '\r')
    .replaceAll('‹BOM›', '\ufeff')
    .replace(/‹(.)\*(\d+)›/g, (_match, character: string, count: string) => character.repeat(Number(count)))
    .replace(/‹([0-9A-F]{2})›/g, (_match, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
