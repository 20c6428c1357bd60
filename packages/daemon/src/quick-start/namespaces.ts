// The quick start for real: three network namespaces on a bridge, two vrrpd processes, a client that pings. Root only.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { monotonicMicros } from '@vrrp/netlink-native';
import { createNamespaceLab, type BridgeLan, type NamespaceLab } from '@vrrp/netlink-native/testing';
import { CLIENT_ADDRESS, configPath, LINK, NODES, VIRTUAL_ADDRESS, Watch } from './story.js';
import type { Outcome, StoryRecord, TimelineEvent } from './timeline.js';

const PROGRAM = fileURLToPath(new URL('../bin.js', import.meta.url));
/** Seconds between two pings of the client: the resolution of the outage. */
const PING_INTERVAL = 0.02;
const POLL_MS = 20;
/** Between the client's first answer and the kill, so that the story is not cut short. */
const CALM_MS = 1_500;
const LIMIT_MS = 20_000;

/** Resolves with what happened. Rejects when the address does not move in time; everything is taken down either way. */
export async function runInNamespaces(tell: (event: TimelineEvent) => void, signal: AbortSignal): Promise<Outcome> {
  const lab = createNamespaceLab();
  const folder = mkdtempSync(join(tmpdir(), 'vrrpd-quick-start-'));
  try {
    return await play(lab, folder, tell, signal);
  } finally {
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function play(
  lab: NamespaceLab,
  folder: string,
  tell: (event: TimelineEvent) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  const { lan, namespaces, client } = await buildStage(lab);
  const origin = monotonicMicros();
  const watch = new Watch(tell);
  const children: ChildProcess[] = [];
  for (const [index, { name }] of NODES.entries()) {
    children.push(startNode(lab, namespaces[index] ?? '', name, folder, watch, origin));
    // One after the other, so that the story is the same on a slow machine.
    await until(() => watch.hasHeard(name), `${name} did not start`, signal);
  }
  startClient(lab, client, watch, origin);
  await until(() => watch.clientIsServed, 'the virtual address never answered', signal);
  await wait(CALM_MS, undefined, { signal });

  const [first] = NODES;
  children[0]?.kill('SIGKILL');
  watch.killed(monotonicMicros() - origin);
  await lan.setCable({ namespace: namespaces[0] ?? '', interface: LINK }, 'down');
  await until(() => watch.outcome() !== undefined, `the address did not move away from ${first.name}`, signal);
  const outcome = watch.outcome();
  if (outcome === undefined) throw new Error('the story has no end');
  return outcome;
}

async function buildStage(
  lab: NamespaceLab,
): Promise<{ lan: BridgeLan; namespaces: readonly string[]; client: string }> {
  const namespaces: string[] = [];
  for (const { name } of NODES) namespaces.push(await lab.addNamespace(name));
  const client = await lab.addNamespace('client');
  const members = NODES.map(({ address }, index) => member(namespaces[index] ?? '', address));
  const lan = await lab.addBridgeLan('lan', [...members, member(client, CLIENT_ADDRESS)]);
  return { lan, namespaces, client };
}

function member(namespace: string, address: string): { namespace: string; interface: string; addresses: string[] } {
  return { namespace, interface: LINK, addresses: [`${address}/24`] };
}

function startNode(
  lab: NamespaceLab,
  namespace: string,
  name: string,
  folder: string,
  watch: Watch,
  origin: number,
): ChildProcess {
  const pidFiles = ['-p', join(folder, `${name}.pid`), '-r', join(folder, `${name}-vrrp.pid`)];
  const flags = ['-n', '-l', '-D', '-G', '--log-format=json', '-f', configPath(name), ...pidFiles];
  const child = lab.spawn(namespace, [process.execPath, PROGRAM, ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
  onLines(child.stderr, (line) => {
    const record = parseRecord(line);
    if (record !== undefined) watch.heard(name, record.monotonic - origin, record);
  });
  return child;
}

function startClient(lab: NamespaceLab, namespace: string, watch: Watch, origin: number): void {
  const argv = ['ping', '-n', '-D', '-i', String(PING_INTERVAL), VIRTUAL_ADDRESS];
  const child = lab.spawn(namespace, argv, { stdio: ['ignore', 'pipe', 'ignore'] });
  // ping stamps with the wall clock; the story runs on the monotonic one.
  const wallOrigin = (performance.timeOrigin + performance.now()) * 1_000 - (monotonicMicros() - origin);
  onLines(child.stdout, (line) => {
    const stamp = /^\[(\d+\.\d+)\] \d+ bytes from/.exec(line)?.[1];
    if (stamp !== undefined) watch.answered(Math.round(Number(stamp) * 1_000_000 - wallOrigin));
  });
}

/** A line of the JSON log, with its moment; undefined for lines that no engine report is behind. */
function parseRecord(line: string): (StoryRecord & { readonly monotonic: number }) | undefined {
  const record: unknown = JSON.parse(line);
  const timed =
    typeof record === 'object' && record !== null && 'monotonic' in record && typeof record.monotonic === 'number';
  return timed ? (record as StoryRecord & { monotonic: number }) : undefined;
}

function onLines(stream: ChildProcess['stdout'], listener: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream }).on('line', listener);
}

async function until(condition: () => boolean, complaint: string, signal: AbortSignal): Promise<void> {
  for (let waited = 0; !condition(); waited += POLL_MS) {
    if (waited > LIMIT_MS) throw new Error(complaint);
    await wait(POLL_MS, undefined, { signal });
  }
}
