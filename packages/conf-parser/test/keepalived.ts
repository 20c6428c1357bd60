// The real keepalived, run in a network namespace of the test: its configuration test, and the instances as its own
// dump (-d) shows them. Everything it starts is ended by pid; the namespace is deleted with what is in it.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIG_ID } from './corpus.js';

/** What the dump says of an instance, in the words of the model. */
export interface DumpedInstance {
  readonly name: string;
  readonly version: number;
  readonly state: string;
  readonly interface: string;
  readonly virtual_router_id: number;
  readonly priority: number;
  readonly advert_int: number;
  readonly nopreempt: boolean;
  readonly preempt_delay: number;
  readonly accept: boolean;
  readonly strict_mode: boolean;
  readonly skip_check_adv_addr: boolean;
  readonly down_timer_adverts: number;
  readonly lower_prio_no_advert: boolean;
  readonly higher_prio_send_advert: boolean;
  readonly garp: readonly number[];
  readonly authentication: string;
  readonly virtual_ipaddress: readonly string[];
  readonly virtual_ipaddress_excluded: readonly string[];
  readonly unicast_peer: readonly string[];
  readonly track_interface: readonly string[];
  readonly track_script: readonly string[];
  readonly track_process: readonly string[];
  readonly track_file: readonly string[];
  readonly smtp_alert: boolean;
}

export type Run =
  | { readonly kind: 'running'; readonly instances: readonly DumpedInstance[] }
  | { readonly kind: 'refused'; readonly output: string };

export interface Lab {
  /** Exit status of -t. */
  test(text: string): number | null;
  /** Starts the daemon, reads its dump, stops it. */
  dump(text: string): Promise<Run>;
  close(): void;
}

const LINKS = [
  ['eth0', 'eth1'],
  ['ens18', 'ens3'],
] as const;
/** Longest start; it is ended as soon as the dump is there. */
const START_TIMEOUT_MS = 5000;

function ip(...args: readonly string[]): void {
  execFileSync('ip', args);
}

export function openLab(): Lab {
  const namespace = `vrrpd-conf-${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), 'vrrpd-conf-'));
  const file = join(folder, 'keepalived.conf');
  ip('netns', 'add', namespace);
  for (const [left, right] of LINKS) {
    ip('-n', namespace, 'link', 'add', left, 'type', 'veth', 'peer', 'name', right);
    for (const link of [left, right]) ip('-n', namespace, 'link', 'set', link, 'up');
  }
  ip('-n', namespace, 'link', 'set', 'lo', 'up');
  ip('-n', namespace, 'address', 'add', '192.168.1.10/24', 'dev', 'eth0');
  const command = ['netns', 'exec', namespace, 'keepalived', '-i', CONFIG_ID, '-f', file];
  let runs = 0;
  // Pid files of its own for every run: one that is still stopping must not stand in the way of the next.
  const pids = (): readonly string[] => {
    runs += 1;
    return ['-p', '-r', '-c', '-b'].flatMap((option, index) => [option, join(folder, `${runs}-${index}.pid`)]);
  };
  return {
    test(text) {
      writeFileSync(file, text);
      return spawnSync('ip', [...command, '-t'], { timeout: 20_000 }).status;
    },
    dump(text) {
      writeFileSync(file, text);
      return run([...command, ...pids(), '-n', '-l', '-d', '-G']);
    },
    close() {
      ip('netns', 'delete', namespace);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Runs until the part of the dump that follows the instances, or until it exits by itself. */
function run(args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn('ip', args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    // keepalived takes a second to stop; nothing of it is to be kept, so its process group goes at once.
    const stop = (): void => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    };
    const timer = setTimeout(stop, START_TIMEOUT_MS);
    let output = '';
    let complete = false;
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      if (complete || !/-{6}< Interfaces >-/.test(output)) return;
      complete = true;
      stop();
    });
    child.on('close', () => {
      clearTimeout(timer);
      resolve(complete ? { kind: 'running', instances: parseDump(output) } : { kind: 'refused', output });
    });
  });
}

const LIST_HEADINGS = {
  'Virtual IP': 'virtual_ipaddress',
  'Virtual IP Excluded': 'virtual_ipaddress_excluded',
  'Unicast Peer': 'unicast_peer',
  'Tracked interfaces': 'track_interface',
  'Tracked scripts': 'track_script',
  'Tracked processes': 'track_process',
  'Tracked files': 'track_file',
} as const;

function parseDump(output: string): readonly DumpedInstance[] {
  const lines = output.split('\n').map((line) => line.replace(/^\w{3} \w{3} +\d+ [\d:]+ \d{4}: /, ''));
  const start = lines.findIndex((line) => line.includes('< VRRP Topology >'));
  const sections: string[][] = [];
  for (const line of lines.slice(start + 1)) {
    if (start === -1 || line.startsWith('------<')) break;
    if (line.startsWith(' VRRP Instance = ')) sections.push([]);
    sections.at(-1)?.push(line);
  }
  return sections.map(parseInstance);
}

function parseInstance(lines: readonly string[]): DumpedInstance {
  const values = new Map<string, string>();
  const lists = new Map<string, string[]>();
  let list: string[] | undefined;
  for (const line of lines) {
    // A line of the parent process in between.
    if (!line.startsWith(' ')) continue;
    const [, indent = '', text = ''] = /^( *)(.*)$/.exec(line) ?? [];
    const heading = /^([A-Z][\w ]+?)(?: \(\d+\))? ?:$/.exec(text)?.[1];
    if (indent.length >= 5 && list !== undefined) list.push(text);
    else if (heading !== undefined && heading in LIST_HEADINGS) {
      list = [];
      lists.set(LIST_HEADINGS[heading as keyof typeof LIST_HEADINGS], list);
    } else {
      list = undefined;
      const [, key = text, value = ''] = /^(.+?) = (.*)$/.exec(text) ?? [];
      values.set(key, value);
    }
  }
  return instanceFrom(values, (name) => lists.get(name) ?? []);
}

function instanceFrom(values: ReadonlyMap<string, string>, list: (name: string) => readonly string[]): DumpedInstance {
  const text = (key: string): string => values.get(key) ?? '';
  const number = (key: string): number => Number.parseFloat(text(key));
  const preempt = text('Preempt');
  return {
    name: text('VRRP Instance'),
    version: number('VRRP Version'),
    state: text('Wantstate'),
    interface: text('Interface'),
    virtual_router_id: number('Virtual Router ID'),
    priority: number('Priority'),
    advert_int: text('Advert interval').endsWith('milli-sec')
      ? number('Advert interval') / 1000
      : number('Advert interval'),
    nopreempt: preempt === 'disabled',
    preempt_delay: values.has('Preempt delay') ? number('Preempt delay') : 0,
    accept: text('Accept') === 'enabled',
    strict_mode: values.has('Enforcing strict VRRP compliance'),
    skip_check_adv_addr: values.has('Skip checking advert IP addresses'),
    down_timer_adverts: number('Down timer adverts'),
    lower_prio_no_advert: text('Send advert after receive lower priority advert') === 'false',
    higher_prio_send_advert: text('Send advert after receive higher priority advert') === 'true',
    garp: GARP.map((key) => number(`Gratuitous ARP ${key}`)),
    authentication: `${text('Authentication type')} ${text('Password')}`.trim(),
    virtual_ipaddress: list('virtual_ipaddress').map(addressOf),
    virtual_ipaddress_excluded: list('virtual_ipaddress_excluded').map(addressOf),
    unicast_peer: list('unicast_peer').map((peer) => peer.split(' ')[0] ?? ''),
    track_interface: list('track_interface').map(trackOf),
    track_script: list('track_script').map(trackOf),
    track_process: list('track_process').map(trackOf),
    track_file: list('track_file').map(trackOf),
    smtp_alert: text('Using smtp notification') === 'yes',
  };
}

/** `NAME, weight W[ reverse]` or `NAME weight W[ reverse]`. */
function trackOf(line: string): string {
  const [, name = line, weight = '0', reverse = ''] = /^(.*?),? weight (-?\d+)( reverse)?/.exec(line) ?? [];
  return `${name} ${weight}${reverse}`;
}

/** ADDRESS/LENGTH dev IF [brd A] [label L]: what an address line settles. */
function addressOf(line: string): string {
  const [address = '', ...words] = line.split(' ');
  const full = address.includes('/') ? address : `${address}/${address.includes(':') ? 128 : 32}`;
  const option = (name: string): string => {
    const value = words[words.indexOf(name) + 1];
    return words.includes(name) && value !== undefined ? ` ${name} ${value}` : '';
  };
  return `${full}${option('dev')}${option('brd')}${option('label')}`;
}

const GARP = ['delay', 'repeat', 'refresh', 'refresh repeat', 'lower priority delay', 'lower priority repeat'] as const;
