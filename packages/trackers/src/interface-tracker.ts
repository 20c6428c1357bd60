// The interface tracker (keepalived.conf(5), track_interface, interface_up_down_delays): up while the link is up and running.
// Delays hold back changes of a link that has been up once; one that was removed is down at once, its addresses went with it.

import type { Cancel, Clock } from './clock.js';
import type { LinkEvents } from './link-events.js';
import { expireLink, seeLink } from './link-status.js';
import type { LinkDelays, LinkStatus } from './link-status.js';
import type { LinkCondition, Tracker, TrackerReport } from './tracker.js';
import { TrackerLife } from './tracker-life.js';

export interface InterfaceTrackerOptions extends LinkDelays {
  readonly name: string;
  /** The interface's name; `name` when left out. */
  readonly interface?: string;
  /** 0 gates, anything else adds to the priority: -253..253. */
  readonly weight: number;
  readonly reverse: boolean;
}

export interface InterfacePorts {
  readonly clock: Clock;
  readonly links: LinkEvents;
}

/** Throws RangeError for a negative delay. */
export function createInterfaceTracker(options: InterfaceTrackerOptions, ports: InterfacePorts): Tracker {
  for (const delay of [options.upDelay, options.downDelay])
    if (!Number.isInteger(delay) || delay < 0) throw new RangeError(`a delay is a number of µs, not ${delay}`);
  return new InterfaceTracker(options, ports);
}

class InterfaceTracker implements Tracker {
  readonly name: string;
  readonly kind = 'interface';
  readonly #options: InterfaceTrackerOptions;
  readonly #ports: InterfacePorts;
  readonly #life: TrackerLife;
  #unwatch: () => void = () => undefined;
  #cancelDelay: Cancel = () => undefined;
  #condition: LinkCondition = 'missing';
  #status: LinkStatus | undefined;

  constructor(options: InterfaceTrackerOptions, ports: InterfacePorts) {
    this.name = options.name;
    this.#options = options;
    this.#ports = ports;
    this.#life = new TrackerLife({ ...options, kind: this.kind }, ports.clock);
  }

  start(listener: (report: TrackerReport) => void): void {
    this.#life.begin(listener);
    this.#unwatch = this.#ports.links.watch(this.#options.interface ?? this.name, (condition) => this.#see(condition));
  }

  close(): Promise<void> {
    this.#life.end();
    this.#unwatch();
    this.#cancelDelay();
    return Promise.resolve();
  }

  #see(condition: LinkCondition): void {
    this.#condition = condition;
    this.#settle(seeLink(this.#status, condition, this.#options, this.#ports.clock.now()));
  }

  #settle(status: LinkStatus): void {
    this.#status = status;
    this.#cancelDelay();
    const { pending, current } = status.up;
    const { clock } = this.#ports;
    if (pending === undefined)
      this.#life.report({ status: current ? 'up' : 'down' }, { kind: 'link', state: this.#condition });
    else this.#cancelDelay = clock.schedule(pending.at, () => this.#settle(expireLink(status, clock.now())));
  }
}
