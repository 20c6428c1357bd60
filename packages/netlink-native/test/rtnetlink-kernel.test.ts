// RtnetlinkKernel above the transport seam, with a kernel that the test plays: what real kernels do rarely or never.
import { describe, expect, test } from '@jest/globals';

import { encodeNetlinkMessage } from '../src/codec/netlink-message.js';
import type { NetlinkMessage, UnsentMessage } from '../src/codec/netlink-message.js';
import { decodeNetlinkMessages } from '../src/codec/netlink-message.js';
import type { NetworkEvent } from '../src/kernel.js';
import type { AddressSpec } from '../src/objects/address.js';
import { CHANGES_PER_DATAGRAM } from '../src/change-requests.js';
import { OperationError } from '../src/operation-error.js';
import type { RouteSpec } from '../src/objects/route.js';
import { DUMP_ATTEMPTS, RtnetlinkKernel } from '../src/rtnetlink-kernel.js';
import { ADDRESS } from '../src/rtnl/address.js';
import type { DatagramListener, DatagramTransport } from '../src/transport.js';

const NLM_F_MULTI = 2;
const NLM_F_DUMP_INTR = 0x10;
const SPEC: AddressSpec = { kind: 'address', family: 4, address: '192.0.2.7', prefixLength: 24, linkIndex: 1 };
const ADD = { action: 'add', object: SPEC } as const;

/** A transport whose other end is the test: `answer` is called with each datagram's requests. */
class ScriptedTransport implements DatagramTransport {
  readonly sent: (readonly NetlinkMessage[])[] = [];
  readonly groups = new Set<number>();
  referenced = false;
  closed = 0;
  answer: (requests: readonly NetlinkMessage[]) => void = () => {};
  #listener: DatagramListener | undefined;

  send(bytes: Uint8Array): void {
    const { messages, issue } = decodeNetlinkMessages(bytes.slice());
    expect(issue).toBeUndefined();
    this.sent.push(messages);
    this.answer(messages);
  }

  listen(listener: DatagramListener): void {
    this.#listener = listener;
  }

  deliver(...messages: readonly UnsentMessage[]): void {
    this.deliverBytes(new Uint8Array(Buffer.concat(messages.map((message) => encodeNetlinkMessage(message)))));
  }

  deliverBytes(bytes: Uint8Array): void {
    this.#listener?.onDatagram(bytes);
  }

  fail(errno: number): void {
    this.#listener?.onError(new OperationError({ code: 'ERR_VRRP_NETLINK', operation: 'read', errno }));
  }

  drain(): void {}

  joinGroup(group: number): void {
    this.groups.add(group);
  }

  leaveGroup(group: number): void {
    this.groups.delete(group);
  }

  ref(): void {
    this.referenced = true;
  }

  unref(): void {
    this.referenced = false;
  }

  close(): void {
    this.closed += 1;
  }
}

function scripted(): { kernel: RtnetlinkKernel; requests: ScriptedTransport; events: ScriptedTransport } {
  const requests = new ScriptedTransport();
  const events = new ScriptedTransport();
  return { kernel: new RtnetlinkKernel(requests, events), requests, events };
}

function routeOf(nexthops: number): RouteSpec {
  const gateways = Array.from({ length: nexthops }, () => ({ gateway: '192.0.2.254' }));
  return { kind: 'route', family: 4, destination: '198.51.100.0', prefixLength: 24, nexthops: gateways };
}

function status(sequence: number, errno: number, type = 2, flags = 0): UnsentMessage {
  return { type, flags, sequence, payload: new Uint8Array(Int32Array.of(-errno, 0, 0, 0, 0).buffer) };
}

function row(sequence: number, address: string, flags = NLM_F_MULTI): UnsentMessage {
  return { type: ADDRESS.create, flags, sequence, payload: ADDRESS.encode({ ...SPEC, address }, 'add') };
}

describe('changes', () => {
  test('go out many to a datagram, the next datagram after the answers to the one before', async () => {
    const { kernel, requests } = scripted();
    const result = kernel.apply(Array.from({ length: CHANGES_PER_DATAGRAM + 1 }, () => ADD));
    expect(requests.sent.map(({ length }) => length)).toEqual([CHANGES_PER_DATAGRAM]);
    expect(requests.referenced).toBe(true);
    const [first = []] = requests.sent;
    // In any order, and all in one datagram.
    requests.answer = (messages) => requests.deliver(...messages.map(({ sequence }) => status(sequence, 0)));
    requests.deliver(...first.toReversed().map(({ sequence }, i) => status(sequence, i === 0 ? 17 : 0)));
    const results = await result;
    expect(requests.sent.map(({ length }) => length)).toEqual([CHANGES_PER_DATAGRAM, 1]);
    expect(results).toHaveLength(CHANGES_PER_DATAGRAM + 1);
    expect(results[CHANGES_PER_DATAGRAM - 1]).toEqual({ ok: true, changed: false });
    expect(results.filter((one) => one.ok && one.changed)).toHaveLength(CHANGES_PER_DATAGRAM);
    expect(requests.referenced).toBe(false);
  });

  test('of many bytes take more datagrams, and one that fits none is the only one to fail', async () => {
    const { kernel, requests } = scripted();
    requests.answer = (messages) => requests.deliver(...messages.map(({ sequence }) => status(sequence, 0)));
    const routes = [600, 600, 4000, 1].map((nexthops) => ({ action: 'add', object: routeOf(nexthops) }) as const);
    const results = await kernel.apply(routes);
    expect(results.map(({ ok }) => ok)).toEqual([true, true, false, true]);
    expect(results[2]).toMatchObject({ error: { code: 'ERR_VRRP_NETLINK_REQUEST' } });
    expect(requests.sent.map(({ length }) => length)).toEqual([1, 2]);
  });

  test.each([
    [
      'ENOBUFS: answers were lost',
      (requests: ScriptedTransport) => requests.fail(105),
      { code: 'ERR_VRRP_NETLINK', errno: 105 },
    ],
    [
      'an answer without its status',
      (requests: ScriptedTransport) => requests.deliver({ type: 2, flags: 0, sequence: 1, payload: new Uint8Array(3) }),
      { code: 'ERR_VRRP_NETLINK_PROTOCOL' },
    ],
    [
      'an answer that makes no sense',
      (requests: ScriptedTransport) => requests.deliverBytes(new Uint8Array(16)),
      { code: 'ERR_VRRP_NETLINK_PROTOCOL' },
    ],
  ])('%s is the failure of the change', async (_, happen, error) => {
    const { kernel, requests } = scripted();
    requests.answer = () => happen(requests);
    expect(await kernel.apply([ADD])).toMatchObject([{ ok: false, error }]);
    expect(requests.referenced).toBe(false);
  });

  test('answers to nobody are ignored', async () => {
    const { kernel, requests } = scripted();
    requests.answer = ([request]) => {
      requests.deliver(status(4711, 1), status(0, 1), status(request?.sequence ?? 0, 0));
    };
    expect(await kernel.apply([ADD])).toEqual([{ ok: true, changed: true }]);
  });

  test('a datagram the socket does not take fails its changes and leaves a reading under way alone', async () => {
    const { kernel, requests } = scripted();
    const reading = kernel.read('address');
    await Promise.resolve();
    const [dump] = requests.sent.flat();
    requests.answer = () => {
      throw new OperationError({ code: 'ERR_VRRP_NETLINK', operation: 'send', errno: 11 });
    };
    expect(await kernel.apply([ADD, ADD])).toMatchObject([{ error: { errno: 11 } }, { error: { errno: 11 } }]);
    requests.deliver(row(dump?.sequence ?? 0, '192.0.2.1'), status(dump?.sequence ?? 0, 0, 3));
    expect((await reading).map(({ address }) => address)).toEqual(['192.0.2.1']);
  });

  test('a refusal tells the kernel’s words and what to do', async () => {
    const { kernel, requests } = scripted();
    requests.answer = ([request]) => requests.deliver(status(request?.sequence ?? 0, 1));
    const [result] = await kernel.apply([ADD]);
    expect(result?.ok === false && result.error.message).toBe(
      'cannot add address 192.0.2.7/24 on link 1: EPERM; run as root or give the program CAP_NET_ADMIN',
    );
  });
});

function absent(requests: ScriptedTransport, messages: readonly NetlinkMessage[]): void {
  requests.deliver(...messages.map(({ sequence }) => status(sequence, 99)));
}

describe('removals of what is not there by that name', () => {
  const REMOVE = { action: 'remove', object: { ...SPEC, peer: '203.0.113.1' } } as const;

  test('are looked for once for all of them, and go by the name they have', async () => {
    const { kernel, requests } = scripted();
    requests.answer = (messages) => {
      const [first] = messages;
      if (first?.type === ADDRESS.dump) {
        requests.deliver(row(first.sequence, '192.0.2.7'), status(first.sequence, 0, 3));
        requests.answer = (removals) => requests.deliver(...removals.map(({ sequence }) => status(sequence, 0)));
      } else absent(requests, messages);
    };
    const other = { action: 'remove', object: { ...SPEC, address: '192.0.2.8' } } as const;
    expect(await kernel.apply([REMOVE, other])).toEqual([
      { ok: true, changed: true },
      { ok: true, changed: false },
    ]);
    expect(requests.sent.map((messages) => messages.map(({ type }) => type))).toEqual([
      [ADDRESS.remove, ADDRESS.remove],
      [ADDRESS.dump],
      [ADDRESS.remove],
    ]);
    expect(requests.sent[2]?.[0]?.payload).toEqual(ADDRESS.encode(SPEC, 'remove'));
  });

  test('are failures when the table cannot be read', async () => {
    const { kernel, requests } = scripted();
    requests.answer = (messages) => {
      if (messages[0]?.type === ADDRESS.dump) requests.fail(105);
      else absent(requests, messages);
    };
    expect(await kernel.apply([REMOVE])).toMatchObject([{ ok: false, error: { errno: 105 } }]);
  });
});

describe('readings', () => {
  test('gather several datagrams up to the end', async () => {
    const { kernel, requests } = scripted();
    requests.answer = ([request]) => {
      const sequence = request?.sequence ?? 0;
      requests.deliver(row(sequence, '192.0.2.1'), row(sequence, '192.0.2.2'));
      requests.deliver(row(sequence, '192.0.2.3'));
      requests.deliver(status(sequence, 0, 3));
    };
    expect((await kernel.read('address')).map(({ address }) => address)).toEqual([
      '192.0.2.1',
      '192.0.2.2',
      '192.0.2.3',
    ]);
  });

  test('are made anew when the table changed meanwhile, and only so often', async () => {
    const { kernel, requests } = scripted();
    let interruptions = 2;
    requests.answer = ([request]) => {
      const sequence = request?.sequence ?? 0;
      const flags = interruptions-- > 0 ? NLM_F_DUMP_INTR : 0;
      requests.deliver(row(sequence, '192.0.2.1', NLM_F_MULTI | flags), status(sequence, 0, 3));
    };
    expect(await kernel.read('address')).toHaveLength(1);
    expect(requests.sent).toHaveLength(3);
    interruptions = Number.POSITIVE_INFINITY;
    await expect(kernel.read('address')).rejects.toMatchObject({ code: 'ERR_VRRP_NETLINK', errno: 4 });
    expect(requests.sent).toHaveLength(3 + DUMP_ATTEMPTS);
  });

  test('the end of the reading may be what says that the table changed', async () => {
    const { kernel, requests } = scripted();
    requests.answer = ([request]) => {
      requests.deliver(status(request?.sequence ?? 0, 0, 3, requests.sent.length === 1 ? NLM_F_DUMP_INTR : 0));
    };
    expect(await kernel.read('address')).toEqual([]);
    expect(requests.sent).toHaveLength(2);
  });

  test('go one after the other, and one that fails does not stop the next', async () => {
    const { kernel, requests } = scripted();
    const readings = [kernel.read('address'), kernel.read('address')] as const;
    await Promise.resolve();
    expect(requests.sent).toHaveLength(1);
    requests.answer = ([request]) => requests.deliver(status(request?.sequence ?? 0, 0, 3));
    requests.deliver(status(requests.sent[0]?.[0]?.sequence ?? 0, 12));
    await expect(readings[0]).rejects.toMatchObject({ code: 'ERR_VRRP_NETLINK_ACK', errno: 12 });
    expect(await readings[1]).toEqual([]);
  });
});

describe('watching', () => {
  const ADDED = { type: ADDRESS.create, flags: 0, sequence: 0, payload: ADDRESS.encode(SPEC, 'add') };

  test('joins the groups for the first watcher and leaves them with the last', () => {
    const { kernel, events } = scripted();
    expect([...events.groups]).toEqual([]);
    const stops = [kernel.watch(() => {}), kernel.watch(() => {})];
    expect([[...events.groups], events.referenced]).toEqual([[1, 5, 9, 7, 11, 8, 19, 3], true]);
    stops[0]?.();
    stops[0]?.();
    expect(events.groups.size).toBe(8);
    stops[1]?.();
    expect([[...events.groups], events.referenced]).toEqual([[], false]);
  });

  test.each([
    ['lost datagrams', (events: ScriptedTransport) => events.fail(105)],
    ['a datagram that makes no sense', (events: ScriptedTransport) => events.deliverBytes(new Uint8Array(7))],
  ])('%s are a resync, and the watch goes on', (_, happen) => {
    const { kernel, events } = scripted();
    const heard: NetworkEvent['kind'][] = [];
    kernel.watch(({ kind }) => heard.push(kind));
    happen(events);
    events.deliver(ADDED, ADDED);
    expect(heard).toEqual(['resync', 'changed', 'changed']);
  });
});

test('closing fails what waits, once, and closes both transports', async () => {
  const { kernel, requests, events } = scripted();
  const waiting = [kernel.apply([ADD]), kernel.read('address')] as const;
  await Promise.resolve();
  kernel.close();
  kernel.close();
  expect(await waiting[0]).toMatchObject([{ ok: false, error: { code: 'ERR_VRRP_NETLINK' } }]);
  await expect(waiting[1]).rejects.toMatchObject({ code: 'ERR_VRRP_NETLINK' });
  expect([requests.closed, events.closed]).toEqual([1, 1]);
});
