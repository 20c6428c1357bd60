// Configurations out of the keyword tables: every keyword there is, with the values at which something may break. What the
// parser makes of them is its business; the plan has to take whatever it lets through.
import { CONFIGURATION, type BlockFacts } from '@vrrp/conf-parser';
import type { Random } from '@vrrp/state-machine/sim';

type Keyword = BlockFacts['keywords'][number];

/** Of the VRRP side; the others are read, and make nothing of the model. */
const BLOCKS = ['global_defs', 'vrrp_instance', 'vrrp_sync_group', 'vrrp_script', 'vrrp_track_process', 'track_file'];

/** The keywords of each, with their boundaries, worked out once. */
const KEYWORDS = new Map(
  BLOCKS.map((block) => {
    const keywords = CONFIGURATION.keywords.find(({ name }) => name === block)?.block?.().keywords ?? [];
    return [block, keywords.map((keyword) => ({ keyword, values: boundaries(keyword) }))] as const;
  }),
);

/** Least, greatest, 0, the default and what is just outside, for each range that the arguments of a keyword show. */
function boundaries({ parameters, default: standard }: Keyword): readonly string[] {
  const values = [...parameters.matchAll(/(-?[\d.]*\d)\.\.(-?[\d.]*\d)/g)].flatMap(([, least = '', greatest = '']) => {
    const [min, max] = [Number(least), Number(greatest)];
    return [min, max, (min + max) / 2, min - 1, max + 1].map(String);
  });
  return [...new Set([...values, ...(standard === undefined ? [] : [standard]), '0', '1', '-1'])];
}

const WORDS = ['', 'on', 'off', 'eth1', '192.0.2.7', 'fe80::7', '224.0.0.99', 'ff02::99', '"/bin/true x"', 'nobody'];
const ITEMS = [
  '192.0.2.1',
  '192.0.2.2/24 dev eth1 scope link',
  '192.0.2.3 label eth0:äöüäöüäöü',
  '10.0.0.1/0 preferred_lft 0',
  'fe80::1',
  '2001:db8::1/64 home mngtmpaddr noprefixroute',
  '2001:db8::2/64 -nodad preferred_lft forever',
  '192.0.2.9 min_ttl 255 max_ttl 0',
  'eth1 weight 5',
  'eth1',
  'A',
  'B',
  'S weight 253 reverse',
  'S',
  'P weight -254',
  'F weight 254',
  'F',
  'eth1 255 255',
  'eth0 0',
  'eth1 IOCTL',
  'S weight 0',
  '192.0.2.4 use_vmac no_track brd +',
];
/** Which of the following can be run as they are. */
const ORDINARY: ReadonlySet<number> = new Set([0, 1, 3, 4]);
const BASES = [
  ['virtual_ipaddress {\n 192.0.2.1/24\n}'],
  ['virtual_ipaddress {\n fe80::1/64\n 2001:db8::1/64\n}'],
  ['version 2', 'virtual_ipaddress {\n fe80::1/64\n}'],
  ['version 3', 'virtual_ipaddress {\n 192.0.2.1/24\n}'],
  ['unicast_peer {\n 192.0.2.8\n 192.0.2.9\n}', 'virtual_ipaddress {\n 192.0.2.1\n}'],
  ['authentication {\n auth_type AH\n auth_pass x\n}', 'virtual_ipaddress {\n 192.0.2.1\n}'],
  ['version 2', 'virtual_ipaddress {\n}'],
  [],
];

export function randomConfiguration({ integer, pick }: Random): string {
  const choose = (below: number): number => integer(0, below - 1);
  const statement = (block: string): string => {
    const { keyword, values } = pick(KEYWORDS.get(block) ?? []);
    if (keyword.parameters.startsWith('{')) {
      const items = Array.from({ length: choose(4) }, () => pick(ITEMS));
      return `${keyword.name} {\n ${items.join('\n ')}\n}`;
    }
    const argument = choose(4) === 0 ? pick(WORDS) : pick(values);
    return keyword.parameters === '' ? keyword.name : `${keyword.name} ${argument}`;
  };
  const block = (head: string, name: string, most: number, always: readonly string[] = []): string => {
    const lines = [...always, ...Array.from({ length: choose(most + 1) }, () => statement(name))];
    return `${head} {\n${lines.join('\n')}\n}`;
  };
  const instance = (name: string, vrid: number): string => {
    const own = ['interface eth0', `virtual_router_id ${vrid}`, ...pick(BASES)];
    return block(`vrrp_instance ${name}`, 'vrrp_instance', 6, choose(8) === 0 ? own.slice(1) : own);
  };
  return [
    ...(choose(3) === 0 ? [block('global_defs', 'global_defs', 4)] : []),
    block('vrrp_script S', 'vrrp_script', 3, ['script "/bin/true x"']),
    block('vrrp_track_process P', 'vrrp_track_process', 3, ['process app']),
    block('track_file F', 'track_file', 2, ['file /run/f']),
    ...(choose(4) === 0 ? [`linkbeat_interfaces {\n ${pick(ITEMS)}\n eth0\n}`] : []),
    ...(choose(4) === 0 ? [`interface_up_down_delays {\n ${pick(ITEMS)}\n}`] : []),
    ...(choose(3) === 0 ? [block('vrrp_sync_group G', 'vrrp_sync_group', 3, ['group {\n A\n B\n}'])] : []),
    instance('A', 51),
    ...(choose(2) === 0 ? [instance('B', pick([51, 52]))] : []),
    '',
  ].join('\n');
}

/**
 * One configuration for each keyword of the VRRP side and each of its boundaries, in one kind of instance after the other; an
 * ordinary one can be run without this keyword.
 */
export function everyBoundary(): readonly { readonly text: string; readonly ordinary: boolean }[] {
  const contexts = BASES.map((lines, index) => ({ lines, ordinary: ORDINARY.has(index) }));
  let turn = 0;
  return BLOCKS.flatMap((block) =>
    (KEYWORDS.get(block) ?? []).flatMap(({ keyword, values }) =>
      values.flatMap((value) => {
        const statement = keyword.parameters.startsWith('{')
          ? `${keyword.name} {\n${ITEMS.slice(0, 4).join('\n')}\n}`
          : `${keyword.name} ${keyword.parameters === '' ? '' : value}`;
        turn += 1;
        const chosen = block === 'vrrp_instance' ? contexts : contexts.filter((_one, index) => index === turn % 8);
        return chosen.map(({ lines, ordinary }) => ({ text: withStatement(block, statement, lines), ordinary }));
      }),
    ),
  );
}

function withStatement(block: string, statement: string, lines: readonly string[]): string {
  const inside = (name: string): string => (name === block ? `\n${statement}` : '');
  return `global_defs {${inside('global_defs')}
}
vrrp_script S {\nscript "/bin/true x"${inside('vrrp_script')}\n}
vrrp_track_process P {\nprocess app${inside('vrrp_track_process')}\n}
track_file F {\nfile /run/f${inside('track_file')}\n}
vrrp_sync_group G {\ngroup {\n A\n B\n}${inside('vrrp_sync_group')}\n}
vrrp_instance A {\ninterface eth0\nvirtual_router_id 51\n${lines.join('\n')}${inside('vrrp_instance')}
track_script {\n S\n}\ntrack_process {\n P\n}\ntrack_file {\n F\n}
}
vrrp_instance B {\ninterface eth0\nvirtual_router_id 52\nvirtual_ipaddress {\n 192.0.2.2\n}\n}
`;
}
