// The actions of a fault script: one reader for each first word, in the order in which docs/reference/simulate.md lists
// them.
import { ERRNOS, type CheckKind, type ErrnoName, type Fault, type Way } from './fault.js';
import { Misread, type FaultWords } from './fault-words.js';

type Action = (words: FaultWords) => Fault;

export const ACTIONS: Readonly<Record<string, Action>> = {
  crash: (words) => ({ kind: 'crash', node: words.node().name }),
  kill: (words) => ({ kind: 'kill', node: words.node().name }),
  stop: (words) => ({ kind: 'stop', node: words.node().name }),
  start: (words) => ({ kind: 'start', node: words.node().name }),
  restart: (words) => ({ kind: 'restart', node: words.node().name }),
  stall(words) {
    const { name } = words.node();
    return { kind: 'stall', node: name, duration: readLength(words) };
  },
  link(words) {
    const node = words.node();
    const link = words.linkOf(node);
    return { kind: 'link', node: node.name, link, up: words.oneOf('a state of a link', ['up', 'down']) === 'up' };
  },
  partition: (words) => ({ kind: 'partition', ways: readWays(words), ...words.optionalLink() }),
  heal(words) {
    const next = words.peek()?.text;
    const ways = next === undefined || next === 'on' ? {} : { ways: readWays(words) };
    return { kind: 'heal', ...ways, ...words.optionalLink() };
  },
  loss: (words) => ({ kind: 'network', conditions: { loss: words.percent() }, ...words.optionalLink() }),
  duplication: (words) => ({ kind: 'network', conditions: { duplication: words.percent() }, ...words.optionalLink() }),
  corruption: (words) => ({ kind: 'network', conditions: { corruption: words.percent() }, ...words.optionalLink() }),
  delay(words) {
    const delay = words.duration();
    const jitter = words.has('jitter') ? words.duration() : 0;
    return { kind: 'network', conditions: { delay, jitter }, ...words.optionalLink() };
  },
  reorder(words) {
    const reorder = words.oneOf('a switch', ['on', 'off']) === 'on';
    return { kind: 'network', conditions: { reorder }, ...words.optionalLink() };
  },
  script: (words) => readCheck(words, 'script'),
  process: (words) => readCheck(words, 'process'),
  file: (words) => readCheck(words, 'file'),
  bfd: (words) => readCheck(words, 'bfd'),
  remove(words) {
    const address = words.take('an address');
    words.literal('on');
    const node = words.node();
    words.belongsTo(address, `${node.name} never has the address ${address.text}`, node.addresses);
    return { kind: 'remove', node: node.name, address: address.text };
  },
  reload(words) {
    const { name } = words.node();
    words.literal('with');
    return { kind: 'reload', node: name, file: words.take('the name of a file').text };
  },
  refuse(words) {
    const what = words.oneOf('something to refuse', ['sending', 'changes']) === 'sending' ? 'sending' : 'changes';
    words.literal('on');
    const { name } = words.node();
    words.literal('with');
    const errno = words.oneOf('an error of the kernel', Object.keys(ERRNOS)) as ErrnoName;
    return { kind: 'refuse', node: name, what, errno, duration: readLength(words) };
  },
  lose(words) {
    words.literal('events');
    words.literal('on');
    return { kind: 'lose-events', node: words.node().name, duration: readLength(words) };
  },
  overflow: (words) => ({ kind: 'overflow', node: words.node().name, duration: readLength(words) }),
  clock(words) {
    const { name } = words.node();
    words.literal('ahead');
    return { kind: 'clock', node: name, ahead: words.duration(), duration: readLength(words) };
  },
};

/** `for TIME` */
function readLength(words: FaultWords): number {
  words.literal('for');
  return words.duration();
}

/** `a -> b`, or `a <-> b` for both directions. */
function readWays(words: FaultWords): readonly Way[] {
  const from = words.node().name;
  const arrow = words.oneOf('an arrow', ['->', '<->']);
  const target = words.peek();
  const to = words.node().name;
  if (from === to && target !== undefined) throw new Misread(target, `${to} always hears itself`);
  return arrow === '->'
    ? [[from, to]]
    : [
        [from, to],
        [to, from],
      ];
}

/** `NAME fails on NODE`, after the kind. */
function readCheck(words: FaultWords, check: CheckKind): Fault {
  const name = words.take(`the name of a ${check}`);
  const succeeds = words.oneOf('a result', ['fails', 'succeeds']) === 'succeeds';
  words.literal('on');
  const node = words.node();
  const known = node.checks.filter(({ kind }) => kind === check).map((one) => one.name);
  words.belongsTo(name, `${node.name} tracks no ${check} ${name.text}`, known);
  return { kind: 'check', node: node.name, check, name: name.text, succeeds };
}
