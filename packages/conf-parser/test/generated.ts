// Instances made of random lines of the grammar, good values and bad ones, in any order: what one line does to another.
// Deterministic for a chooser. What differs on purpose (docs/compatibility.md) is not among the values.
type Choose = (below: number) => number;
type Line = (pick: Pick) => string;
type Pick = <Value>(values: readonly Value[]) => Value;

const NUMBERS = '0 1 2 5 50 100 150 254 255 256 300 -1 abc 1y 0x10 1.5 0.05 255.5 "" "7" <N> 99999 +3 1,5'.split(' ');
const WORDS = ['', 'true', 'off', 'yes', 'no', 'True', 'maybe'];
const LINKS = ['eth0', 'eth1', 'lo', 'nope', '<if>'];
const ADDRESSES = [
  '10.0.0.1/24',
  '10.0.0.2/33',
  '10.0.0',
  'fe80::1/64',
  '2001:db8::1',
  '<ip>',
  '10.0.0.5/24 dev eth1',
  '10.0.0.7/24 brd + label eth0:1',
  '10.0.0.9 foo bar',
  '10.0.0.10/24 dev',
  '224.0.0.18',
];
const WEIGHTS = ['', ' weight 5', ' weight -254', ' weight 255', ' weight', ' weight abc', ' weight 1 reverse', ' 5'];
const COMMANDS = ['"/bin/true x"', '/bin/true', '/bin/true nosuch', '/no/such', '""', "'/bin/true x'"];

const block =
  (name: string, values: readonly string[], more: readonly string[] = ['']): Line =>
  (pick) => {
    const lines = [0, 1, 2].slice(0, pick([0, 1, 2, 3])).map(() => pick(values) + pick(more));
    return [`${name} {`, ...lines, '}'].join('\n');
  };
const oneOf =
  (names: readonly string[], values: readonly string[]): Line =>
  (pick) =>
    `${pick(names)} ${pick(values)}`;

const GARP = ['master_delay', 'master_repeat', 'master_refresh', 'master_refresh_repeat', 'lower_prio_delay'];
const INSTANCE: readonly Line[] = [
  oneOf(['state'], ['MASTER', 'BACKUP', 'MASTER', 'BACKUP', 'SLAVE', 'EQUAL']),
  oneOf(['priority', 'advert_int', 'virtual_router_id', 'down_timer_adverts', 'unicast_ttl', 'debug'], NUMBERS),
  oneOf(['priority'], ['1', '100', '150', '255', '<P>']),
  oneOf(['version'], ['2', '3', '4', 'x']),
  oneOf(['interface'], LINKS),
  oneOf(['nopreempt', 'preempt', 'accept', 'no_accept', 'check_unicast_src', 'dont_track_primary', 'raise 2'], ['']),
  oneOf(['preempt_delay'], ['0', '5', '1000', '1001', '1.5', '-1']),
  oneOf(['strict_mode', 'skip_check_adv_addr', 'lower_prio_no_advert', 'higher_prio_send_advert', 'smtp_alert'], WORDS),
  oneOf(
    GARP.map((name) => `garp_${name}`),
    NUMBERS,
  ),
  block('authentication', ['auth_type PASS', 'auth_type AH', 'auth_type X', 'auth_pass 1234', 'auth_pass 123456789']),
  block('virtual_ipaddress', ADDRESSES),
  block('virtual_ipaddress_excluded', ADDRESSES),
  block('unicast_peer', ['10.0.0.20', '10.0.0.21', 'fe80::9', '<peer>', '10.0.0.22 min_ttl 300', '10.0.0.24 foo']),
  oneOf(['unicast_src_ip', 'mcast_src_ip'], ['192.168.1.10', 'fe80::5', 'x']),
  oneOf(['mcast_dst_ip'], ['224.0.0.50', '10.0.0.1', 'ff02::12']),
  block('track_interface', LINKS, WEIGHTS),
  block('track_script', ['s1', 's2', 'nope'], WEIGHTS),
  block('track_file', ['f1', 'nope'], WEIGHTS),
  block('track_process', ['p1', 'nope'], WEIGHTS),
  oneOf(['notify', 'notify_master', 'notify_fault'], COMMANDS),
];
const GLOBAL: readonly Line[] = [
  oneOf(['vrrp_strict', 'vrrp_min_garp', 'vrrp_skip_check_adv_addr', 'vrrp_lower_prio_no_advert'], WORDS),
  oneOf(['vrrp_version'], ['2', '3', '4']),
  oneOf([...GARP.map((name) => `vrrp_garp_${name}`), 'vrrp_down_timer_adverts'], NUMBERS),
  oneOf(['dynamic_interfaces', 'enable_script_security', 'script_user root'], ['']),
];
const OBJECTS: readonly Line[] = [
  (pick) => `vrrp_script s1 {\nscript ${pick(COMMANDS)}\nweight ${pick(NUMBERS)}\n${pick(['', 'user root'])}\n}`,
  (pick) => `vrrp_script s2 {\nscript "/bin/true"\n${pick(['', 'weight 10', 'weight -300', 'weight 5 x'])}\n}`,
  (pick) => `vrrp_track_process p1 {\nprocess nginx\nweight ${pick(NUMBERS)}\n${pick(['', 'weight 3'])}\n}`,
  (pick) => `track_file f1 {\nfile ${pick(['/tmp/x', ''])}\nweight ${pick(NUMBERS)}\n${pick(['', 'weight 3'])}\n}`,
];

export function generateConfiguration(choose: Choose): string {
  const pick: Pick = (values) => {
    const value = values[choose(values.length)];
    if (value === undefined) throw new RangeError('nothing to choose from');
    return value;
  };
  const some = (most: number, lines: readonly Line[]): readonly string[] =>
    Array.from({ length: choose(most + 1) }, () => pick(lines)(pick));
  const instance = (name: string, vrid: number): string => {
    const own = ['interface eth0', `virtual_router_id ${vrid}`, 'virtual_ipaddress {\n10.0.0.3\n}'];
    const lines = [...own.filter(() => choose(8) > 0), ...some(6, INSTANCE)];
    const shuffled = lines.map((line) => ({ line, rank: choose(1000) })).sort((a, b) => a.rank - b.rank);
    return [`vrrp_instance ${name} {`, ...shuffled.map(({ line }) => line), '}'].join('\n');
  };
  return [
    ...(choose(3) > 0 ? ['global_defs {', ...some(4, GLOBAL), '}'] : []),
    ...OBJECTS.filter(() => choose(3) > 0).map((line) => line(pick)),
    instance('A', 51),
    ...(choose(3) === 0 ? [instance('B', pick([51, 52]))] : []),
    '',
  ].join('\n');
}
