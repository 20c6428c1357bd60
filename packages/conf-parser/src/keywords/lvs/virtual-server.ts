// virtual_server, real_server, virtual_server_group and SSL (keepalived.conf(5), "Virtual server(s)"): read and
// validated as far as keepalived's configuration test does, and not acted on.
import { enterBlock } from '../../bind/enter.js';
import { finding } from '../../bind/scope.js';
import type { Scope } from '../../bind/scope.js';
import { statementSpan, wordSpan } from '../../bind/statement.js';
import type { Statement } from '../../bind/statement.js';
import type { IpAddress } from '../../ip-address.js';
import { parseInteger } from '../../values/numbers.js';
import { parseScriptSpec } from '../../values/script-spec.js';
import { blockName } from '../block-name.js';
import { blockTable, defineKeyword, SKIP } from '../../bind/keyword.js';
import type { Keyword, ListEntered, Placed } from '../../bind/keyword.js';
import { boolean, choice, flag, number, reportInvalid, word, words } from '../kinds.js';
import { script } from '../script-keyword.js';
import { connectTimeout, retryKeywords } from './check-parts.js';
import { checkKeywords } from './checkers.js';
import { endpoint, isMask } from './endpoint.js';
import type { RealServerDraft, ServerGroupDraft, VirtualServerDraft } from '../../bind/server-drafts.js';
import { closeGroup, takeGroupEntry } from './server-group.js';

const ignored = { support: 'ignored' } as const;

const MAX_INT32 = 2_147_483_647;
const MAX_UINT32 = 4_294_967_295;
const SCHEDULERS = ['rr', 'wrr', 'lc', 'wlc', 'lblc', 'sh', 'mh', 'dh', 'fo', 'ovf', 'lblcr', 'sed', 'nq', 'twos'];
const METHODS: ReadonlySet<string> = new Set(['NAT', 'DR', 'TUN']);
const TUNNEL_OPTIONS: ReadonlySet<string> = new Set(['type', 'port', 'nocsum', 'csum', 'remcsum']);
const FLAGS = ['hashed', 'ops', 'flag-1', 'flag-2', 'flag-3', 'sh-port', 'sh-fallback', 'mh-port', 'mh-fallback'];

interface RealServer extends RealServerDraft {
  readonly server: VirtualServerDraft;
  readonly ip: IpAddress;
}

type Server = Placed & { lvsMethod?: string; weight?: number };

function method<Draft extends Server>(name: string): Keyword<Draft> {
  return words<Draft>({
    name,
    parameters: 'NAT|DR|TUN [type ipip|gue port N|gre] [nocsum|csum|remcsum]',
    needs: 1,
    takes: 6,
    ...ignored,
    doc: 'How packets reach the real server.',
    set(draft, statement, scope) {
      const kind = statement.words[0];
      if (kind === undefined) return;
      if (!METHODS.has(kind.text)) {
        reportInvalid(scope, kind, `${name} is NAT, DR or TUN, not ${JSON.stringify(kind.text)}`);
        return;
      }
      draft.lvsMethod = kind.text;
      const [, option] = statement.words;
      if (option !== undefined && !TUNNEL_OPTIONS.has(option.text)) {
        reportInvalid(scope, option, `${JSON.stringify(option.text)} is no option of a tunnel`);
      }
    },
  });
}

function notify<Draft>(name: string, scripts: (draft: Draft) => VirtualServerDraft['scripts']): Keyword<Draft> {
  return script<Draft>({
    name,
    ...ignored,
    doc: 'Run on the change.',
    set(draft, statement, scope) {
      const spec = parseScriptSpec(scope, statement);
      if (spec !== undefined) scripts(draft).push(spec);
    },
  });
}

/** What virtual_server and real_server share. */
function sharedKeywords<Draft extends Server>(leastWeight: 0 | 1): readonly Keyword<Draft>[] {
  return [
    ...retryKeywords<Draft>(1),
    connectTimeout(),
    boolean({ name: 'smtp_alert', ...ignored, doc: 'Mail on changes.' }),
    word({ name: 'virtualhost', missing: 'error', ...ignored, doc: 'Host header of HTTP checks.' }),
    word({ name: 'snmp_name', missing: 'error', exact: true, ...ignored, doc: 'Name for SNMP.' }),
    number({
      name: 'weight',
      min: leastWeight,
      max: MAX_INT32,
      ...ignored,
      default: '1',
      doc: 'Weight of the server.',
      set: (draft, value) => void (draft.weight = value),
    }),
    boolean({
      name: 'inhibit_on_failure',
      ...(leastWeight === 1 ? { lax: true } : {}),
      ...ignored,
      doc: 'Weight 0 instead of removal.',
    }),
  ];
}

const REAL_SERVER = blockTable<RealServer>(
  'real_server',
  'One server behind the virtual one.',
  () => [
    ...sharedKeywords<RealServer>(0),
    method('lvs_method'),
    number({ name: 'uthreshold', min: 0, max: MAX_UINT32, ...ignored, doc: 'Most connections.' }),
    number({
      name: 'lthreshold',
      min: 0,
      max: MAX_UINT32,
      ...ignored,
      doc: 'Connections below which it is used again.',
    }),
    notify('notify_up', ({ server }) => server.scripts),
    notify('notify_down', ({ server }) => server.scripts),
    boolean({ name: 'alpha', ...ignored, doc: 'Start as down.' }),
    ...checkKeywords<RealServer>(),
  ],
  'quiet',
);

function needsSorryServer(scope: Scope, server: VirtualServerDraft, keyword: string): boolean {
  if (server.sorryServer !== undefined) return true;
  finding(scope, 'conf/invalid-option', wordSpan(server.word), `${keyword} comes before or without sorry_server`);
  return false;
}

const sorryServerMethod = (): Keyword<VirtualServerDraft> =>
  words({
    name: 'sorry_server_lvs_method',
    parameters: 'NAT|DR|TUN',
    missing: 'error',
    needs: 1,
    takes: 6,
    ...ignored,
    doc: 'How packets reach the sorry server.',
    set: (draft, _statement, scope) => void needsSorryServer(scope, draft, 'sorry_server_lvs_method'),
  });

const scheduling = (): readonly Keyword<VirtualServerDraft>[] => [
  ...sharedKeywords<VirtualServerDraft>(1),
  choice({
    name: 'ip_family',
    values: ['inet', 'inet6'],
    atMost: 1,
    ...ignored,
    doc: 'Family of a fwmark service.',
    set(draft, text, scope, at) {
      const family = text === 'inet' ? 4 : 6;
      draft.family ??= draft.realServers[0]?.family ?? family;
      if (draft.family === family) return;
      finding(scope, 'conf/address-family', wordSpan(at), `this virtual_server is of IPv${draft.family} already`);
    },
  }),
  choice({
    name: 'lb_algo',
    values: SCHEDULERS,
    atMost: 1,
    ...ignored,
    doc: 'Scheduler.',
    set: (draft, text) => void (draft.scheduler = text),
  }),
  choice({
    name: 'lvs_sched',
    values: SCHEDULERS,
    atMost: 1,
    ...ignored,
    doc: 'Scheduler.',
    set: (draft, text) => void (draft.scheduler = text),
  }),
  ...FLAGS.map((name) =>
    flag<VirtualServerDraft>({
      name,
      ...ignored,
      doc: 'Flag of the scheduler.',
      set: (draft) => void draft.flags.add(name),
    }),
  ),
  method('lb_kind'),
  method('lvs_method'),
  word({ name: 'persistence_engine', ...ignored, doc: 'Persistence engine.' }),
  number({
    name: 'persistence_timeout',
    min: 1,
    max: 2_678_400,
    bare: 360,
    ...ignored,
    doc: 'Seconds a client stays with a server.',
    set: (draft) => void (draft.persistent = true),
  }),
  word({
    name: 'persistence_granularity',
    parameters: 'MASK|PREFIX',
    ...ignored,
    doc: 'How much of the address counts.',
    set(draft, text, scope, at) {
      const isUsable = draft.family === 6 ? parseInteger(text, { min: 1, max: 128 }).kind === 'number' : isMask(text);
      if (!isUsable) reportInvalid(scope, at, `${JSON.stringify(text)} is neither a mask nor a prefix length`);
    },
  }),
];

const serving = (): readonly Keyword<VirtualServerDraft>[] => [
  choice({
    name: 'protocol',
    values: ['TCP', 'UDP', 'SCTP'],
    anyCase: true,
    atMost: 1,
    ...ignored,
    doc: 'Protocol.',
    set: (draft, text) => void (draft.protocol = text),
  }),
  flag({ name: 'ha_suspend', ...ignored, doc: 'Check only while the address is here.' }),
  flag({ name: 'alpha', ...ignored, doc: 'Servers start as down.' }),
  flag({ name: 'omega', ...ignored, doc: 'Notify at the end too.' }),
  number({
    name: 'quorum',
    min: 1,
    max: MAX_UINT32,
    default: '1',
    ...ignored,
    doc: 'Least weight that counts as up.',
    set: (draft, value, _scope, at) => void (draft.quorum = { value, word: at }),
  }),
  number({
    name: 'hysteresis',
    min: 0,
    max: MAX_UINT32,
    default: '0',
    ...ignored,
    doc: 'Weight more or less than the quorum before a change.',
    set: (draft, value, _scope, at) => void (draft.hysteresis = { value, word: at }),
  }),
  notify('quorum_up', ({ scripts }) => scripts),
  notify('quorum_down', ({ scripts }) => scripts),
  words({
    name: 'sorry_server',
    parameters: 'ADDR PORT',
    needs: 1,
    takes: 2,
    ...ignored,
    doc: 'Used when no server is left.',
    set(draft, statement, scope) {
      const found = endpoint(scope, statement.words, 'sorry server');
      if (found === undefined) return;
      if (draft.family === undefined || draft.family === found.family) draft.sorryServer = statement.keyword;
      else {
        const summary = 'the sorry server is of the other address family; it is left out';
        finding(scope, 'conf/address-family', statementSpan(statement), summary);
      }
    },
  }),
  flag({
    name: 'sorry_server_inhibit',
    ...ignored,
    doc: 'inhibit_on_failure of the sorry server.',
    set: (draft, scope) => void needsSorryServer(scope, draft, 'sorry_server_inhibit'),
  }),
  sorryServerMethod(),
  defineKeyword({ name: 'real_server', ...ignored, doc: REAL_SERVER.doc }, 'ADDR PORT { … }', {
    needs: 1,
    takes: 2,
    repeatable: true,
    block: () => REAL_SERVER,
    bind: (scope, server, statement) => enterRealServer(scope, server, statement),
  }),
];

const VIRTUAL_SERVER = blockTable<VirtualServerDraft>(
  'virtual_server',
  'An LVS service.',
  () => [...scheduling(), ...serving()],
  'quiet',
);

function enterRealServer(
  scope: Scope,
  server: VirtualServerDraft,
  statement: Statement,
): ReturnType<Keyword<VirtualServerDraft>['bind']> {
  const found = endpoint(scope, statement.words, 'real server');
  if (found === undefined) return SKIP;
  const draft: RealServer = { at: {}, word: statement.keyword, server, ...found };
  if (server.kind !== 'group' && server.family !== undefined && server.family !== found.family) {
    finding(
      scope,
      'conf/address-family',
      statementSpan(statement),
      'the real server is of the other address family; it is left out',
    );
    return SKIP;
  }
  return { kind: 'block', entered: enterBlock(REAL_SERVER, draft, () => void server.realServers.push(draft)) };
}

function enterVirtualServer(scope: Scope, statement: Statement): VirtualServerDraft | undefined {
  const [first, second] = statement.words;
  if (first === undefined) return undefined;
  const base = { at: {}, word: statement.keyword, flags: new Set<string>(), realServers: [], scripts: [] };
  if (first.text === 'group')
    return {
      ...base,
      kind: 'group',
      port: 0,
      family: undefined,
      ...(second === undefined ? {} : { group: second.text }),
    };
  if (first.text === 'fwmark') {
    if (second !== undefined && parseInteger(second.text, { min: 1, max: MAX_UINT32 }).kind === 'number') {
      return { ...base, kind: 'fwmark', port: 0, family: undefined };
    }
    finding(
      scope,
      'conf/invalid-number',
      wordSpan(second ?? first),
      'fwmark needs a number; the virtual server is left out',
    );
    return undefined;
  }
  const found = endpoint(scope, statement.words, 'virtual server');
  if (found === undefined) return undefined;
  return { ...base, kind: 'address', family: found.family, port: found.port };
}

const SSL = blockTable<Placed>(
  'SSL',
  'Client certificate of SSL_GET.',
  () =>
    ['password', 'ca', 'certificate', 'key'].map((name) =>
      word<Placed>({ name, missing: 'error', ...ignored, doc: 'Of the client certificate.' }),
    ),
  'quiet',
);

interface ServersDraft {
  readonly virtualServers: VirtualServerDraft[];
  readonly serverGroups: Map<string, ServerGroupDraft>;
}

export const SERVER_BLOCKS: readonly Keyword<Placed & ServersDraft>[] = [
  defineKeyword(
    { name: 'virtual_server', ...ignored, support: 'unsupported', doc: VIRTUAL_SERVER.doc },
    'ADDR PORT | fwmark N | group NAME { … }',
    {
      needs: 1,
      takes: 2,
      repeatable: true,
      reader: 'checkers',
      block: () => VIRTUAL_SERVER,
      bind(scope, config, statement) {
        const draft = enterVirtualServer(scope, statement);
        if (draft === undefined) return SKIP;
        return {
          kind: 'block',
          entered: enterBlock(VIRTUAL_SERVER, draft, () => void config.virtualServers.push(draft)),
        };
      },
    },
  ),
  defineKeyword(
    { name: 'virtual_server_group', support: 'unsupported', doc: 'Several addresses of one service.' },
    'NAME { ADDR[-RANGE] PORT | fwmark N … }',
    {
      needs: 1,
      takes: 1,
      repeatable: true,
      reader: 'checkers',
      bind(scope, config, statement) {
        // COMPAT: keepalived exits at a second word as it does at none.
        const name = blockName(scope, statement, { keepalived: 'missing-parameter-later', fatal: true });
        if (name === undefined) return SKIP;
        const group: ServerGroupDraft = { word: name, kinds: new Set(), ports: new Set() };
        config.serverGroups.set(name.text, group);
        const entered: ListEntered = {
          item: (inner, item) => takeGroupEntry(inner, group, item),
          close: () => closeGroup(scope, group),
        };
        return { kind: 'list', entered };
      },
    },
  ),
  defineKeyword(
    { name: 'SSL', support: 'unsupported', doc: 'Client certificate of SSL_GET.' },
    '{ password, ca, certificate, key }',
    {
      needs: 0,
      takes: 0,
      repeatable: true,
      reader: 'checkers',
      block: () => SSL,
      bind: () => ({ kind: 'block', entered: enterBlock<Placed>(SSL, { at: {} }) }),
    },
  ),
];
