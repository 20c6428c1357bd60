// keepalived.conf -> the desired state as a whole: groups, trackers, notifications, findings.
import { describe, expect, test } from '@jest/globals';
import { type PlanResult } from '../../src/plan/plan.js';
import { plan, instance, VIP, script, planned } from './planned.js';

const peers = (...addresses: readonly string[]): string => `unicast_peer {\n ${addresses.join('\n ')}\n}\n${VIP}`;

describe('a configuration', () => {
  test('keeps one of two instances with the same virtual router on a link, and says so', () => {
    const { desired, findings } = plan(instance(VIP) + instance('virtual_ipaddress {\n 192.0.2.101\n}', 'VI_2'));
    expect(desired.virtualRouters.map((router) => router.config.name)).toEqual(['VI_1']);
    expect(findings.map(({ code }) => code)).toEqual(['plan/duplicate-vrid']);
  });

  test('runs unicast instances with the same virtual router on a link side by side, unless they share a peer', () => {
    const { desired, findings } = plan(
      instance(peers('192.0.2.2')) + instance(peers('192.0.2.4', '192.0.2.3'), 'VI_2') + instance(VIP, 'VI_3'),
    );
    expect(desired.virtualRouters.map(({ key, config }) => [config.name, key])).toEqual([
      ['VI_1', 'eth0/4/51/unicast'],
      ['VI_2', 'eth0/4/51/unicast//192.0.2.3,192.0.2.4'],
      ['VI_3', 'eth0/4/51/224.0.0.18'],
    ]);
    expect(findings).toEqual([]);
    const twins = plan(instance(peers('192.0.2.2')) + instance(peers('192.0.2.3', '192.0.2.2'), 'VI_2'));
    expect(twins.desired.virtualRouters.map(({ config }) => config.name)).toEqual(['VI_1']);
    expect(twins.findings.map(({ code }) => code)).toEqual(['plan/duplicate-vrid']);
    const source = (address: string): string => `unicast_src_ip ${address}\n${peers('192.0.2.2')}`;
    const sourced = plan(instance(source('192.0.2.7')) + instance(source('192.0.2.8'), 'VI_2'));
    expect(sourced.desired.virtualRouters.map(({ key }) => key)).toEqual([
      'eth0/4/51/unicast',
      'eth0/4/51/unicast/192.0.2.8/192.0.2.2',
    ]);
  });

  test('puts virtual routers into their sync group, without members that do not run', () => {
    const twin = `vrrp_instance VI_2 {\n interface eth0\n virtual_router_id 52\n${VIP}\n}\n`;
    const group = 'vrrp_sync_group G {\n group {\n VI_1\n VI_2\n VI_3\n }\n}\n';
    const { desired } = plan(group + instance(VIP) + twin);
    expect(desired.syncGroups).toEqual([{ name: 'G', members: ['VI_1', 'VI_2'] }]);
    expect(desired.virtualRouters.map((router) => router.config.syncGroup)).toEqual(['G', 'G']);
  });

  test('holds changes of interfaces back, and less than a Backup waits', () => {
    const delays = 'interface_up_down_delays {\n eth0 1 0.5\n eth1 9\n eth2 1 255\n eth9 1 1\n}\n';
    const lines = `track_interface {\n eth1\n}\nvirtual_ipaddress {\n 192.0.2.100 dev eth2\n}`;
    const { desired } = plan(delays + instance(lines));
    expect(desired.linkDelays).toEqual([
      { link: 'eth0', downDelay: 1_000_000, upDelay: 500_000 },
      { link: 'eth1', downDelay: 1_996_094, upDelay: 0 },
      { link: 'eth2', downDelay: 1_000_000, upDelay: 1_996_094 },
    ]);
  });

  test.each([
    ['', { niceValue: -20, realtime: { priority: 1, runMax: 1_000_000, asked: false } }],
    ['vrrp_rt_priority 50', { niceValue: -20, realtime: { priority: 50, runMax: 1_000_000, asked: true } }],
    ['vrrp_rt_priority 150', { niceValue: -20, realtime: { priority: 99, runMax: 1_000_000, asked: true } }],
    ['vrrp_rlimit_rttime 20000', { niceValue: -20, realtime: { priority: 1, runMax: 20_000, asked: false } }],
    ['vrrp_priority -5', { niceValue: -5 }],
    [
      'vrrp_priority 3\nvrrp_rt_priority 2',
      { niceValue: 3, realtime: { priority: 2, runMax: 1_000_000, asked: true } },
    ],
  ])('with %j in global_defs schedules the engine so', (lines, expected) => {
    expect(plan(`global_defs {\n${lines}\n}\n${instance(VIP)}`).desired.scheduling).toEqual(expected);
  });

  test.each<[string, string, string, PlanResult['desired']['linkbeats']]>([
    ['nothing', '', '', []],
    ['all in use', 'linkbeat_use_polling\n', '', [{ link: 'eth0' }, { link: 'eth2' }, { link: 'eth1' }]],
    ['that of an instance', '', 'linkbeat_use_polling', [{ link: 'eth0' }]],
    [
      'those that are named, by the later of two lines',
      'linkbeat_interfaces {\n eth1 MII\n eth2\n eth1 ETHTOOL\n}\n',
      '',
      [{ link: 'eth1', method: 'ethtool' }, { link: 'eth2' }],
    ],
    [
      'both, with the method that is named',
      'linkbeat_use_polling\nlinkbeat_interfaces {\n eth2 IOCTL\n}\n',
      '',
      [{ link: 'eth2', method: 'ioctl' }, { link: 'eth0' }, { link: 'eth1' }],
    ],
  ])('polls the beat of %s', (_title, globals, lines, expected) => {
    const uses = 'track_interface {\n eth1\n}\nvirtual_ipaddress {\n 192.0.2.100 dev eth2\n}';
    const { desired, findings } = plan(globals + instance(`${lines}\n${uses}`));
    expect(desired.linkbeats).toEqual(expected);
    expect(findings).toEqual([]);
  });

  test('says which words about links have no effect: polls nobody needs, delays of a polled link', () => {
    const text = 'linkbeat_interfaces {\n eth0\n eth9\n}\ninterface_up_down_delays {\n eth0 1 1\n}\n';
    const { desired, findings } = plan(text + instance(VIP));
    expect(desired.linkDelays).toEqual([]);
    expect(findings).toMatchObject([
      { code: 'plan/unused-linkbeat', summary: 'Turning off linkbeat for eth9 since not used for tracking' },
      { code: 'plan/delays-of-polled-link', summary: expect.stringContaining('the delays of eth0') },
    ]);
    expect(findings.map(({ span }) => text.slice(span.start, span.end))).toEqual(['eth9', 'eth0']);
  });

  test.each<[string, string, boolean]>([
    ['for unicast', 'unicast_src_ip 192.0.2.1\nunicast_peer {\n 192.0.2.2\n}', true],
    ['with track_src_ip', 'mcast_src_ip 192.0.2.1\ntrack_src_ip', true],
    ['without it', 'mcast_src_ip 192.0.2.1', false],
    ['without a source', 'track_src_ip', false],
  ])('a source address has to be there: %s', (_title, lines, expected) => {
    expect(planned(`${lines}\n${VIP}`).channel.sourceMustExist === true).toBe(expected);
  });

  test('advertises what fits a packet and holds the rest', () => {
    const many = Array.from({ length: 300 }, (_, index) => ` 10.1.${index >> 8}.${index & 255}`).join('\n');
    const { desired } = plan(instance(`virtual_ipaddress {\n${many}\n}`));
    expect(desired.virtualRouters[0]?.config.virtualAddresses).toHaveLength(255);
    expect(desired.virtualRouters[0]?.addresses).toHaveLength(300);
  });

  test('runs the scripts that somebody tracks, and only those', () => {
    const { desired } = plan(script('chk') + script('idle') + instance(`track_script {\n chk\n}\n${VIP}`));
    expect(desired.trackers).toEqual([
      {
        kind: 'script',
        name: 'chk',
        argv: ['/bin/true', 'a'],
        interval: 5_000_000,
        timeout: 5_000_000,
        rise: 2,
        fall: 3,
        initFail: false,
        mustBeSafe: false,
      },
    ]);
    expect(desired.virtualRouters[0]?.config.trackedObjects).toEqual([
      { kind: 'script', name: 'chk', weight: -20, reverse: false },
    ]);
  });

  test('watches the processes and files that somebody tracks, each weighed as the line says', () => {
    const objects =
      'vrrp_track_process p {\n process app a b\n param_match partial\n quorum 2\n quorum_max 4\n weight 10\n' +
      ' delay 1.5\n fork_delay 0.5\n}\ntrack_file f {\n file /run/f\n init_file 3\n}\n' +
      'track_file idle {\n file /run/idle\n}\n';
    const lines = 'track_process {\n p\n}\ntrack_file {\n f weight 2 reverse\n}';
    const { desired } = plan(objects + instance(`${lines}\n${VIP}`));
    expect(desired.trackers).toEqual([
      {
        kind: 'process',
        name: 'p',
        process: 'app',
        fullCommand: true,
        parameters: ['a', 'b'],
        match: 'partial',
        quorum: 2,
        quorumMax: 4,
        forkDelay: 500_000,
        terminateDelay: 1_500_000,
      },
      {
        kind: 'file',
        name: 'f',
        path: '/run/f',
        initFile: { value: 3, overwrite: false },
      },
    ]);
    expect(desired.virtualRouters[0]?.config.trackedObjects).toEqual([
      { kind: 'process', name: 'p', weight: 10, reverse: false },
      { kind: 'file', name: 'f', weight: 2, reverse: true },
    ]);
  });

  test('what a sync group tracks counts for every member; its weight replaces theirs unless that is 0', () => {
    const objects =
      'track_file f {\n file /run/f\n}\ntrack_file g {\n file /run/g\n}\nvrrp_track_process p {\n process app\n}\n';
    const group =
      'vrrp_sync_group G {\n group {\n VI_1\n }\n sync_group_tracking_weight\n' +
      ' track_file {\n f weight 5\n g weight 5\n }\n track_process {\n p weight 7\n }\n track_interface {\n eth0\n eth1\n }\n}\n';
    const lines = `track_file {\n f weight 2\n g weight 0\n}\n${VIP}`;
    const { desired } = plan(objects + group + instance(lines));
    expect(desired.virtualRouters[0]?.config.trackedObjects).toEqual([
      { kind: 'interface', name: 'eth1', weight: 0, reverse: false },
      { kind: 'process', name: 'p', weight: 7, reverse: false },
      { kind: 'file', name: 'f', weight: 5, reverse: false },
      { kind: 'file', name: 'g', weight: 0, reverse: false },
    ]);
    expect(desired.trackers.map(({ name }) => name)).toEqual(['p', 'f', 'g']);
  });

  test('tells instances first, then groups, with the user each script runs as', () => {
    const text =
      'global_defs {\n enable_script_security\n script_user nobody\n notify_fifo /run/f\n vrrp_notify_fifo /run/f\n fifo_write_vrrp_states_on_reload\n}\n' +
      'vrrp_sync_group G {\n group {\n VI_1\n }\n notify_fault "/f g"\n}\n' +
      instance(
        `notify "/n a" root root\nnotify_master /m\nnotify_deleted /d\nnotify_master_rx_lower_pri /l\nnotify_priority_changes\n${VIP}`,
      );
    const mustBeSafe = true;
    expect(plan(text).notifications).toEqual({
      subjects: [
        {
          scope: 'INSTANCE',
          name: 'VI_1',
          priority: 100,
          scripts: {
            master: { argv: ['/m'], user: 'nobody', mustBeSafe },
            any: { argv: ['/n', 'a'], user: 'root', group: 'root', mustBeSafe },
            deleted: { argv: ['/d'], user: 'nobody', mustBeSafe },
            lowerPriority: { argv: ['/l'], user: 'nobody', mustBeSafe },
          },
          priorityChanges: true,
          tellsDeleted: true,
          mailed: false,
          webhooks: [],
          facts: { vrid: 51, interface: 'eth0', addresses: ['192.0.2.100'] },
        },
        {
          scope: 'GROUP',
          name: 'G',
          priority: 0,
          scripts: { fault: { argv: ['/f', 'g'], user: 'nobody', mustBeSafe } },
          priorityChanges: false,
          tellsDeleted: false,
          mailed: false,
          webhooks: [],
          facts: { members: ['VI_1'] },
        },
      ],
      fifos: [{ path: '/run/f' }],
      writesStatesOnReload: true,
    });
  });

  test('mails through one server, and tells a URL that is named twice once', () => {
    const text =
      'global_defs {\n router_id lb1\n smtp_server mail.example.org\n smtp_connect_timeout 3\n smtp_alert\n' +
      ' no_email_faults\n notification_email {\n a@example.org\n }\n smtp_security starttls\n smtp_user u\n' +
      ' smtp_password_file /p\n notify_webhook http://a\n notify_webhook http://b\n}\n' +
      instance(`smtp_alert off\nnotify_webhook http://b header "X: 1"\n${VIP}`);
    const { subjects, mail, node } = plan(text).notifications;
    expect(node).toBe('lb1');
    expect(mail).toEqual({
      server: { host: 'mail.example.org', port: 25 },
      timeout: 3_000_000,
      recipients: ['a@example.org'],
      faults: false,
      security: 'starttls',
      login: { user: 'u', passwordFile: '/p' },
    });
    expect(subjects).toMatchObject([
      {
        mailed: false,
        webhooks: [
          { url: 'http://a', headers: [] },
          { url: 'http://b', headers: [{ name: 'X', value: '1' }] },
        ],
      },
    ]);
  });

  test.each(['smtp_server 192.0.2.1', 'notification_email {\n a@example.org\n }'])(
    'mails nobody with only %j',
    (line) => {
      expect(plan(`global_defs {\n ${line}\n smtp_alert\n}\n${instance(VIP)}`).notifications).not.toHaveProperty(
        'mail',
      );
    },
  );
});
