// The Kernel over rtnetlink(7): one transport for requests and their acknowledgements, one for events. Requests go out many
// to a datagram and the kernel works them off while it takes the datagram, so their results wait when send() returns.
// No retry of refused changes, no policy: which address belongs where is the caller's business.
import { decodeNetlinkMessages, decodeAcknowledgement, encodeNetlinkMessage } from './codec/netlink-message.js';
import {
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_DUMP_INTR,
  NLM_F_EXCL,
  NLM_F_REQUEST,
  NLMSG_DONE,
  NLMSG_ERROR,
} from './codec/netlink-message.js';
import type { Acknowledgement, NetlinkMessage } from './codec/netlink-message.js';
import type { Address, ChangeResult, Kernel, Link, NetworkChange, NetworkEvent } from './kernel.js';
import { OperationError } from './operation-error.js';
import {
  decodeAddress,
  encodeAddress,
  encodeAddressDump,
  RTM_DELADDR,
  RTM_GETADDR,
  RTM_NEWADDR,
} from './rtnl/address.js';
import { decodeNetworkEvent, EVENT_GROUPS } from './rtnl/event.js';
import { decodeLink, encodeLinkDump, RTM_GETLINK, RTM_NEWLINK } from './rtnl/link.js';
import type { DatagramTransport } from './transport.js';

/** Changes in one datagram: few enough that their acknowledgements fit any receive buffer. */
export const CHANGES_PER_DATAGRAM = 64;
/** How often a table is read anew because it changed under the reading. */
export const DUMP_ATTEMPTS = 10;

const EPERM = 1;
const EINTR = 4;
const ENXIO = 6;
const EEXIST = 17;
const ENODEV = 19;
const EADDRNOTAVAIL = 99;

/** What waits for answers under one sequence number. */
interface Exchange {
  readonly onMessage: (message: NetlinkMessage) => void;
  readonly onDone: (acknowledgement: Acknowledgement) => void;
  readonly onFailure: (error: OperationError) => void;
}

interface Request {
  readonly change: NetworkChange;
  readonly payload: Uint8Array;
}

/** A table of the kernel and how to read it whole. */
interface Table<T> {
  readonly operation: string;
  readonly type: number;
  readonly request: Uint8Array;
  readonly answerType: number;
  readonly decode: (payload: Uint8Array) => T | undefined;
}

const LINKS: Table<Link> = {
  operation: 'read the links',
  type: RTM_GETLINK,
  request: encodeLinkDump(),
  answerType: RTM_NEWLINK,
  decode: decodeLink,
};

const ADDRESSES: Table<Address> = {
  operation: 'read the addresses',
  type: RTM_GETADDR,
  request: encodeAddressDump(),
  answerType: RTM_NEWADDR,
  decode: decodeAddress,
};

export class RtnetlinkKernel implements Kernel {
  readonly #requests: DatagramTransport;
  readonly #events: DatagramTransport;
  readonly #exchanges = new Map<number, Exchange>();
  readonly #watchers = new Set<{ readonly listener: (event: NetworkEvent) => void }>();
  #sequence = 0;
  /** One dump at a time: a second on the same socket is refused with EBUSY. */
  #lastDump: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(requests: DatagramTransport, events: DatagramTransport) {
    this.#requests = requests;
    this.#events = events;
    requests.listen({
      onDatagram: (bytes) => this.#onAnswer(bytes),
      // Which answers were lost cannot be known.
      onError: (error) => this.#failAll(error),
    });
    events.listen({
      onDatagram: (bytes) => this.#onEvent(bytes),
      onError: () => this.#tell({ kind: 'resync' }),
    });
  }

  links(): Promise<readonly Link[]> {
    return this.#dump(LINKS);
  }

  addresses(): Promise<readonly Address[]> {
    return this.#dump(ADDRESSES);
  }

  async apply(changes: readonly NetworkChange[]): Promise<readonly ChangeResult[]> {
    // All of them before any goes out: a RangeError leaves nothing half done.
    const requests = changes.map((change) => ({ change, payload: encodeAddress(change.address) }));
    const results: ChangeResult[] = [];
    for (let start = 0; start < requests.length; start += CHANGES_PER_DATAGRAM) {
      results.push(...(await this.#change(requests.slice(start, start + CHANGES_PER_DATAGRAM))));
    }
    return results;
  }

  watch(listener: (event: NetworkEvent) => void): () => void {
    if (this.#closed) throw closedError('watch rtnetlink');
    if (this.#watchers.size === 0) {
      for (const group of EVENT_GROUPS) this.#events.joinGroup(group);
      this.#events.ref();
    }
    const watcher = { listener };
    this.#watchers.add(watcher);
    return () => {
      if (!this.#watchers.delete(watcher) || this.#watchers.size > 0 || this.#closed) return;
      for (const group of EVENT_GROUPS) this.#events.leaveGroup(group);
      // What came before is of no concern to whoever watches next.
      this.#events.drain();
      this.#events.unref();
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#watchers.clear();
    this.#requests.close();
    this.#events.close();
    this.#failAll(closedError('wait for an answer of rtnetlink'));
  }

  #change(requests: readonly Request[]): Promise<readonly ChangeResult[]> {
    const messages: NetlinkMessage[] = [];
    const results = requests.map(
      ({ change, payload }) =>
        new Promise<ChangeResult>((resolve) => {
          const sequence = this.#open({
            onMessage: () => {},
            onDone: (acknowledgement) => resolve(changeResult(change, acknowledgement)),
            onFailure: (error) => resolve({ ok: false, error }),
          });
          const adding = change.kind === 'add-address';
          const flags = NLM_F_REQUEST | NLM_F_ACK | (adding ? NLM_F_CREATE | NLM_F_EXCL : 0);
          messages.push({ type: adding ? RTM_NEWADDR : RTM_DELADDR, flags, sequence, payload });
        }),
    );
    this.#send(messages);
    return Promise.all(results);
  }

  #dump<T>(table: Table<T>): Promise<readonly T[]> {
    const read = async (): Promise<readonly T[]> => {
      for (let attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
        const rows = await this.#dumpOnce(table);
        if (rows !== undefined) return rows;
      }
      const kernelMessage = `the table changed during each of ${DUMP_ATTEMPTS} readings`;
      throw new OperationError({ code: 'ERR_VRRP_NETLINK', operation: table.operation, errno: EINTR, kernelMessage });
    };
    const result = this.#lastDump.then(read);
    this.#lastDump = result.catch(() => {});
    return result;
  }

  /** Undefined when the table changed under the reading. */
  #dumpOnce<T>(table: Table<T>): Promise<readonly T[] | undefined> {
    return new Promise((resolve, reject) => {
      const rows: T[] = [];
      let interrupted = false;
      const sequence = this.#open({
        onMessage: (message) => {
          interrupted ||= (message.flags & NLM_F_DUMP_INTR) !== 0;
          const row = message.type === table.answerType ? table.decode(message.payload) : undefined;
          if (row !== undefined) rows.push(row);
        },
        onDone: (acknowledgement) => {
          if (acknowledgement.errno === 0) resolve(interrupted ? undefined : rows);
          else reject(refusal(table.operation, acknowledgement));
        },
        onFailure: reject,
      });
      this.#send([{ type: table.type, flags: NLM_F_REQUEST | NLM_F_DUMP, sequence, payload: table.request }]);
    });
  }

  #open(exchange: Exchange): number {
    // Sequence 0 is for messages nobody asked for.
    this.#sequence = (this.#sequence % 0xffff_ffff) + 1;
    if (this.#exchanges.size === 0 && !this.#closed) this.#requests.ref();
    this.#exchanges.set(this.#sequence, exchange);
    return this.#sequence;
  }

  /** As one datagram. When it cannot go, the exchanges of these messages fail, and no others. */
  #send(messages: readonly NetlinkMessage[]): void {
    try {
      if (this.#closed) throw closedError('ask rtnetlink');
      this.#requests.send(joined(messages.map(encodeNetlinkMessage)));
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      for (const { sequence } of messages) this.#fail(sequence, error);
      return;
    }
    // The acknowledgements wait already: no turn of the event loop between a takeover and its addresses.
    this.#requests.drain();
  }

  #onAnswer(bytes: Uint8Array): void {
    const { messages, issue } = decodeNetlinkMessages(bytes);
    for (const message of messages) {
      const exchange = this.#exchanges.get(message.sequence);
      if (exchange === undefined) continue;
      if (message.type !== NLMSG_ERROR && message.type !== NLMSG_DONE) {
        exchange.onMessage(message);
        continue;
      }
      // The end of a dump may carry the flag as well.
      exchange.onMessage(message);
      this.#settle(message.sequence);
      const acknowledgement = decodeAcknowledgement(message);
      if (acknowledgement === undefined) exchange.onFailure(unreadable('an acknowledgement without its status'));
      else exchange.onDone(acknowledgement);
    }
    if (issue !== undefined) this.#failAll(unreadable(`${issue.kind} at byte ${issue.offset}`));
  }

  #onEvent(bytes: Uint8Array): void {
    const { messages, issue } = decodeNetlinkMessages(bytes);
    for (const message of messages) {
      const event = decodeNetworkEvent(message);
      if (event !== undefined) this.#tell(event);
    }
    if (issue !== undefined) this.#tell({ kind: 'resync' });
  }

  #tell(event: NetworkEvent): void {
    for (const { listener } of this.#watchers) listener(event);
  }

  #settle(sequence: number): void {
    this.#exchanges.delete(sequence);
    if (this.#exchanges.size === 0 && !this.#closed) this.#requests.unref();
  }

  #fail(sequence: number, error: OperationError): void {
    const exchange = this.#exchanges.get(sequence);
    this.#settle(sequence);
    exchange?.onFailure(error);
  }

  #failAll(error: OperationError): void {
    for (const sequence of this.#exchanges.keys()) this.#fail(sequence, error);
  }
}

function changeResult(change: NetworkChange, acknowledgement: Acknowledgement): ChangeResult {
  const { errno } = acknowledgement;
  if (errno === 0) return { ok: true, changed: true };
  const done = change.kind === 'add-address' ? [EEXIST] : [EADDRNOTAVAIL, ENODEV, ENXIO];
  if (done.includes(errno)) return { ok: true, changed: false };
  const { address, prefixLength, linkIndex } = change.address;
  const verb = change.kind === 'add-address' ? 'add' : 'remove';
  const operation = `${verb} address ${address}/${prefixLength} on link ${linkIndex}`;
  return { ok: false, error: refusal(operation, acknowledgement) };
}

function refusal(operation: string, { errno, message, offset }: Acknowledgement): OperationError {
  return new OperationError({
    code: 'ERR_VRRP_NETLINK_ACK',
    operation,
    errno,
    ...(message === undefined ? {} : { kernelMessage: message }),
    ...(offset === undefined ? {} : { offset }),
    ...(errno === EPERM ? { advice: 'run as root or give the program CAP_NET_ADMIN' } : {}),
  });
}

function unreadable(what: string): OperationError {
  return new OperationError({
    code: 'ERR_VRRP_NETLINK_PROTOCOL',
    operation: 'read an answer of rtnetlink',
    kernelMessage: what,
  });
}

function closedError(operation: string): OperationError {
  return new OperationError({ code: 'ERR_VRRP_NETLINK', operation, kernelMessage: 'the kernel client is closed' });
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
