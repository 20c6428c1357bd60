// The first lane of a turn: advertisements wait here until every router that is due has decided, and leave as one batch a
// socket before anything else is done (netlink, announcements). Nobody's advertisement waits for somebody's addresses.
import type { OutgoingDatagram, VrrpSocket } from '@vrrp/netlink-native';

interface Letter {
  readonly datagrams: readonly OutgoingDatagram[];
  /** The first errno that is not 0, or 0. */
  readonly sent: (errno: number) => void;
}

export class Outbox {
  readonly #letters = new Map<VrrpSocket, Letter[]>();

  get isEmpty(): boolean {
    return this.#letters.size === 0;
  }

  /** The datagrams must stay as they are until they have left. */
  add(socket: VrrpSocket, datagrams: readonly OutgoingDatagram[], sent: (errno: number) => void): void {
    const letters = this.#letters.get(socket);
    if (letters === undefined) this.#letters.set(socket, [{ datagrams, sent }]);
    else letters.push({ datagrams, sent });
  }

  /** Everything leaves; then each sender hears of it, and what they add meanwhile waits for the next call. */
  flush(): void {
    const all = [...this.#letters];
    this.#letters.clear();
    const told = all.map(([socket, letters]) => {
      return { letters, results: socket.send(letters.flatMap(({ datagrams }) => datagrams)) };
    });
    for (const { letters, results } of told) {
      let first = 0;
      for (const { datagrams, sent } of letters) {
        sent(results.slice(first, first + datagrams.length).find((errno) => errno !== 0) ?? 0);
        first += datagrams.length;
      }
    }
  }
}
