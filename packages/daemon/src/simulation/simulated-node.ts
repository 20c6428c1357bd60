// One node of a simulation: a host with the production engine, its checks, and the switches an operator or a failure has:
// power, the process, its configuration.
import type { Observation, TrackerKind } from '@vrrp/state-machine';
import type { Desired } from '../plan/desired.js';
import type { Recorder } from './record.js';
import { SimulatedChecks } from './simulated-checks.js';
import { SimulatedHost } from './simulated-host.js';
import type { SimulatedLink, SimulatedNetwork } from './simulated-network.js';

export interface SimulatedNodeOptions {
  readonly name: string;
  readonly links: readonly SimulatedLink[];
  readonly desired: Desired;
  readonly network: SimulatedNetwork;
  readonly recorder: Recorder;
  readonly observe: (node: SimulatedNode, observation: Observation) => void;
  /** A bug: something the node does by itself failed. */
  readonly failed: (error: unknown) => void;
}

export class SimulatedNode {
  readonly name: string;
  readonly host: SimulatedHost;
  readonly #options: SimulatedNodeOptions;
  readonly #checks: SimulatedChecks;
  #desired: Desired;
  #powered = true;
  /** What the program does by itself is done one after the other: a reload waits for the one before, a stop for both. */
  #work: Promise<void> = Promise.resolve();

  constructor(options: SimulatedNodeOptions) {
    const { name, links, network, recorder, observe } = options;
    this.name = name;
    this.#options = options;
    this.#desired = options.desired;
    this.host = new SimulatedHost(network, {
      name,
      links,
      report: (report) => {
        recorder.report(name, report);
        if (report.kind === 'observation') observe(this, report.observation);
      },
    });
    this.#checks = new SimulatedChecks(network.clock, (news) => this.host.whenAwake(() => this.host.track(news)));
  }

  get desired(): Desired {
    return this.#desired;
  }

  /** Running, and not asleep. */
  get isActive(): boolean {
    return this.host.isRunning && !this.host.isStalled;
  }

  /** False after a crash: then its addresses answer nobody. */
  get isPowered(): boolean {
    return this.#powered;
  }

  /** The first start; `start` is for later ones. */
  async boot(): Promise<void> {
    this.#options.recorder.introduce(this.name, this.#desired.virtualRouters);
    await this.host.configure(this.#desired);
    this.#checks.configure(this.#desired);
  }

  crash(): void {
    this.#end('its machine crashed');
    this.#powered = false;
  }

  kill(): void {
    this.#end('its process was killed');
  }

  stop(): void {
    this.#whileRunning(() => this.#halt());
  }

  start(): void {
    if (this.host.isRunning) return;
    if (!this.#powered) this.host.forgetAddresses();
    this.#powered = true;
    this.host.restart();
    this.#does(() => this.boot());
  }

  restart(): void {
    if (!this.host.isRunning) this.start();
    else {
      this.#whileRunning(async () => {
        await this.#halt();
        this.start();
      });
    }
  }

  /** Takes another configuration now, or at the next start. */
  reload(desired: Desired): void {
    this.#desired = desired;
    this.#whileRunning(() => this.boot());
  }

  setCheck(kind: TrackerKind, name: string, succeeds: boolean): void {
    this.#checks.setResult(kind, name, succeeds);
  }

  #end(cause: string): void {
    this.#checks.close();
    if (!this.host.isRunning) return;
    this.host.crash();
    this.#work = Promise.resolve();
    this.#options.recorder.gone(this.#options.network.clock.now(), this.name, cause);
  }

  async #halt(): Promise<void> {
    this.#checks.close();
    await this.host.stop();
  }

  /** Work for a program that runs, and still does when its turn comes. */
  #whileRunning(work: () => Promise<void>): void {
    if (!this.host.isRunning) return;
    this.host.whenAwake(() => this.#does(async () => (this.host.isRunning ? work() : undefined)));
  }

  #does(work: () => Promise<void>): void {
    this.#work = this.#work.then(work);
    this.#work.catch((error: unknown) => this.#options.failed(error));
  }
}
