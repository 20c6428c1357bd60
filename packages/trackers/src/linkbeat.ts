// One look for the beat of a link (keepalived.conf(5), linkbeat_interfaces): which way of asking its driver answers, and
// what the answer means. Pure. Seen on keepalived 2.2.7: the wanted way is tried first, then MII, then ethtool; a driver that
// says no is believed, and one that says yes or nothing at all leaves it to the interface's flags.

export type BeatMethod = 'mii' | 'ethtool' | 'ioctl';

/** `unknown`: the driver does not answer in this way, or there is no such link. */
export type BeatReading = 'up' | 'down' | 'unknown';

/** What was seen of a link that is there. */
export interface Beat {
  readonly method: BeatMethod;
  readonly up: boolean;
  /** Whether the driver answered; else only the flags speak. */
  readonly answered: boolean;
}

/**
 * Looks once. `settled` is the way that answered at the first look, `wanted` the configured one; `read` asks. Undefined:
 * there is no such link.
 */
export function lookForBeat(
  settled: BeatMethod | undefined,
  wanted: BeatMethod | undefined,
  read: (method: BeatMethod) => BeatReading,
): Beat | undefined {
  const method = settled ?? chooseMethod(wanted, read);
  const reading = read(method);
  if (method !== 'ioctl' && reading === 'down') return { method, up: false, answered: true };
  const flags = method === 'ioctl' ? reading : read('ioctl');
  return flags === 'unknown' ? undefined : { method, up: flags === 'up', answered: reading !== 'unknown' };
}

function chooseMethod(wanted: BeatMethod | undefined, read: (method: BeatMethod) => BeatReading): BeatMethod {
  const order: readonly BeatMethod[] = [...(wanted === undefined ? [] : [wanted]), 'mii', 'ethtool'];
  return order.find((method) => method === 'ioctl' || read(method) !== 'unknown') ?? 'ioctl';
}
