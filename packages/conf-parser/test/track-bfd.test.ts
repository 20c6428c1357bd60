// BFD is read and checked, and not run: whoever relies on it is told so at the line that relies on it.
import { expect, test } from '@jest/globals';
import { exitStatus } from '../src/index.js';
import { BASICS, findings, parseText } from './configs.js';

test('track_bfd of an instance and of a sync group, and the session itself, are not acted on, which is said', () => {
  const parsed = parseText(
    [
      'bfd_instance B {\nneighbor_ip 192.0.2.9\n}',
      'vrrp_sync_group G {\ngroup {\nA\nC\n}\ntrack_bfd {\nB\n}\n}',
      ['vrrp_instance A {', ...BASICS, 'track_bfd {\nB weight 10\n}', '}'].join('\n'),
      'vrrp_instance C {\ninterface eth0\nvirtual_router_id 99\nvirtual_ipaddress {\n10.0.0.9\n}\n}\n',
    ].join('\n'),
  );
  expect(findings(parsed)).toEqual([
    'conf/unsupported-keyword @ bfd_instance',
    'conf/unsupported-keyword @ neighbor_ip',
    'conf/unsupported-keyword @ track_bfd',
    'conf/unsupported-keyword @ track_bfd',
  ]);
  expect(exitStatus(parsed)).toBe(0);
});
