// What weights are left to a member of a sync group (keepalived.conf(5), sync_group_tracking_weight): what keepalived 2.2.7
// does, as daemon/test/interop/group-weights.test.ts shows beside it.
import { expect, test } from '@jest/globals';
import { BASICS, findings, modelOf, parseText } from './configs.js';

const LINES = [
  'track_interface {\neth1 weight 20\neth2\n}',
  'track_script {\ns\nt\n}',
  'track_file {\nf\ng weight 2\nh weight 0\n}',
  'track_process {\np\n}',
];

function member(groupLine: string): ReturnType<typeof parseText> {
  const objects = [
    'vrrp_script s {\nscript /bin/true\nweight 5\n}\nvrrp_script t {\nscript /bin/true\n}',
    ...['f', 'g', 'h'].map((name) => `track_file ${name} {\nfile /run/${name}\n}`),
    'vrrp_track_process p {\nprocess app\nweight 7\n}',
  ];
  const group = `vrrp_sync_group G {\ngroup {\nA\nB\n}\n${groupLine}\n}`;
  const other = 'vrrp_instance B {\ninterface eth0\nvirtual_router_id 99\nvirtual_ipaddress {\n10.0.0.9\n}\n}';
  return parseText(
    ['global_defs {\nenable_script_security\nscript_user root\n}', ...objects, group]
      .concat(['vrrp_instance A {', ...BASICS, ...LINES, '}', other, ''])
      .join('\n'),
  );
}

function weights(parsed: ReturnType<typeof parseText>): object {
  const [instance] = modelOf(parsed).vrrp_instance;
  const of = (kind: 'track_interface' | 'track_script' | 'track_file' | 'track_process'): readonly string[] =>
    (instance?.[kind] ?? []).map(
      ({ name, weight, effective_weight: effective }) =>
        `${name} ${weight}${effective === undefined ? '' : ` (${effective})`}`,
    );
  return { i: of('track_interface'), s: of('track_script'), f: of('track_file'), p: of('track_process') };
}

test('without the word: interfaces keep theirs whatever the dump says, processes too, a file of weight 1 is a gate, the rest is left out', () => {
  const parsed = member('');
  expect(weights(parsed)).toEqual({ i: ['eth1 0 (20)', 'eth2 0'], s: ['t 0'], f: ['f 0', 'h 0'], p: ['p 7'] });
  expect(findings(parsed).filter((one) => one.startsWith('conf/weight-without-effect'))).toEqual([
    'conf/weight-without-effect @ eth1',
    'conf/weight-without-effect @ s',
    'conf/weight-without-effect @ f',
    'conf/weight-without-effect @ g',
  ]);
});

test('with it every weight counts', () => {
  const all = { i: ['eth1 20', 'eth2 0'], s: ['s 5', 't 0'], f: ['f 1', 'g 2', 'h 0'], p: ['p 7'] };
  expect(weights(member('sync_group_tracking_weight'))).toEqual(all);
});
