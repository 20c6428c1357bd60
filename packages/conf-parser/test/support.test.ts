// What vrrpd does not act on is said: values of keywords it acts on, options of addresses. And where things of the model stand.
import { describe, expect, test } from '@jest/globals';
import { findings, instanceOf, instanceText, modelOf, parseText } from './configs.js';
import type { Place } from '../src/index.js';

const AUTHENTICATED = (type: string): string => instanceText(`authentication {\n auth_type ${type}\n auth_pass abc\n}`);

describe('a value that is not acted on', () => {
  test.each([
    [AUTHENTICATED('AH'), ['conf/unsupported-value @ AH']],
    [AUTHENTICATED('PASS'), []],
    [instanceText('virtual_ipaddress_excluded {\n 192.0.2.9/24 use_vmac\n}'), ['conf/unsupported-value @ use_vmac']],
    [instanceText('virtual_ipaddress_excluded {\n 192.0.2.9/24 home noprefixroute autojoin mngtmpaddr\n}'), []],
  ])('%j gives %j', (text, expected) => {
    expect(findings(parseText(text))).toEqual(expected);
  });

  test('keeps what it says in the model', () => {
    expect(instanceOf(AUTHENTICATED('AH')).authentication).toEqual({ auth_type: 'AH', auth_pass: 'abc' });
  });
});

test('vrrp_drift_fallback is a keyword of ours', () => {
  const parsed = parseText(`global_defs {\n vrrp_drift_fallback\n}\n${instanceText()}`);
  expect(modelOf(parsed).global_defs.vrrp_drift_fallback).toBe(true);
  expect(parsed.diagnostics).toEqual([]);
  expect(modelOf(parseText(instanceText())).global_defs.vrrp_drift_fallback).toBe(false);
});

// keepalived 2.2.7: the low 32 bits count.
test.each([
  [300, 300],
  [99_999_999_999, 1_215_752_191],
  [2 ** 31, -(2 ** 31)],
  ['99999999999999999999', -1],
  ['-99999999999999999999', 0],
])('a script weight of %p is reported and %p', (written, expected) => {
  const text = `vrrp_script s {\n script "/bin/true x"\n weight ${written}\n}\n${instanceText('track_script {\n s\n}')}`;
  const parsed = parseText(text);
  expect(findings(parsed)).toContain(`conf/out-of-range @ ${written}`);
  expect(modelOf(parsed).vrrp_instance[0]?.track_script[0]?.weight).toBe(expected);
});

describe('a place', () => {
  const parsed = parseText(
    [
      'linkbeat_interfaces {\n eth1\n}\ninterface_up_down_delays {\n eth1 5\n}',
      'vrrp_sync_group G {\n group {\n VI_1\n VI_2\n }\n}',
      'vrrp_script s {\n script "/bin/true x"\n}',
      instanceText('priority 7', 'track_script {\n s\n}', 'virtual_ipaddress_excluded {\n fe80::9\n}'),
    ].join('\n'),
  );
  const at = (place: Place): string => {
    const { file, start, end } = parsed.placeOf(place);
    return parsed.files.find(({ path }) => path === file)?.text.slice(start, end) ?? '';
  };

  test.each<[Place, string]>([
    [{ block: 'vrrp_instance', name: 'VI_1', keyword: 'priority' }, 'priority'],
    [{ block: 'vrrp_instance', name: 'VI_1', keyword: 'advert_int' }, 'VI_1'],
    [{ block: 'vrrp_instance', name: 'VI_1', keyword: 'virtual_ipaddress', item: '192.0.2.1' }, '192.0.2.1/24'],
    [{ block: 'vrrp_instance', name: 'VI_1', keyword: 'virtual_ipaddress_excluded', item: 'fe80::9' }, 'fe80::9'],
    [{ block: 'vrrp_instance', name: 'VI_1', keyword: 'virtual_ipaddress', item: '192.0.2.2' }, 'virtual_ipaddress'],
    [{ block: 'vrrp_instance', name: 'VI_1', keyword: 'track_script', item: 's' }, 's'],
    [{ block: 'vrrp_instance', name: 'VI_9', keyword: 'priority' }, ''],
    [{ block: 'vrrp_sync_group', name: 'G', item: 'VI_2' }, 'VI_2'],
    [{ block: 'vrrp_sync_group', name: 'G', keyword: 'group' }, 'group'],
    [{ block: 'vrrp_sync_group', name: 'G' }, 'G'],
    [{ block: 'root', keyword: 'linkbeat_interfaces', item: 'eth1' }, 'eth1'],
    [{ block: 'root', keyword: 'interface_up_down_delays', item: 'eth1' }, 'eth1'],
    [{ block: 'root', keyword: 'interface_up_down_delays', item: 'eth9' }, 'interface_up_down_delays'],
  ])('%j is %j', (place, expected) => {
    expect(at(place)).toBe(expected);
  });
});
