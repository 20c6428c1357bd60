// Metrics of a route (rtnetlink(7), RTA_METRICS): one nested attribute of numbers, a mask of locks and a name.
import { nested, readNested, readText, readUint32, textValue, uint32Value } from '../codec/attribute.js';
import type { Attribute } from '../codec/attribute.js';
import type { RouteMetric, RouteMetrics } from '../objects/route.js';
import { checked } from './ip-value.js';

const RTA_METRICS = 8;
const RTAX_LOCK = 1;
const RTAX_CC_ALGO = 16;
const NUMBERS: { readonly [M in RouteMetric]: number } = {
  mtu: 2,
  window: 3,
  rtt: 4,
  rttvar: 5,
  ssthresh: 6,
  cwnd: 7,
  advmss: 8,
  reordering: 9,
  hoplimit: 10,
  initcwnd: 11,
  features: 12,
  rtoMin: 13,
  initrwnd: 14,
  quickack: 15,
  fastopenNoCookie: 17,
};
const METRICS = Object.keys(NUMBERS) as readonly RouteMetric[];

/** @throws RangeError */
export function encodeMetrics({ values = {}, locked = [], congestionControl }: RouteMetrics): Attribute {
  const attributes: Attribute[] = [];
  const lock = locked.reduce((mask, metric) => mask | (1 << NUMBERS[metric]), 0);
  if (lock !== 0) attributes.push({ type: RTAX_LOCK, value: uint32Value(lock) });
  for (const metric of METRICS) {
    const value = values[metric];
    if (value === undefined) continue;
    attributes.push({ type: NUMBERS[metric], value: uint32Value(checked(metric, value, 0xffff_ffff)) });
  }
  if (congestionControl !== undefined) attributes.push({ type: RTAX_CC_ALGO, value: textValue(congestionControl) });
  return nested(RTA_METRICS, attributes);
}

/** Undefined where there are none. */
export function decodeMetrics(attributes: ReadonlyMap<number, Uint8Array>): RouteMetrics | undefined {
  const inner = readNested(attributes.get(RTA_METRICS));
  const values: { [M in RouteMetric]?: number } = {};
  for (const metric of METRICS) {
    const value = readUint32(inner.get(NUMBERS[metric]));
    if (value !== undefined) values[metric] = value;
  }
  const lock = readUint32(inner.get(RTAX_LOCK)) ?? 0;
  const locked = METRICS.filter((metric) => (lock & (1 << NUMBERS[metric])) !== 0);
  const name = inner.get(RTAX_CC_ALGO);
  const hasValues = Object.keys(values).length > 0;
  if (!hasValues && locked.length === 0 && name === undefined) return undefined;
  return {
    ...(hasValues ? { values } : {}),
    ...(locked.length > 0 ? { locked } : {}),
    ...(name === undefined ? {} : { congestionControl: readText(name) }),
  };
}
