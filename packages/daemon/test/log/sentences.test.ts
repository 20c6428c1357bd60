// The log's sentences are keepalived 2.2.7's, word for word (seen on the running program).
import { describe, expect, test } from '@jest/globals';
import type { Observation } from '@vrrp/state-machine';
import type { BeatObservation, Evidence, TrackerStatus } from '@vrrp/trackers';
import type { EngineReport } from '../../src/engine/messages.js';
import type { LifecycleEvent } from '../../src/reports/lifecycle-event.js';
import type { RouterIdentity } from '../../src/reports/router-identity.js';
import { linkbeatEntries } from '../../src/log/linkbeat-sentences.js';
import { reportEntries } from '../../src/log/report-sentences.js';
import { logEntries } from '../../src/log/sentences.js';
import { formatSyslog } from '../../src/log/syslog.js';
import { trackerEntries } from '../../src/log/tracker-sentences.js';

const router: RouterIdentity = { name: 'VI_1', vrid: 51, family: 4, version: 3, interface: 'eth0' };
const lines = (report: EngineReport, one = router): readonly string[] =>
  reportEntries(report, () => one).map((entry) => entry.message);
const observed = (observation: Observation): readonly string[] =>
  lines({ kind: 'observation', at: 0, router: 'key', observation });
const transition = (from: 'initialize' | 'backup' | 'master', to: 'backup' | 'master' | 'fault'): Observation => ({
  kind: 'transition',
  from,
  to,
  cause: 'startup',
  priority: 100,
  faults: [{ kind: 'interface-down', interface: 'eth0' }],
});

describe('sentences about virtual routers', () => {
  test('a source address that is configured and not there', () => {
    const report: EngineReport = {
      kind: 'observation',
      at: 0,
      router: 'key',
      observation: { kind: 'fault-raised', fault: { kind: 'no-primary-address' } },
    };
    expect(lines(report, { ...router, source: '192.0.2.9' })).toEqual([
      '(VI_1): entering FAULT state (src address not configured)',
    ]);
  });

  test.each<[Observation, string]>([
    [transition('initialize', 'backup'), '(VI_1) Entering BACKUP STATE (init)'],
    [transition('master', 'backup'), '(VI_1) Entering BACKUP STATE'],
    [transition('backup', 'master'), '(VI_1) Entering MASTER STATE'],
    [transition('backup', 'fault'), '(VI_1) Entering FAULT STATE'],
    [transition('initialize', 'fault'), '(VI_1) entering FAULT state'],
    [
      { kind: 'fault-raised', fault: { kind: 'interface-down', interface: 'eth0' } },
      '(VI_1): entering FAULT state (interface eth0 down)',
    ],
    [
      { kind: 'fault-raised', fault: { kind: 'no-primary-address' } },
      '(VI_1) entering FAULT state (no IPv4 address for interface)',
    ],
    [
      {
        kind: 'fault-raised',
        fault: { kind: 'tracker-down', tracker: 'f', trackerKind: 'file', evidence: { kind: 'value', value: -300 } },
      },
      '(VI_1): entering FAULT state (tracked file f has status -300)',
    ],
    [
      {
        kind: 'fault-raised',
        fault: { kind: 'tracker-down', tracker: 'p', trackerKind: 'process', evidence: { kind: 'value', value: 0 } },
      },
      '(VI_1) entering FAULT state (tracked process p quorum not achieved)',
    ],
    [{ kind: 'master-down-timer-expired' }, '(VI_1) Receive advertisement timeout'],
    [
      { kind: 'lower-priority-discarded', source: '192.0.2.1', received: 90, own: 100 },
      '(VI_1) received lower priority (90) advert from 192.0.2.1 - discarding',
    ],
    [
      { kind: 'master-heard-higher', source: '192.0.2.1', received: 150, own: 100 },
      '(VI_1) Master received advert from 192.0.2.1 with higher priority 150, ours 100',
    ],
    [
      { kind: 'master-heard-higher', source: '192.0.2.9', received: 100, own: 100 },
      '(VI_1) Master received advert from 192.0.2.9 with same priority 100 but higher IP address than ours',
    ],
    [
      { kind: 'master-heard-lower', source: '192.0.2.1', received: 90, own: 100, electionForced: true },
      '(VI_1) Received advert from 192.0.2.1 with lower priority 90, ours 100, forcing new election',
    ],
    [{ kind: 'priority-zero-received', source: '192.0.2.1' }, '(VI_1) Backup received priority 0 advertisement'],
    [{ kind: 'priority-zero-sent' }, '(VI_1) sent 0 priority'],
    [{ kind: 'priority-changed', from: 100, to: 80 }, '(VI_1) Changing effective priority from 100 to 80'],
    [
      { kind: 'address-lost', address: '192.0.2.100', interface: 'eth0' },
      'Netlink reflector reports IP 192.0.2.100 removed from eth0',
    ],
    [
      { kind: 'owner-conflict', source: '192.0.2.9', yields: false },
      '(VI_1) CONFIGURATION ERROR: 192.0.2.9 says that it owns the addresses too (priority 255)',
    ],
    [
      { kind: 'owner-conflict', source: '192.0.2.9', yields: true },
      '(VI_1) CONFIGURATION ERROR: 192.0.2.9 says that it owns the addresses too (priority 255) - yielding',
    ],
    [
      { kind: 'timer-expired', lateness: 4_200_000 },
      '(VI_1) was scheduled 4.2 s late, so another router may have taken over',
    ],
    [{ kind: 'route-lost', route: '203.0.113.0/24' }, '(VI_1) route 203.0.113.0/24 was removed'],
    [{ kind: 'rule-lost', rule: 'table 7' }, '(VI_1) rule table 7 was removed'],
  ])('%j', (observation, sentence) => {
    expect(observed(observation)).toEqual([sentence]);
  });

  const source = '192.0.2.1';
  const discarded = { kind: 'advertisement-discarded', source, role: 'master' } as const;

  test.each<[Observation, RouterIdentity, string]>([
    [
      { ...discarded, reason: 'length', expected: 20, received: 10 },
      router,
      'vrrp packet too short, length 30 and expect 40',
    ],
    [
      { ...discarded, reason: 'length', expected: 20, received: 70 },
      router,
      'vrrp packet too long, length 90 and expect 40',
    ],
    [
      { ...discarded, reason: 'length', expected: 40, received: 10 },
      { ...router, family: 6 },
      'vrrp packet too short, length 10 and expect 40',
    ],
    [
      { ...discarded, reason: 'ttl', expected: 255, received: 254 },
      router,
      'invalid TTL/HL. Received 254 and expect 255',
    ],
    [{ ...discarded, reason: 'version', received: 3, expected: 2 }, router, 'wrong version. Received 3 and expect 2'],
    [{ ...discarded, reason: 'auth-type-invalid', received: 7, expected: 1 }, router, 'Invalid auth type: 7'],
    [
      { ...discarded, reason: 'auth-type-mismatch', received: 0, expected: 1 },
      router,
      'received a 0 auth, expecting 1!',
    ],
    [{ ...discarded, reason: 'auth-failure' }, router, 'received an invalid passwd!'],
    [
      { ...discarded, reason: 'advertisement-interval', received: 5, expected: 1 },
      router,
      "advertisement interval mismatch mine=1 sec rcv'd=5 sec",
    ],
    [{ ...discarded, reason: 'type', received: 2, expected: 1 }, router, 'Invalid packet type. 2 and expect 1'],
    [{ ...discarded, reason: 'checksum' }, router, 'Invalid VRRPv3 checksum'],
    [{ ...discarded, reason: 'checksum' }, { ...router, version: 2 }, 'Invalid VRRPv2 checksum'],
    [{ ...discarded, reason: 'unknown-peer' }, router, 'unicast source address 192.0.2.1 not a unicast peer'],
    [
      { ...discarded, reason: 'peer-ttl', expected: '10 - 20', received: 255 },
      router,
      'TTL/HL 255 not in range 10 - 20',
    ],
    [
      { kind: 'address-list-mismatch', source, expected: 1, received: 2, missing: undefined },
      router,
      'received an unexpected ip number count 2, expected 1!',
    ],
    [
      { kind: 'address-list-mismatch', source, expected: 1, received: 1, missing: '192.0.2.200' },
      router,
      'ip address associated with VRID 51 not present in MASTER advert: 192.0.2.200',
    ],
  ])('a packet error, in keepalived’s words (seen): %j', (observation, one, sentence) => {
    const report: EngineReport = { kind: 'observation', at: 0, router: 'key', observation };
    expect(lines(report, one)[0]).toBe(`(VI_1) ${sentence}`);
  });

  test.each<[Observation & { kind: 'advertisement-discarded' }, string]>([
    [
      { ...discarded, reason: 'auth-failure' },
      'also advertises VRID 51, its password differs: both hold the addresses',
    ],
    [
      { ...discarded, reason: 'auth-failure', role: 'backup' },
      'advertises VRID 51, its password differs: it is not taken for the Master',
    ],
    [
      { ...discarded, reason: 'foreign-addresses', received: '198.51.100.9' },
      'also advertises VRID 51, for other addresses (198.51.100.9): two clusters have one VRID',
    ],
    [
      { ...discarded, reason: 'auth-type-mismatch', received: 0, expected: 1 },
      'also advertises VRID 51, it has no authentication, this one a password: both hold the addresses',
    ],
  ])('who is not heard, why, and what it comes to: %j', (observation, words) => {
    expect(observed(observation).at(-1)).toBe(`(VI_1) 192.0.2.1 ${words}`);
  });

  test('waiting for the first result of a script is silent', () => {
    const pending = { kind: 'tracker-pending', tracker: 'chk', trackerKind: 'script' } as const;
    expect(observed({ kind: 'fault-raised', fault: pending })).toEqual([]);
    expect(observed({ ...transition('backup', 'fault'), faults: [pending] } as Observation)).toEqual([]);
  });

  test('every record says which router, what happened, and when', () => {
    const report: EngineReport = {
      kind: 'observation',
      at: 7,
      router: 'key',
      observation: transition('backup', 'master'),
    };
    expect(reportEntries(report, () => router)[0]?.fields).toMatchObject({
      monotonic: 7,
      event: 'transition',
      virtualRouter: 'VI_1',
      vrid: 51,
      interface: 'eth0',
      from: 'backup',
      to: 'master',
      reason: 'startup',
    });
  });
});

describe('sentences about the daemon as a whole', () => {
  const error = { code: 'ENOSPC', message: 'no space' };
  test.each<[LifecycleEvent, readonly string[]]>([
    [
      { kind: 'starting', version: '1', kernel: '6.1', commandLine: ['vrrpd', '-n'] },
      ['info: Starting vrrpd v1', 'info: Running on Linux 6.1', "info: Command line: 'vrrpd' '-n'"],
    ],
    [
      { kind: 'namespace-refused', namespace: 'x', reason: 'ENOENT' },
      ['error: Unable to set network namespace x - exiting: ENOENT'],
    ],
    [{ kind: 'start-refused', why: 'rights', reasons: ['no', 'nor'] }, ['error: no', 'error: nor']],
    [{ kind: 'start-refused', why: 'another-daemon', reasons: ['runs'] }, ['notice: runs']],
    [{ kind: 'configuration-judged', findings: ['a:1: x', 'a:2: y'] }, ['warning: a:1: x', 'warning: a:2: y']],
    [{ kind: 'configuration-taken', virtualRouters: 1, startupDelay: 0 }, []],
    [
      { kind: 'configuration-taken', virtualRouters: 0, startupDelay: 0 },
      ['notice: vrrpd has no configuration to run'],
    ],
    [
      { kind: 'configuration-taken', virtualRouters: 1, startupDelay: 2_500_000 },
      ['info: Delaying startup for 2.5 seconds'],
    ],
    [{ kind: 'instance-refused', reason: '(A) no' }, ['error: (A) no']],
    [{ kind: 'start-complete' }, ['info: Startup complete']],
    [{ kind: 'start-failed', reason: 'EMFILE' }, ['error: vrrpd could not start: EMFILE']],
    [{ kind: 'reloading' }, ['info: Reloading']],
    [{ kind: 'reload-complete' }, ['info: Reload complete']],
    [
      { kind: 'reload-refused', reason: 'no' },
      ['error: the configuration was not reloaded; the one that runs stays: no'],
    ],
    [{ kind: 'journal-not-written', path: '/run/j', error }, ['warning: could not write /run/j: no space']],
    [{ kind: 'crashed', reason: 'Error: x' }, ['error: vrrpd failed: Error: x']],
    [{ kind: 'stopping' }, ['info: Stopping']],
    [{ kind: 'engine-stuck', limit: 5_000 }, ['error: the engine did not stop within 5000 ms; ending it']],
    [{ kind: 'addresses-released', removed: [], kept: [] }, []],
    [
      { kind: 'addresses-released', removed: ['a', 'b'], kept: ['c'] },
      ['notice: removed a, b without a farewell', 'error: could not remove c'],
    ],
    [{ kind: 'release-failed', error }, ['error: addresses may be left behind: no space']],
    [{ kind: 'stopped', version: '1' }, ['info: Stopped vrrpd v1']],
  ])('%j', (event, expected) => {
    const entries = logEntries({ kind: 'lifecycle', at: 0, event }, () => undefined);
    expect(entries.map(({ level, message }) => `${level}: ${message}`)).toEqual(expected);
    for (const { fields } of entries) expect(fields['event']).toBe(event.kind);
  });
});

describe('sentences about what the engine did', () => {
  test.each<[EngineReport, readonly string[]]>([
    [{ kind: 'addresses-set', at: 0, router: 'key', addresses: ['192.0.2.1'] }, ['(VI_1) setting VIPs.']],
    [{ kind: 'addresses-removed', at: 0, router: 'key', addresses: ['192.0.2.1'] }, ['(VI_1) removing VIPs.']],
    [
      {
        kind: 'group-observation',
        at: 0,
        observation: { kind: 'group-syncing', group: 'G', to: 'master', member: 'VI_1' },
      },
      ['VRRP_Group(G) Syncing instances to MASTER state'],
    ],
    [{ kind: 'link', at: 0, link: 'eth0', up: false, seenBy: 'netlink' }, ['Netlink reports eth0 down']],
    [{ kind: 'link', at: 0, link: 'eth0', up: true, seenBy: 'linkbeat' }, ['Linkbeat reports eth0 up']],
    [
      { kind: 'announced', at: 0, router: 'key', targets: [{ link: 'eth0', address: '192.0.2.1' }], times: 5 },
      ['(VI_1) Sending/queueing gratuitous ARPs on eth0 for 192.0.2.1', 'Sending gratuitous ARP on eth0 for 192.0.2.1'],
    ],
  ])('%j', (report, expected) => {
    expect(lines(report)).toEqual(expected);
  });

  test.each([
    [{ kind: 'exit', status: 3 } as const, 'VRRP_Script(chk) failed (exited with status 3)'],
    [{ kind: 'timeout', after: 1 } as const, 'VRRP_Script(chk) timed_out'],
  ])('a failing script: %j', (evidence, sentence) => {
    expect(
      trackerEntries({
        name: 'chk',
        trackerKind: 'script',
        before: 'up',
        report: { tracker: 'chk', at: 0, status: 'down', evidence },
      })[0]?.message,
    ).toBe(sentence);
  });

  test('another exit status of a script', () => {
    const observation = { kind: 'exit-status-changed', tracker: 'chk', at: 0, status: 3 } as const;
    const entries = logEntries({ kind: 'tracker-observed', at: 0, observation }, () => undefined);
    expect(entries.map(({ level, message }) => [level, message])).toEqual([['info', 'Script `chk` now returning 3']]);
  });

  test.each<[TrackerStatus, Evidence, readonly string[]]>([
    ['up', { kind: 'exit', status: 1 }, []],
    ['up', { kind: 'timeout', after: 1 }, []],
    ['down', { kind: 'exit', status: 0 }, []],
    ['down', { kind: 'exit', status: 3 }, []],
    ['down', { kind: 'timeout', after: 1 }, ['VRRP_Script(chk) timed_out']],
    ['down', { kind: 'check', result: 'passed', detail: '' }, []],
    ['down', { kind: 'check', result: 'refused', detail: 'x:1' }, ['VRRP_Script(chk) failed (refused: x:1)']],
  ])('a script that stays %s, with %j', (status, evidence, sentences) => {
    const report = { tracker: 'chk', at: 0, status, evidence };
    const entries = trackerEntries({ name: 'chk', trackerKind: 'script', before: status, report });
    expect(entries.map(({ message }) => message)).toEqual(sentences);
  });

  test.each<[BeatObservation, readonly string[]]>([
    [{ kind: 'beat', link: 'eth0', up: true }, ['(eth0): link beat heard']],
    [{ kind: 'beat', link: 'eth0', up: false }, ['(eth0): link beat lost']],
    [{ kind: 'method', link: 'eth0', method: 'mii' }, ['(eth0): link beat polled by MII']],
    [
      { kind: 'method', link: 'eth0', method: 'ioctl', wanted: 'mii' },
      ['(eth0): Configured linkbeat type MII not supported, using IOCTL'],
    ],
    [
      { kind: 'silent', link: 'eth0', method: 'mii' },
      ['No MII transceiver present for eth0 !!! Only the flags of the interface count'],
    ],
    [
      { kind: 'silent', link: 'eth0', method: 'ethtool' },
      ['No answer by ETHTOOL for eth0 !!! Only the flags of the interface count'],
    ],
  ])('a link beat: %j', (observation, expected) => {
    expect(linkbeatEntries(observation).map(({ message }) => message)).toEqual(expected);
  });

  test('the reason is a field, too', () => {
    const evidence = { kind: 'signal', signal: 'SIGKILL' } as const;
    const report = {
      tracker: 'chk',
      at: 0,
      status: 'down',
      evidence,
    } as const;
    const [entry] = trackerEntries({ name: 'chk', trackerKind: 'script', before: 'up', report });
    expect(entry).toMatchObject({
      message: 'VRRP_Script(chk) failed (due to signal 9)',
      fields: { reason: 'signal 9' },
    });
  });
});

test('a syslog datagram has priority, time, ident and pid (RFC 3164 §4.1)', () => {
  const at = new Date(2026, 10, 2, 3, 4, 5);
  const datagram = formatSyslog({ facility: 16, severity: 4, at, ident: 'Keepalived_vrrp', pid: 7, message: 'x' });
  expect(new TextDecoder().decode(datagram)).toBe('<132>Nov  2 03:04:05 Keepalived_vrrp[7]: x');
});
