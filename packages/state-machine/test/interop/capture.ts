// What crosses the bridge of a scenario, as tcpdump(8) prints it: advertisements and gratuitous ARP, with their sources.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Network } from './network.js';

export interface Advert {
  readonly source: string;
  readonly vrid: number;
  readonly priority: number;
}

const ADVERT = / IP (?<source>[\d.]+) > [\d.]+: .*vrid (?<vrid>\d+), prio (?<priority>\d+)/;
const ANNOUNCEMENT = /^(?<mac>\S+) > ff:ff:ff:ff:ff:ff.*Request who-has (?<target>[\d.]+) .*tell (?<sender>[\d.]+)/;

export class Capture {
  readonly adverts: Advert[] = [];
  /** How often each hardware address announced a virtual address. */
  readonly announcements = new Map<string, number>();
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  /** Resolves when it listens. */
  static async start(network: Network): Promise<Capture> {
    const filter = 'ip proto 112 or arp';
    const child = network.spawn('switch', ['tcpdump', '-l', '-e', '-n', '-t', '-i', 'br0', filter]);
    const capture = new Capture(child);
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error('tcpdump has no output');
    createInterface({ input: stdout }).on('line', (line) => capture.#read(line));
    for await (const line of createInterface({ input: stderr })) if (line.includes('listening on')) break;
    return capture;
  }

  async stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    if (this.#process.exitCode === null) await once(this.#process, 'close');
  }

  #read(line: string): void {
    const advert = ADVERT.exec(line.replace(/^.*?ethertype IPv4[^:]*: /, '- IP '))?.groups;
    if (advert?.['source'] !== undefined) {
      const { source, vrid, priority } = advert;
      this.adverts.push({ source, vrid: Number(vrid), priority: Number(priority) });
    }
    const announcement = ANNOUNCEMENT.exec(line)?.groups;
    if (announcement?.['mac'] !== undefined && announcement['target'] === announcement['sender']) {
      const { mac } = announcement;
      this.announcements.set(mac, (this.announcements.get(mac) ?? 0) + 1);
    }
  }
}
