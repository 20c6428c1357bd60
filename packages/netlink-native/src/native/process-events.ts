// The kernel's process connector (linux/cn_proc.h) as ProcessEvents. It exists only in the first network namespace, so its
// socket is opened there where that is allowed, and only for the first process namespace: elsewhere it keeps silent.
import { CN_IDX_PROC, decodeProcessEvent, encodeListen } from '../codec/process-event.js';
import type { ListenAnswer } from '../codec/process-event.js';
import { decodeNetlinkMessages } from '../codec/netlink-message.js';
import { errnoName, OperationError } from '../operation-error.js';
import type { ProcessEvent, ProcessEvents } from '../processes.js';
import type { DatagramTransport } from '../transport.js';
import { openNetlinkTransport } from './netlink-transport.js';
import { inNetworkNamespace } from './thread.js';

const FIRST_NAMESPACE = '/proc/1/ns/net';
const OPERATION = 'watch processes';

/**
 * Events of all processes of the machine; each subscription has a socket of its own and keeps the process alive.
 * Needs CAP_NET_ADMIN before Linux 6.6, and from within another network namespace CAP_SYS_ADMIN and CAP_SYS_PTRACE. What
 * cannot be had is one event, `unavailable`, never an exception.
 */
export function openProcessEvents(): ProcessEvents {
  return {
    subscribe: (listener) => {
      const subscription = new Subscription(listener);
      return () => subscription.close();
    },
  };
}

class Subscription {
  readonly #listener: (event: ProcessEvent) => void;
  #transport: DatagramTransport | undefined;
  #answer: ListenAnswer | undefined;
  /** Events wait until `subscribe` has returned. */
  #held: ProcessEvent[] | undefined = [];

  constructor(listener: (event: ProcessEvent) => void) {
    this.#listener = listener;
    try {
      this.#transport = openConnector();
      this.#listen(this.#transport);
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      this.#giveUp(error.message);
    }
    queueMicrotask(() => {
      const held = this.#held ?? [];
      this.#held = undefined;
      for (const event of held) this.#tell(event);
    });
  }

  close(): void {
    this.#held = [];
    this.#transport?.close();
    this.#transport = undefined;
  }

  #listen(transport: DatagramTransport): void {
    transport.listen({ onDatagram: (bytes) => this.#onDatagram(bytes), onError: () => this.#tell({ kind: 'lost' }) });
    transport.ref();
    transport.joinGroup(CN_IDX_PROC);
    transport.send(encodeListen(true));
    // The kernel answers while it takes the request; a kernel that does not will not tell of anything either.
    transport.drain();
    if (this.#answer === undefined)
      this.#giveUp(`cannot ${OPERATION}: the kernel does not answer in this process namespace`);
    else if (this.#answer.errno !== 0) this.#giveUp(`cannot ${OPERATION}: ${errnoName(this.#answer.errno)}`);
  }

  #onDatagram(bytes: Uint8Array): void {
    const { messages, issue } = decodeNetlinkMessages(bytes);
    for (const { payload } of messages) {
      const event = decodeProcessEvent(payload);
      if (event === undefined) continue;
      if (event.kind === 'answer') this.#answer ??= event;
      else this.#tell(event);
    }
    if (issue !== undefined) this.#tell({ kind: 'lost' });
  }

  #giveUp(reason: string): void {
    this.#transport?.close();
    this.#transport = undefined;
    this.#held?.push({ kind: 'unavailable', reason });
  }

  #tell(event: ProcessEvent): void {
    if (this.#held !== undefined) this.#held.push(event);
    else this.#listener(event);
  }
}

function openConnector(): DatagramTransport {
  try {
    return inNetworkNamespace(FIRST_NAMESPACE, openTransport);
  } catch (error) {
    // Not allowed to go there: perhaps this is it.
    if (error instanceof OperationError && error.code === 'ERR_VRRP_NAMESPACE') return openTransport();
    throw error;
  }
}

function openTransport(): DatagramTransport {
  return openNetlinkTransport(OPERATION, 'NETLINK_CONNECTOR');
}
