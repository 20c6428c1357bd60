// The checks keepalived makes of a virtual_server once it has been read (keepalived.conf(5), "Virtual server(s)").
// They only decide what a configuration test says; nothing of them is in the model.
import type { ConfigDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { RealServerDraft, ServerGroupDraft, VirtualServerDraft } from '../bind/server-drafts.js';
import { inspectProgram, reportInsecure } from './scripts.js';

export function reportServers(scope: Scope): void {
  for (const server of scope.config.virtualServers) reportServer(scope, server);
  reportCheckScripts(scope);
}

function reportServer(scope: Scope, server: VirtualServerDraft): void {
  const span = wordSpan(server.word);
  const missing = (what: string): void =>
    finding(scope, 'conf/invalid-value', span, `this virtual_server has no ${what}: keepalived uses its default`);
  if (server.realServers.length === 0) {
    finding(scope, 'conf/invalid-value', span, 'this virtual_server has no real_server; it is left out');
    return;
  }
  const group = server.group === undefined ? undefined : scope.config.serverGroups.get(server.group);
  if (server.kind === 'group' && (group === undefined || group.kinds.size === 0)) return;
  // COMPAT: addresses of both families without a tunnel: keepalived looks no further, and says nothing.
  if (mixesFamilies(server, group) && server.realServers.some((real) => methodOf(server, real) !== 'TUN')) return;
  reportDuplicates(scope, server);
  if ((server.kind === 'address' || (group?.ports.size ?? 0) > 0) && server.protocol === undefined)
    missing('protocol (UDP)');
  const marks = server.kind === 'fwmark' || group?.kinds.has('fwmark') === true;
  if (marks && (group?.ports.size ?? 0) === 0 && server.protocol !== undefined) {
    finding(scope, 'conf/invalid-option', span, 'a fwmark has no protocol: it is ignored');
  }
  if (server.scheduler === undefined) missing('lb_algo (wlc)');
  if (server.lvsMethod === undefined && server.realServers.some(({ lvsMethod }) => lvsMethod === undefined))
    missing('lb_kind (NAT)');
  const isPortless = group === undefined ? server.kind === 'address' && server.port === 0 : group.ports.has(0);
  if (isPortless && server.persistent !== true) {
    finding(scope, 'conf/invalid-value', span, 'only a persistent virtual_server goes without a port');
  }
  reportFlags(scope, server);
  reportQuorum(scope, server);
  for (const real of server.realServers) {
    const method = methodOf(server, real);
    // A mark counts as port 0.
    const ports = group === undefined ? new Set([server.port]) : new Set([...group.ports, ...(marks ? [0] : [])]);
    if (method === 'NAT' || real.port === 0 || ports.size === 0 || [...ports].every((port) => port === real.port))
      continue;
    finding(
      scope,
      'conf/invalid-value',
      wordSpan(real.word),
      `with ${method} a real server has the port of the virtual one`,
    );
  }
}

function methodOf(server: VirtualServerDraft, real: RealServerDraft): string {
  return real.lvsMethod ?? server.lvsMethod ?? 'NAT';
}

function mixesFamilies(server: VirtualServerDraft, group: ServerGroupDraft | undefined): boolean {
  if (group === undefined) return false;
  const families = new Set<unknown>([...group.kinds, ...server.realServers.map(({ family }) => family)]);
  return families.has(4) && families.has(6);
}

function reportDuplicates(scope: Scope, server: VirtualServerDraft): void {
  const seen = new Set<string>();
  for (const { address, port, word } of server.realServers) {
    const key = `${address} ${port}`;
    if (seen.has(key))
      finding(
        scope,
        'conf/duplicate-name',
        wordSpan(word),
        `the real server ${key} is there twice; the second is left out`,
      );
    seen.add(key);
  }
}

function reportFlags(scope: Scope, server: VirtualServerDraft): void {
  const span = wordSpan(server.word);
  for (const flag of server.flags) {
    if (flag === 'ops' && server.protocol === 'TCP') {
      finding(scope, 'conf/invalid-option', span, 'one packet scheduling (ops) needs protocol UDP');
    } else if (/^(?:hashed|sh-|mh-)/.test(flag) && server.scheduler !== 'sh' && server.scheduler !== 'mh') {
      finding(scope, 'conf/invalid-option', span, `${flag} needs the scheduler sh or mh`);
    }
  }
}

function reportQuorum(scope: Scope, server: VirtualServerDraft): void {
  const weight = server.realServers.reduce((sum, real) => sum + (real.weight ?? server.weight ?? 1), 0);
  const quorum = server.quorum?.value ?? 1;
  if (quorum > weight) {
    const at = server.quorum?.word ?? server.word;
    finding(
      scope,
      'conf/invalid-value',
      wordSpan(at),
      `the quorum ${quorum} is more than the weight of all real servers, ${weight}`,
    );
  }
  if (server.hysteresis !== undefined && server.hysteresis.value >= Math.min(quorum, weight)) {
    finding(
      scope,
      'conf/invalid-value',
      wordSpan(server.hysteresis.word),
      'the hysteresis has to be less than the quorum',
    );
  }
}

/** Whether there is a virtual server to check: one without real servers is left out. */
export function hasServers({ virtualServers }: ConfigDraft): boolean {
  return virtualServers.some(({ realServers }) => realServers.length > 0);
}

function reportCheckScripts(scope: Scope): void {
  for (const { scripts, realServers } of scope.config.virtualServers) {
    // A virtual server that is left out runs nothing.
    if (realServers.length === 0) continue;
    for (const spec of scripts) {
      if (inspectProgram(scope, spec).kind === 'missing') continue;
      reportInsecure(scope, scope.config, spec);
      return;
    }
  }
}
