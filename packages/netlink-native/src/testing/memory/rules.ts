// Rules and neighbours as Linux keeps them, as far as our own go.
import type { Acknowledgement } from '../../codec/netlink-message.js';
import type { EventOrigin } from '../../kernel.js';
import type { NeighbourSpec } from '../../objects/neighbour.js';
import type { RuleSpec } from '../../objects/rule.js';
import { objectKey } from '../../rtnl/kinds.js';
import { NEIGHBOUR } from '../../rtnl/neighbour.js';
import { RULE } from '../../rtnl/rule.js';
import { DONE, EEXIST, ENODEV, ENOENT, ITSELF } from './state.js';
import type { MemoryState } from './state.js';

const NUD_FAILED = 0x20;

/** @throws RangeError when it cannot be asked for */
export function addRule(state: MemoryState, spec: RuleSpec, by: EventOrigin): Acknowledgement {
  const rule = RULE.decode(RULE.encode(spec, 'add'));
  if (rule === undefined) throw new RangeError(`not a rule of ours: priority ${spec.priority}`);
  if (state.rules.some((one) => objectKey(one) === objectKey(rule))) return { errno: EEXIST };
  // A table lists its rules by priority, of one priority the oldest first; IPv4 before IPv6.
  state.rules = [...state.rules, rule].toSorted((a, b) => a.family - b.family || a.priority - b.priority);
  state.tell('changed', rule, by);
  return DONE;
}

/** @throws RangeError */
export function removeRule(state: MemoryState, spec: RuleSpec, by: EventOrigin): Acknowledgement {
  RULE.encode(spec, 'remove');
  const gone = state.rules.find((one) => objectKey(one) === objectKey(spec));
  if (gone === undefined) return { errno: ENOENT };
  state.rules = state.rules.filter((one) => one !== gone);
  state.tell('removed', gone, by);
  return DONE;
}

/** @throws RangeError when it cannot be asked for */
export function addNeighbour(state: MemoryState, spec: NeighbourSpec, by: EventOrigin): Acknowledgement {
  const neighbour = NEIGHBOUR.decode(NEIGHBOUR.encode(spec, 'add'));
  if (neighbour === undefined) throw new RangeError(`not a neighbour of ours: ${spec.address}`);
  if (!state.links.has(spec.linkIndex)) return { errno: ENODEV };
  if (state.neighbours.some((one) => objectKey(one) === objectKey(neighbour))) return { errno: EEXIST };
  state.neighbours = [...state.neighbours, neighbour];
  state.tell('changed', neighbour, by);
  return DONE;
}

/** @throws RangeError */
export function removeNeighbour(state: MemoryState, spec: NeighbourSpec, by: EventOrigin): Acknowledgement {
  NEIGHBOUR.encode(spec, 'remove');
  if (!state.links.has(spec.linkIndex)) return { errno: ENODEV };
  const gone = state.neighbours.find((one) => objectKey(one) === objectKey(spec));
  if (gone === undefined) return { errno: ENOENT };
  state.neighbours = state.neighbours.filter((one) => one !== gone);
  // An entry fails first: for a moment it is there without a MAC.
  const failed = { ...gone, mac: '', state: NUD_FAILED };
  state.tell('changed', failed, by);
  state.tell('removed', failed, by);
  return DONE;
}

/** A link is down: nobody is known on it any more. */
export function neighboursWithoutLink(state: MemoryState, linkIndex: number): void {
  for (const neighbour of state.neighbours) {
    if (neighbour.linkIndex !== linkIndex) continue;
    state.neighbours = state.neighbours.filter((one) => one !== neighbour);
    state.tell('removed', neighbour, ITSELF);
  }
}
