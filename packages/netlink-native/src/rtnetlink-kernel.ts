// The Kernel over rtnetlink(7): one transport for requests and their acknowledgements, one for events. Requests go out many
// to a datagram and the kernel works them off while it takes the datagram, so their results wait when send() returns.
// It knows no kind of object: what differs between them is in ./rtnl/kinds.ts. No retry of refused changes, no policy.
import { joined } from './codec/joined.js';
import { decodeNetlinkMessages, decodeAcknowledgement, encodeNetlinkMessage } from './codec/netlink-message.js';
import { NLM_F_DUMP, NLM_F_DUMP_INTR, NLM_F_REQUEST, NLMSG_DONE, NLMSG_ERROR } from './codec/netlink-message.js';
import type { Acknowledgement, NetlinkMessage, UnsentMessage } from './codec/netlink-message.js';
import { batchesOf, requestOf } from './change-requests.js';
import type { ChangeRequest } from './change-requests.js';
import { changeResult, refusal } from './change-result.js';
import { settleDoubts } from './doubtful-removals.js';
import type { ChangeResult, Kernel, NetworkChange, NetworkEvent } from './kernel.js';
import type { NetworkObject, ObjectKind, ObjectOf } from './network-object.js';
import { OperationError } from './operation-error.js';
import { OwnChanges } from './own-changes.js';
import type { RtnlKind } from './rtnl/kind.js';
import { decodeNetworkEvent, EVENT_GROUPS, kindOf } from './rtnl/kinds.js';
import type { DatagramTransport } from './transport.js';

/** How often a table is read anew because it changed under the reading. */
export const DUMP_ATTEMPTS = 10;

const EINTR = 4;

/** What waits for answers under one sequence number. */
interface Exchange {
  readonly onMessage: (message: NetlinkMessage) => void;
  readonly onDone: (acknowledgement: Acknowledgement) => void;
  readonly onFailure: (error: OperationError) => void;
}

export class RtnetlinkKernel implements Kernel {
  readonly #requests: DatagramTransport;
  readonly #events: DatagramTransport;
  readonly #exchanges = new Map<number, Exchange>();
  readonly #watchers = new Set<{ readonly listener: (event: NetworkEvent) => void }>();
  readonly #own = new OwnChanges();
  #sequence = 0;
  /** The port of the requests' socket; every answer to it says so, and each comes before the event of its change. */
  #port = 0;
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
      onError: () => this.#lose(),
    });
  }

  read<K extends ObjectKind>(kind: K): Promise<readonly ObjectOf<K>[]> {
    // One row of the table reads one kind of object, which the compiler cannot follow through the index.
    return this.#dump(kindOf(kind) as unknown as RtnlKind<ObjectOf<K>, never>);
  }

  async apply(changes: readonly NetworkChange[]): Promise<readonly ChangeResult[]> {
    const change = (some: readonly NetworkChange[]): Promise<readonly ChangeResult[]> => this.#changeAll(some);
    return settleDoubts({ read: (kind) => this.read(kind), change }, changes, await change(changes));
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
      this.#own.forget();
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

  async #changeAll(changes: readonly NetworkChange[]): Promise<readonly ChangeResult[]> {
    const results: ChangeResult[] = [];
    for (const batch of batchesOf(changes.map(requestOf))) results.push(...(await this.#change(batch)));
    return results;
  }

  #change(requests: readonly ChangeRequest[]): Promise<readonly ChangeResult[]> {
    const messages: UnsentMessage[] = [];
    const results = requests.map(({ change, message, error }): ChangeResult | Promise<ChangeResult> => {
      if (error !== undefined) return { ok: false, error };
      return new Promise((resolve) => {
        const sequence = this.#open({
          onMessage: () => {},
          onDone: (acknowledgement) => {
            if (acknowledgement.errno === 0 && this.#watchers.size > 0) this.#own.made(change);
            resolve(changeResult(change, acknowledgement));
          },
          onFailure: (failure) => resolve({ ok: false, error: failure }),
        });
        messages.push({ ...message, sequence });
      });
    });
    if (messages.length > 0) this.#send(messages);
    return Promise.all(results);
  }

  #dump<O extends NetworkObject>(table: RtnlKind<O, never>): Promise<readonly O[]> {
    const read = async (): Promise<readonly O[]> => {
      for (let attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
        const rows = await this.#dumpOnce(table);
        if (rows !== undefined) return rows;
      }
      const kernelMessage = `the table changed during each of ${DUMP_ATTEMPTS} readings`;
      throw new OperationError({ code: 'ERR_VRRP_NETLINK', operation: table.reading, errno: EINTR, kernelMessage });
    };
    const result = this.#lastDump.then(read);
    this.#lastDump = result.catch(() => {});
    return result;
  }

  /** Undefined when the table changed under the reading. */
  #dumpOnce<O extends NetworkObject>(table: RtnlKind<O, never>): Promise<readonly O[] | undefined> {
    return new Promise((resolve, reject) => {
      const rows: O[] = [];
      let interrupted = false;
      const sequence = this.#open({
        onMessage: (message) => {
          interrupted ||= (message.flags & NLM_F_DUMP_INTR) !== 0;
          const row = message.type === table.create ? table.decode(message.payload) : undefined;
          if (row !== undefined) rows.push(row);
        },
        onDone: (acknowledgement) => {
          if (acknowledgement.errno === 0) resolve(interrupted ? undefined : rows);
          else reject(refusal(table.reading, acknowledgement));
        },
        onFailure: reject,
      });
      const flags = NLM_F_REQUEST | NLM_F_DUMP;
      this.#send([{ type: table.dump, flags, sequence, payload: table.encodeDump() }]);
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
  #send(messages: readonly UnsentMessage[]): void {
    try {
      if (this.#closed) throw closedError('ask rtnetlink');
      this.#requests.send(joined(messages.map((message) => encodeNetlinkMessage(message))));
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
      this.#port = message.port;
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
      if (event === undefined) continue;
      const { port: origin } = message;
      const claimed = this.#own.claims(event.kind, event.object);
      this.#tell({ ...event, origin, own: origin === 0 ? claimed : origin === this.#port });
    }
    if (issue !== undefined) this.#lose();
  }

  #lose(): void {
    this.#own.forget();
    this.#tell({ kind: 'resync' });
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
