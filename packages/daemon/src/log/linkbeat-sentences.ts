// What is seen of link beats -> log lines: keepalived's sentences (seen on 2.2.7). What a link comes to without its beat is
// the engine's to say; the beat itself is a detail.
import type { BeatMethod, BeatObservation } from '@vrrp/trackers';
import type { LogEntry } from './entry.js';

const METHOD_WORDS: Readonly<Record<BeatMethod, string>> = { mii: 'MII', ethtool: 'ETHTOOL', ioctl: 'IOCTL' };

export function linkbeatEntries(observation: BeatObservation): readonly LogEntry[] {
  const { kind, link } = observation;
  const fields = { ...observation, event: `linkbeat-${kind}` };
  if (kind === 'beat') {
    const message = `(${link}): link beat ${observation.up ? 'heard' : 'lost'}`;
    return [{ level: 'info', message, fields, detail: true }];
  }
  const method = METHOD_WORDS[observation.method];
  if (kind === 'silent') {
    const what = observation.method === 'mii' ? 'No MII transceiver present' : `No answer by ${method}`;
    const message = `${what} for ${link} !!! Only the flags of the interface count`;
    return [{ level: 'warning', message, fields }];
  }
  if (observation.wanted === undefined)
    return [{ level: 'info', message: `(${link}): link beat polled by ${method}`, fields, detail: true }];
  const wanted = METHOD_WORDS[observation.wanted];
  const message = `(${link}): Configured linkbeat type ${wanted} not supported, using ${method}`;
  return [{ level: 'warning', message, fields }];
}
