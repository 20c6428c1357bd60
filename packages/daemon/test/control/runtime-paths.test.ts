// Where the files of a daemon are, by how it was started.
import { expect, test } from '@jest/globals';

import { runtimePaths } from '../../src/control/runtime-paths.js';

test.each([
  [{}, '/run/vrrp.pid', '/run/vrrp.addresses.json', '/run/vrrp.sock'],
  [{ vrrpPidFile: '/run/x.pid' }, '/run/x.pid', '/run/x.addresses.json', '/run/x.sock'],
  [{ vrrpPidFile: '/run/x' }, '/run/x', '/run/x.addresses.json', '/run/x.sock'],
  [{ pidFile: '/run/x.pid' }, '/run/vrrp.pid', '/run/vrrp.addresses.json', '/run/vrrp.sock'],
  [
    { instance: 'a' },
    '/run/keepalived/vrrp_a.pid',
    '/run/keepalived/vrrp_a.addresses.json',
    '/run/keepalived/vrrp_a.sock',
  ],
  [
    { namespace: 'blue', instance: 'a' },
    '/run/keepalived/blue/vrrp_a.pid',
    '/run/keepalived/blue/vrrp_a.addresses.json',
    '/run/keepalived/blue/vrrp_a.sock',
  ],
])('%j', (options, vrrpPid, journal, statusSocket) => {
  expect(runtimePaths(options)).toMatchObject({ vrrpPid, journal, statusSocket });
});
