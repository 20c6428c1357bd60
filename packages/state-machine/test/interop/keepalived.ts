// Real keepalived as one node of a scenario: its configuration written from ours, its log read for roles. Only what the
// scenarios need of keepalived.conf(5). The child is killed before its parent: orphaned it would say goodbye.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { VirtualRouterConfig } from '../../src/config.js';
import { LINK } from './network.js';
import type { Network } from './network.js';

/** A role that keepalived logged. */
export interface RoleSeen {
  /** Microseconds since the run began. */
  readonly at: number;
  readonly instance: string;
  readonly role: 'backup' | 'master' | 'fault';
}

const ROLE_LINE = /\((\w+)\):? [Ee]ntering (BACKUP|MASTER|FAULT) (?:STATE|state)(?: \(init\))?$/;
const ROLES = { BACKUP: 'backup', MASTER: 'master', FAULT: 'fault' } as const;

export class Keepalived {
  readonly #network: Network;
  readonly #node: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'vrrp-differential-'));
  #configs: readonly VirtualRouterConfig[];
  readonly #onRole: (instance: string, role: RoleSeen['role']) => void;
  readonly log: string[] = [];
  #process: ChildProcess | undefined;

  constructor(
    network: Network,
    node: string,
    configs: readonly VirtualRouterConfig[],
    onRole: (instance: string, role: RoleSeen['role']) => void,
  ) {
    this.#network = network;
    this.#node = node;
    this.#configs = configs;
    this.#onRole = onRole;
    for (const tracked of configs.flatMap((config) => config.trackedObjects)) this.setFile(tracked.name, 0);
  }

  /** Resolves when the first role of every instance was logged. */
  async start(): Promise<void> {
    const path = (name: string): string => join(this.#folder, name);
    this.#write();
    const options = ['-p', path('keepalived.pid'), '-r', path('vrrp.pid'), '-f', path('keepalived.conf')];
    const child = this.#network.spawn(this.#node, ['keepalived', '-n', '-l', '-D', '-P', ...options]);
    this.#process = child;
    const waiting = new Set(this.#configs.map((config) => config.name));
    const { stderr } = child;
    if (stderr === null) throw new Error('keepalived has no log');
    await new Promise<void>((resolve) => {
      createInterface({ input: stderr }).on('line', (line) => {
        this.log.push(line);
        const [, instance, word] = ROLE_LINE.exec(line) ?? [];
        if (instance === undefined || word === undefined) return;
        this.#onRole(instance, ROLES[word as keyof typeof ROLES]);
        waiting.delete(instance);
        if (waiting.size === 0) resolve();
      });
      child.once('exit', resolve);
    });
  }

  /** Gives every instance another priority, and reads the configuration again. Resolves when keepalived says so. */
  async reload(priority: number): Promise<void> {
    const child = this.#process;
    if (child === undefined || hasEnded(child)) return;
    this.#configs = this.#configs.map((config) => ({ ...config, priority }));
    this.#write();
    const { stderr } = child;
    if (stderr === null) throw new Error('keepalived has no log');
    const lines = createInterface({ input: stderr });
    const done = new Promise<void>((resolve) => {
      lines.on('line', (line) => void (line.endsWith('Reload complete') && resolve()));
      child.once('exit', () => resolve());
    });
    child.kill('SIGHUP');
    await done;
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child === undefined || hasEnded(child)) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }

  async crash(): Promise<void> {
    const child = this.#process;
    if (child === undefined || hasEnded(child)) return;
    process.kill(Number(readFileSync(join(this.#folder, 'vrrp.pid'), 'utf8')), 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  setFile(name: string, value: number): void {
    writeFileSync(join(this.#folder, name), `${value}\n`);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #write(): void {
    writeFileSync(join(this.#folder, 'keepalived.conf'), this.#text());
  }

  #text(): string {
    const startupDelay = this.#configs[0]?.startupDelay ?? 0;
    const groups = new Set(this.#configs.flatMap((config) => config.syncGroup ?? []));
    const files = new Set(this.#configs.flatMap((config) => config.trackedObjects.map((tracked) => tracked.name)));
    return [
      ...block('global_defs', startupDelay === 0 ? [] : [`vrrp_startup_delay ${seconds(startupDelay)}`]),
      ...[...files].flatMap((name) => block(`track_file ${name}`, [`file ${join(this.#folder, name)}`])),
      ...[...groups].flatMap((name) => block(`vrrp_sync_group ${name}`, block('group', this.#members(name)))),
      ...this.#configs.flatMap((config) => instance(config)),
      '',
    ].join('\n');
  }

  #members(group: string): readonly string[] {
    return this.#configs.filter((config) => config.syncGroup === group).map((config) => config.name);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function instance(config: VirtualRouterConfig): readonly string[] {
  const { announcements: garp, authentication } = config;
  const password = authentication.kind === 'none' ? undefined : String.fromCharCode(...authentication.password);
  return block(`vrrp_instance ${config.name}`, [
    `state ${config.priority === 255 && config.listensFirst !== true ? 'MASTER' : 'BACKUP'}`,
    `interface ${LINK}`,
    `version ${config.version}`,
    `virtual_router_id ${config.vrid}`,
    `priority ${config.priority}`,
    `advert_int ${seconds(config.advertisementInterval)}`,
    `down_timer_adverts ${config.downTimerAdverts}`,
    `garp_master_delay ${seconds(garp.delay)}`,
    `garp_master_repeat ${garp.repeat}`,
    `garp_master_refresh ${seconds(garp.refresh)}`,
    `garp_master_refresh_repeat ${garp.refreshRepeat}`,
    `garp_lower_prio_delay ${seconds(garp.lowerPriorityDelay)}`,
    `garp_lower_prio_repeat ${garp.lowerPriorityRepeat}`,
    `lower_prio_no_advert ${String(!config.answerLowerPriority)}`,
    `higher_prio_send_advert ${String(config.advertiseBeforeYielding)}`,
    ...(config.preempt ? [] : ['nopreempt']),
    ...(config.preemptDelay === 0 ? [] : [`preempt_delay ${seconds(config.preemptDelay)}`]),
    ...(password === undefined ? [] : block('authentication', ['auth_type PASS', `auth_pass ${password}`])),
    ...block('virtual_ipaddress', config.virtualAddresses),
    ...unicast(config),
    ...(config.trackedObjects.length === 0
      ? []
      : block(
          'track_file',
          config.trackedObjects.map(({ name, weight }) => `${name} weight ${weight}`),
        )),
  ]);
}

function unicast({ unicast: settings, oldUnicastChecksum: old }: VirtualRouterConfig): readonly string[] {
  if (settings === undefined) return [];
  return [
    ...block(
      'unicast_peer',
      settings.peers.map(({ address }) => address),
    ),
    ...(settings.checkSource ? ['check_unicast_src'] : []),
    ...(old === undefined ? [] : [`old_unicast_checksum${old === 'never' ? ' never' : ''}`]),
  ];
}

function block(head: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${head} {`, ...lines.map((line) => `    ${line}`), '}'];
}

function seconds(micros: number): string {
  return String(micros / 1_000_000);
}
