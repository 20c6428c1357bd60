// The root of keepalived.conf: the keywords that may stand outside any block (keepalived.conf(5), "TOP HIERARCHY").
import { itemKey } from '../bind/drafts.js';
import type { ConfigDraft } from '../bind/drafts.js';
import { enterBlock } from '../bind/enter.js';
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Statement, Word } from '../bind/statement.js';
import { parseDecimal } from '../values/numbers.js';
import { requireInterface } from '../values/interface-name.js';
import { parseAddressLine } from '../values/address-line.js';
import { checkRouteLine } from '../values/route-line.js';
import { checkRuleLine } from '../values/rule-line.js';
import { BFD_INSTANCE, createBfdDraft } from './bfd-instance.js';
import { blockName } from './block-name.js';
import { GARP_GROUP } from './garp-group.js';
import { GLOBAL_DEFS } from './global-defs.js';
import { blockTable, defineKeyword, ROOT_NAME, SKIP } from '../bind/keyword.js';
import type { BlockFacts, BlockTable, Keyword, Placed, Reader, Spec } from '../bind/keyword.js';
import { acceptNumber, flag, list, number, word } from './kinds.js';
import { MAX_UINT32 } from './support-levels.js';
import { SERVER_BLOCKS } from './lvs/virtual-server.js';
import { createTrackFileDraft, TRACK_FILE } from './track-file.js';
import { createInstanceDraft, VRRP_INSTANCE } from './vrrp-instance.js';
import { createScriptDraft, VRRP_SCRIPT } from './vrrp-script.js';
import { createSyncGroupDraft, VRRP_SYNC_GROUP } from './vrrp-sync-group.js';
import { TRACK_GROUP } from './track-group.js';
import { createTrackProcessDraft, VRRP_TRACK_PROCESS } from './vrrp-track-process.js';

const unsupported = { support: 'unsupported' } as const;

interface NamedBlock<Draft extends Placed> extends Spec {
  readonly table: BlockTable<Draft>;
  create(name: string, word: Word): Draft;
  into(config: ConfigDraft): Map<string, Draft>;
  /** A second block of the same name is an error and is stepped over; else the first wins look-ups. */
  readonly unique?: true;
  /** Read by this process of keepalived, too. */
  readonly sharedWith?: Reader;
  /** A block with no name or with two is stepped over; the others take the first of their words. */
  readonly oneName?: true;
  /** False, and a finding, for a name that cannot be used. */
  accept?(scope: Scope, name: Word): boolean;
  /** Whether the object counts once its block is read; what is wrong is reported here too. */
  keep?(draft: Draft): boolean;
  readonly whenClosed?: (scope: Scope, draft: Draft) => void;
}

function named<Draft extends Placed>(spec: NamedBlock<Draft>): Keyword<ConfigDraft> {
  return defineKeyword(spec, 'NAME { … }', {
    // Without a name keepalived steps over some blocks, and exits at others.
    needs: spec.oneName === true ? 0 : 1,
    takes: 1,
    repeatable: true,
    sharedWith: spec.sharedWith,
    block: (): BlockFacts => spec.table,
    bind(scope, config, statement) {
      const name = spec.oneName === true ? blockName(scope, statement) : statement.words[0];
      if (name === undefined || spec.accept?.(scope, name) === false) return SKIP;
      const drafts = spec.into(config);
      const before = drafts.get(name.text);
      if (before !== undefined) {
        const first = before.at[''];
        finding(scope, 'conf/duplicate-name', wordSpan(name), `there is a ${spec.name} ${name.text} already`, {
          severity: spec.unique === true ? 'error' : 'warning',
          ...(first === undefined ? {} : { related: [{ span: wordSpan(first), message: 'first defined here' }] }),
        });
        if (spec.unique === true) return SKIP;
      }
      const draft = spec.create(name.text, name);
      draft.at[''] = name;
      const close = (): void => {
        spec.whenClosed?.(scope, draft);
        if (before === undefined && spec.keep?.(draft) !== false) drafts.set(name.text, draft);
      };
      // An instance may be referred to by what stands inside it; objects to track only once they are complete.
      if (spec.unique === true) drafts.set(name.text, draft);
      return { kind: 'block', entered: enterBlock(spec.table, draft, close) };
    },
  });
}

const daemon: readonly Keyword<ConfigDraft>[] = [
  defineKeyword({ name: 'global_defs', doc: GLOBAL_DEFS.doc }, '{ … }', {
    needs: 0,
    takes: 0,
    repeatable: true,
    reader: 'parent',
    block: () => GLOBAL_DEFS,
    bind: (_scope, config) => ({ kind: 'block', entered: enterBlock(GLOBAL_DEFS, config.globals) }),
  }),
  word({
    name: 'net_namespace',
    missing: 'error',
    doc: 'The network namespace to run in.',
    set(config, text, scope, at) {
      if (config.net_namespace !== undefined) return;
      config.net_namespace = text;
      if (scope.facts.namespaceExists?.(text) !== false) return;
      finding(scope, 'conf/unknown-namespace', wordSpan(at), `there is no network namespace ${text}`, {
        keepalived: 'ends-test',
        fatal: true,
      });
    },
  }),
  word({ name: 'net_namespace_ipvs', optional: true, support: 'ignored', doc: 'LVS only.' }),
  flag({ name: 'namespace_with_ipsets', support: 'ignored', doc: 'For kernels older than 3.13.' }),
  word({
    name: 'instance',
    missing: 'error',
    doc: 'Name of this daemon among several on the machine. The first one counts.',
    set: (config, text) => void (config.instance ??= text),
  }),
  flag({ name: 'use_pid_dir', ...unsupported, doc: 'Pid files in a directory of their own.' }),
  number({
    name: 'child_wait_time',
    min: 0,
    max: MAX_UINT32,
    default: '5',
    support: 'ignored',
    doc: 'vrrpd has no child processes.',
  }),
];

const LINKBEAT_METHODS = ['MII', 'ETHTOOL', 'IOCTL'] as const;

/** keepalived: of two lines about an interface the later one counts; a word that is no method leaves the line without. */
function takeLinkbeat(scope: Scope, config: ConfigDraft, item: Statement): void {
  const name = requireInterface(scope, item.keyword, 'optional');
  const word = item.words[0];
  const method = LINKBEAT_METHODS.find((one) => one === word?.text);
  config.itemAt.set(itemKey('linkbeat_interfaces', name), item.keyword);
  config.linkbeatInterfaces.set(name, { interface: name, ...(method === undefined ? {} : { method }) });
  const extra = method === undefined ? word : item.words[1];
  if (extra === undefined) return;
  const summary = `${JSON.stringify(extra.text)} is not a method: a line has an interface and one of MII, ETHTOOL, IOCTL`;
  finding(scope, 'conf/invalid-option', wordSpan(extra), summary);
}

/** A line with a delay that cannot be used says nothing. keepalived: the second delay is 0 when it is left out. */
function takeDelays(scope: Scope, config: ConfigDraft, item: Statement): void {
  requireInterface(scope, item.keyword, 'optional');
  const range = { min: 0, max: 255 };
  const [down, up = 0] = item.words
    .slice(0, 2)
    .map((delay) =>
      acceptNumber(scope, delay, parseDecimal(delay.text, range, 6), { name: 'a delay', ...range, decimals: 6 }),
    );
  if (down === undefined || up === undefined) return;
  config.itemAt.set(itemKey('interface_up_down_delays', item.keyword.text), item.keyword);
  config.interfaceDelays.set(item.keyword.text, { interface: item.keyword.text, down, up });
}

const links: readonly Keyword<ConfigDraft>[] = [
  flag({
    name: 'linkbeat_use_polling',
    doc: 'Ask the drivers of all interfaces in use each second whether the link has its beat.',
    set: (config) => void (config.linkbeat_use_polling = true),
  }),
  list({
    name: 'linkbeat_interfaces',
    parameters: '{ IFNAME [MII|ETHTOOL|IOCTL] … }',
    default: 'MII, else ETHTOOL, else IOCTL',
    doc: 'Interfaces whose drivers are asked each second whether the link has its beat; without one the link is down.',
    item: takeLinkbeat,
  }),
  list({
    name: 'interface_up_down_delays',
    parameters: '{ IFNAME DOWN [UP] … }',
    default: 'no delay; UP 0',
    doc: 'Seconds that an interface must be down, or up again, before it counts; less than the time after which a Backup takes over.',
    item: takeDelays,
  }),
  list({
    name: 'static_ipaddress',
    parameters: '{ ADDR[/LEN] … }',
    ...unsupported,
    doc: 'Addresses to hold whatever the role.',
    item: (scope, _config, item) => void parseAddressLine(scope, item, 'nobody'),
  }),
  list({
    name: 'static_routes',
    parameters: '{ ROUTE … }',
    ...unsupported,
    doc: 'Routes to hold whatever the role.',
    item: (scope, _config, item) => checkRouteLine(scope, item, 'nobody'),
  }),
  list({
    name: 'static_rules',
    parameters: '{ RULE … }',
    ...unsupported,
    doc: 'Policy rules to hold whatever the role.',
    item: (scope, _config, item) => checkRuleLine(scope, item, 'nobody'),
  }),
  defineKeyword({ name: 'garp_group', ...unsupported, doc: GARP_GROUP.doc }, '{ … }', {
    needs: 0,
    takes: 0,
    repeatable: true,
    block: () => GARP_GROUP,
    bind(scope, _config, statement) {
      const draft: Placed = { at: {} };
      const close = (): void => {
        if (draft.at['garp_interval'] !== undefined || draft.at['gna_interval'] !== undefined) return;
        finding(
          scope,
          'conf/invalid-value',
          wordSpan(statement.keyword),
          'this garp_group has no interval; it is left out',
        );
      };
      return { kind: 'block', entered: enterBlock(GARP_GROUP, draft, close) };
    },
  }),
];

/** Room for 31 characters and the closing NUL. */
const MAX_BFD_NAME = 31;

function acceptBfdName(scope: Scope, name: Word): boolean {
  if (name.text.length <= MAX_BFD_NAME) return true;
  finding(
    scope,
    'conf/invalid-value',
    wordSpan(name),
    `the name of a BFD session has at most ${MAX_BFD_NAME} characters`,
  );
  return false;
}

const blocks: readonly Keyword<ConfigDraft>[] = [
  named({
    name: 'vrrp_instance',
    doc: VRRP_INSTANCE.doc,
    table: VRRP_INSTANCE,
    create: createInstanceDraft,
    into: (config) => config.instances,
    unique: true,
    oneName: true,
  }),
  named({
    name: 'vrrp_script',
    doc: VRRP_SCRIPT.doc,
    table: VRRP_SCRIPT,
    create: createScriptDraft,
    into: (config) => config.scripts,
    keep: (draft) => draft.script !== undefined && !draft.userFailed,
    whenClosed(scope, draft) {
      if (draft.script === undefined) {
        finding(
          scope,
          'conf/script-missing',
          wordSpan(draft.nameWord),
          `vrrp_script ${draft.name} has no script; it is left out`,
        );
      }
    },
  }),
  named({
    name: 'vrrp_sync_group',
    doc: VRRP_SYNC_GROUP.doc,
    table: VRRP_SYNC_GROUP,
    create: createSyncGroupDraft,
    into: (config) => config.syncGroups,
    unique: true,
    oneName: true,
  }),
  named({
    name: 'vrrp_track_process',
    doc: VRRP_TRACK_PROCESS.doc,
    table: VRRP_TRACK_PROCESS,
    create: createTrackProcessDraft,
    into: (config) => config.trackProcesses,
    keep: (draft) => draft.process !== undefined,
    whenClosed(scope, draft) {
      if (draft.process !== undefined) return;
      finding(scope, 'conf/invalid-value', wordSpan(draft.nameWord), `${draft.name} has no process; it is left out`);
    },
  }),
  named({
    name: 'track_file',
    aliases: ['vrrp_track_file'],
    sharedWith: 'checkers',
    doc: TRACK_FILE.doc,
    table: TRACK_FILE,
    create: createTrackFileDraft,
    into: (config) => config.trackFiles,
    keep: (draft) => draft.file !== undefined,
    whenClosed(scope, draft) {
      if (draft.file !== undefined) return;
      finding(scope, 'conf/invalid-value', wordSpan(draft.nameWord), `${draft.name} has no file; it is left out`);
    },
  }),
  named({
    name: 'bfd_instance',
    ...unsupported,
    doc: BFD_INSTANCE.doc,
    table: BFD_INSTANCE,
    create: createBfdDraft,
    into: (config) => config.bfdInstances,
    unique: true,
    accept: acceptBfdName,
    whenClosed(scope, draft) {
      const twin = [...scope.config.bfdInstances.values()].find(
        (other) => other !== draft && other.neighbor === draft.neighbor,
      );
      if (draft.neighbor === undefined) {
        finding(
          scope,
          'conf/invalid-value',
          wordSpan(draft.nameWord),
          `${draft.name} has no neighbor_ip; it is left out`,
        );
      } else if (twin !== undefined) {
        finding(
          scope,
          'conf/duplicate-name',
          wordSpan(draft.nameWord),
          `${draft.name} has the neighbour of ${twin.name}; it is left out`,
        );
      }
    },
  }),
];

const groups: readonly Keyword<ConfigDraft>[] = [
  defineKeyword({ name: 'track_group', ...unsupported, doc: TRACK_GROUP.doc }, 'NAME { group { INSTANCE … } }', {
    needs: 0,
    takes: 1,
    repeatable: true,
    block: () => TRACK_GROUP,
    bind(scope, config, statement) {
      const name = blockName(scope, statement);
      if (name === undefined) return SKIP;
      config.trackGroups.set(name.text, name);
      return { kind: 'block', entered: enterBlock<Placed>(TRACK_GROUP, { at: {} }) };
    },
  }),
];

export const ROOT = blockTable<ConfigDraft>(ROOT_NAME, 'Outside any block.', () => [
  ...daemon,
  ...links,
  ...blocks,
  ...groups,
  ...SERVER_BLOCKS,
]);

/** Every block and keyword there is, as data: what the configuration reference is made of. */
export const CONFIGURATION: BlockFacts = ROOT;
