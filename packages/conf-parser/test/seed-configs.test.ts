// The configurations people start from: a Master and a Backup, several addresses, unicast, tracked scripts, processes
// and files. Each reads without an error and gives the values keepalived would use.
import { describe, expect, test } from '@jest/globals';
import { exitStatus } from '../src/index.js';
import { configSchema } from '../src/schema.js';
import { instanceOf, modelOf, parseText } from './configs.js';

const node = (state: string, priority: number, ...more: readonly string[]): string => `
vrrp_instance TEST_1 {
  state ${state}
  interface ens18
  virtual_router_id 100
  priority ${priority}
  advert_int 1
  authentication {
    auth_type PASS
    auth_pass Letmein1
  }
  virtual_ipaddress {
    172.16.0.150
  }
  ${more.join('\n  ')}
}
`;

const script = `
vrrp_script check_api {
    script "/usr/local/bin/check_api.sh --fast 'two words'"
    interval 5       # seconds
    weight -20
    fall 3           ! in a row
    rise 2
}
`;

describe('a two-node pair', () => {
  test.each([
    ['MASTER', 100],
    ['BACKUP', 90],
  ] as const)('%s with priority %i', (state, priority) => {
    const parsed = parseText(node(state, priority));
    expect(parsed.diagnostics).toEqual([]);
    expect(exitStatus(parsed)).toBe(0);
    expect(exitStatus(parsed, 'strict')).toBe(0);
    expect(instanceOf(node(state, priority))).toMatchObject({
      name: 'TEST_1',
      state,
      interface: 'ens18',
      virtual_router_id: 100,
      priority,
      advert_int: 1,
      version: 2,
      family: 4,
      authentication: { auth_type: 'PASS', auth_pass: 'Letmein1' },
      virtual_ipaddress: [{ address: '172.16.0.150', prefix: 32, dev: 'ens18' }],
      nopreempt: false,
      accept: true,
    });
  });
});

test('several addresses, one on another interface', () => {
  const text = `vrrp_instance VI_1 {
    state MASTER
    interface eth0
    virtual_router_id 51
    priority 100
    virtual_ipaddress {
        192.168.1.100
        192.168.1.101
        10.0.0.50/24 dev eth1 brd + label eth1:vip scope link
    }
}`;
  expect(parseText(text).diagnostics).toEqual([]);
  expect(instanceOf(text).virtual_ipaddress).toEqual([
    { address: '192.168.1.100', prefix: 32, dev: 'eth0' },
    { address: '192.168.1.101', prefix: 32, dev: 'eth0' },
    { address: '10.0.0.50', prefix: 24, dev: 'eth1', brd: '10.0.0.255', label: 'eth1:vip', scope: 'link' },
  ]);
});

test('unicast', () => {
  const text = `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    unicast_src_ip 192.168.1.10    # this node
    unicast_peer {
        192.168.1.11                # the others
        192.168.1.12 min_ttl 254 max_ttl 255
    }
    virtual_ipaddress { 192.168.1.100 }
}`;
  expect(parseText(text).diagnostics).toEqual([]);
  expect(instanceOf(text)).toMatchObject({
    unicast_src_ip: '192.168.1.10',
    unicast_peer: [{ address: '192.168.1.11' }, { address: '192.168.1.12', min_ttl: 254, max_ttl: 255 }],
    check_unicast_src: true,
  });
});

test('a tracked script', () => {
  const parsed = parseText(`${script}${node('MASTER', 100, 'track_script {', 'check_api', '}')}`);
  expect(parsed.diagnostics.map(({ code }) => code)).toEqual(['conf/script-security']);
  expect(exitStatus(parsed)).toBe(6);
  const model = modelOf(parsed);
  expect(model.vrrp_script).toEqual([
    {
      name: 'check_api',
      script: { argv: ['/usr/local/bin/check_api.sh', '--fast', 'two words'] },
      interval: 5,
      timeout: 0,
      weight: -20,
      reverse: false,
      rise: 2,
      fall: 3,
      init_fail: false,
    },
  ]);
  expect(model.vrrp_instance[0]?.track_script).toEqual([{ name: 'check_api', weight: -20, reverse: false }]);
});

test('a tracked process and a tracked file', () => {
  const parsed = parseText(`
vrrp_track_process apache {
      process apache2
      weight 10
}
track_file level {
      file /run/app/level
}
${node('MASTER', 100, 'track_process {', 'apache', '}', 'track_file {', 'level weight 2', '}')}`);
  expect(exitStatus(parsed)).toBe(0);
  expect(parsed.diagnostics).toEqual([]);
  const model = modelOf(parsed);
  expect(model.vrrp_track_process).toEqual([
    {
      name: 'apache',
      process: 'apache2',
      full_command: false,
      weight: 10,
      reverse: false,
      quorum: 1,
      terminate_delay: 0,
      fork_delay: 0,
    },
  ]);
  expect(model.vrrp_track_file).toEqual([{ name: 'level', file: '/run/app/level', weight: 1, reverse: false }]);
  expect(model.vrrp_instance[0]).toMatchObject({
    track_process: [{ name: 'apache', weight: 10, reverse: false }],
    track_file: [{ name: 'level', weight: 2, reverse: false }],
  });
});

test.each<[string, string, object]>([
  ['arguments', 'process /usr/bin/app -x "two words"', { parameters: ['-x', 'two words'], full_command: true }],
  ['param_match', 'process app\nparam_match', { full_command: true, param_match: 'exact' }],
  ['param_match initial', 'process app\nparam_match initial', { full_command: true, param_match: 'initial' }],
  ['delay', 'process app\ndelay 2\nfork_delay 0.5', { terminate_delay: 2, fork_delay: 0.5 }],
  ['quorum_max 0: it must not run', 'process app\nquorum_max 0', { quorum: 0, quorum_max: 0 }],
  ['quorum and quorum_max', 'process app\nquorum 2\nquorum_max 3', { quorum: 2, quorum_max: 3 }],
])('a tracked process with %s', (_title, lines, expected) => {
  const parsed = parseText(`vrrp_track_process p {\n${lines}\n}\n${node('MASTER', 100, 'track_process {', 'p', '}')}`);
  expect(parsed.diagnostics).toEqual([]);
  expect(modelOf(parsed).vrrp_track_process[0]).toMatchObject(expected);
});

test.each([
  ['init_file', { value: 0, overwrite: false }],
  ['init_file 5', { value: 5, overwrite: false }],
  ['init_file -3 overwrite', { value: -3, overwrite: true }],
])('a tracked file with %s', (line, expected) => {
  const parsed = parseText(`track_file f {\nfile /run/f\n${line}\n}\n${node('MASTER', 100, 'track_file {', 'f', '}')}`);
  expect(parsed.diagnostics).toEqual([]);
  expect(modelOf(parsed).vrrp_track_file[0]).toMatchObject({ file: '/run/f', init_file: expected });
});

test('a quorum_max below the quorum is reported where it stands, and not used', () => {
  const text = 'vrrp_track_process p {\nprocess app\nquorum 3\nquorum_max 2\n}\n';
  const parsed = parseText(`${text}${node('MASTER', 100)}`);
  expect(parsed.diagnostics[0]).toMatchObject({
    code: 'conf/invalid-value',
    span: { start: text.indexOf('2'), end: text.indexOf('2') + 1 },
  });
  expect(modelOf(parsed).vrrp_track_process[0]).not.toHaveProperty('quorum_max');
});

test('notify scripts, FIFOs and what a sync group gives its members', () => {
  const own = ['notify_master /usr/local/bin/up', 'notify_deleted', 'notify_master_rx_lower_pri /usr/local/bin/heard'];
  const parsed = parseText(`
global_defs {
  enable_script_security
  notify_fifo /run/all.fifo
  vrrp_notify_fifo /run/vrrp.fifo root
  vrrp_notify_fifo_script "/usr/local/bin/reader --quiet"
  vrrp_notify_priority_changes
}
track_file level {
  file /run/app/level
}
vrrp_sync_group G {
  group {
    TEST_1
  }
  track_file {
    level weight 2
  }
  notify_priority_changes off
  notify "/usr/local/bin/changed a b" root
}
${node('BACKUP', 100, ...own)}`);
  expect(parsed.diagnostics.map(({ code }) => code)).toEqual(['conf/invalid-value']); // a group of one
  const model = modelOf(parsed);
  expect(model.global_defs).toMatchObject({
    notify_fifo: { path: '/run/all.fifo' },
    vrrp_notify_fifo: { path: '/run/vrrp.fifo', user: 'root' },
    vrrp_notify_fifo_script: { argv: ['/usr/local/bin/reader', '--quiet'] },
    vrrp_notify_priority_changes: true,
  });
  expect(model.vrrp_sync_group).toEqual([
    {
      name: 'G',
      group: ['TEST_1'],
      track_interface: [],
      track_script: [],
      track_process: [],
      track_file: [{ name: 'level', weight: 2, reverse: false }],
      notify: { argv: ['/usr/local/bin/changed', 'a', 'b'], user: 'root' },
      smtp_alert: false,
      notify_webhook: [],
    },
  ]);
  expect(model.vrrp_instance[0]).toMatchObject({
    notify_master: { argv: ['/usr/local/bin/up'] },
    notify_deleted: true,
    notify_master_rx_lower_pri: { argv: ['/usr/local/bin/heard'] },
    notify_priority_changes: false,
  });
  expect(configSchema.parse(model)).toEqual(model);
});

test('every model is one the schema describes', () => {
  for (const text of [
    '',
    node('MASTER', 100),
    `${script}${node('BACKUP', 90, 'track_script {', 'check_api', '}', 'notify "/x y"')}`,
  ]) {
    const model = modelOf(parseText(text));
    expect(configSchema.parse(model)).toEqual(model);
  }
});
