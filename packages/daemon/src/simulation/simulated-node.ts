// One node of a simulation: a host with the production engine, its checks, and the switches an operator or a failure has:
// power, the process, its configuration.
import type { TrackerKind } from '@vrrp/state-machine';
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

  constructor(options: SimulatedNodeOptions) {
    const { name, links, network, recorder } = options;
    this.name = name;
    this.#options = options;
    this.#desired = options.desired;
    this.host = new SimulatedHost(network, { name, links, report: (report) => recorder.report(name, report) });
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
    if (!this.host.isRunning) return;
    this.host.whenAwake(() => {
      this.#checks.close();
      this.#does(this.host.stop());
    });
  }

  start(): void {
    if (this.host.isRunning) return;
    if (!this.#powered) this.host.forgetAddresses();
    this.#powered = true;
    this.host.restart();
    this.#does(this.boot());
  }

  restart(): void {
    if (!this.host.isRunning) this.start();
    else {
      this.host.whenAwake(() => {
        this.#checks.close();
        this.#does(this.host.stop().then(() => this.start()));
      });
    }
  }

  /** Takes another configuration now, or at the next start. */
  reload(desired: Desired): void {
    this.#desired = desired;
    if (this.host.isRunning) this.host.whenAwake(() => this.#does(this.boot()));
  }

  setCheck(kind: TrackerKind, name: string, succeeds: boolean): void {
    this.#checks.setResult(kind, name, succeeds);
  }

  #end(cause: string): void {
    this.#checks.close();
    if (!this.host.isRunning) return;
    this.host.crash();
    this.#options.recorder.gone(this.#options.network.clock.now(), this.name, cause);
  }

  #does(work: Promise<void>): void {
    work.catch((error: unknown) => this.#options.failed(error));
  }
}
