// What every FrameSocket does, as a suite (assertions are Node's own): packet sockets pass it between two network namespaces,
// those of simulated hosts without privileges.
import assert from 'node:assert/strict';
import type { FrameSocket } from '../sockets.js';
import { declareSuite } from './suite.js';

export interface FrameSocketsUnderTest {
  /** The link that frames leave by. */
  readonly linkIndex: number;
  open(linkIndex: number): FrameSocket;
  setLink(state: 'up' | 'down'): Promise<void>;
  /** Everything of EtherType 0x88b5 that has arrived at the other end, in order. Called once. */
  arrived(): Promise<readonly Uint8Array[]>;
  close(): Promise<void>;
}

const EBADF = 9;
const ENODEV = 19;
const EINVAL = 22;
const ENETDOWN = 100;
/** More than one batch holds. */
const MANY = 70;

export function frameSocketContract(name: string, make: () => Promise<FrameSocketsUnderTest>): void {
  declareSuite(`${name} keeps the contract of FrameSocket`, make, {
    async 'frames leave as they are, in order, one result each'(subject) {
      const socket = subject.open(subject.linkIndex);
      const frames = Array.from({ length: MANY }, (_, number) => frame(number));
      assert.deepEqual(
        socket.send(frames),
        frames.map(() => 0),
      );
      assert.deepEqual(await subject.arrived(), frames);
    },
    'a frame that is none is an error of that frame, one that is too long a RangeError'(subject) {
      const socket = subject.open(subject.linkIndex);
      assert.deepEqual(socket.send([frame(1), new Uint8Array(3), frame(2)]), [0, EINVAL, 0]);
      assert.throws(() => socket.send([new Uint8Array(2000)]), RangeError);
    },
    'a closed one refuses, and may be closed again'(subject) {
      const socket = subject.open(subject.linkIndex);
      socket.close();
      socket.close();
      assert.deepEqual(socket.send([frame(1)]), [EBADF]);
    },
    'a link that is not there has none'(subject) {
      assert.throws(() => subject.open(4711), { code: 'ERR_VRRP_SOCKET', errno: ENODEV });
    },
    async 'a link that is down is told by its errno, and the socket works again when it is back'(subject) {
      const socket = subject.open(subject.linkIndex);
      await subject.setLink('down');
      assert.deepEqual(socket.send([frame(1)]), [ENETDOWN]);
      await subject.setLink('up');
      // The first send after the return may still tell that the link had been down.
      assert.equal(socket.send([frame(2), frame(3)])[1], 0);
    },
  });
}

/** To everybody, of a local experimental EtherType. */
function frame(number: number): Uint8Array {
  const header = [...new Uint8Array(6).fill(0xff), 2, 0, 0, 0, 0, 1, 0x88, 0xb5];
  return Uint8Array.of(...header, number, ...new Uint8Array(45));
}
