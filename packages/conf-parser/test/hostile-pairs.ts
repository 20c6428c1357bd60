// Every keyword of the tables with every argument of a table that was made to hurt: one small configuration for each pair.
import { CONFIGURATION } from '../src/index.js';

/** The blocks that can be written without anything else, with the lines that each needs. */
const FRAMES: Readonly<Record<string, readonly [string, ...(readonly string[])]>> = {
  global_defs: ['global_defs'],
  vrrp_instance: [
    'vrrp_instance VI_1',
    'interface eth0',
    'virtual_router_id 51',
    'virtual_ipaddress {\n192.0.2.1/24\n}',
  ],
  vrrp_sync_group: ['vrrp_sync_group G', 'group {\nVI_1\nVI_2\n}'],
  vrrp_script: ['vrrp_script S', 'script "/bin/true"'],
  vrrp_track_process: ['vrrp_track_process P', 'process sh'],
  track_file: ['track_file F', 'file /tmp/f'],
};

const ARGUMENTS: readonly string[] = [
  ['', '0', '-0', '+1', '1', '-1', '2', '3', '7', '255', '256', '0x10', '010', '1.5', '1e3', '.5', '9z', '1 2'],
  ['65535', '65536', '2147483647', '2147483648', '4294967295', '4294967296', '99999999999999999999'],
  ['on', 'off', 'ON', 'no', 'eth0', 'nosuch0', 'root', 'nosuchuser', 'root nosuchgroup'],
  ['192.0.2.7', '192.0.2.7/33', '224.0.0.99', '::1', 'fe80::7', 'ff02::99', '255.255.255.255', '1.2.3'],
  ['""', '"a b"', '"', "'x'", '{', '}', '{ }', '# x', '! x', '$X', '/nosuch/file', 'a,b', '\\'],
].flat();

export interface Pair {
  /** `KEYWORD ARGUMENT`. */
  readonly statement: string;
  /** The keyword is vrrpd's own. */
  readonly addition: boolean;
  readonly text: string;
}

/** In the order of the tables; the same on every machine. */
export function hostilePairs(): readonly Pair[] {
  return Object.entries(FRAMES).flatMap(([name, [head, ...needs]]) => {
    const keywords = CONFIGURATION.keywords.find((keyword) => keyword.name === name)?.block?.().keywords ?? [];
    return keywords.flatMap((keyword) =>
      ARGUMENTS.map((argument) => {
        const statement = `${keyword.name} ${argument}`.trimEnd();
        const text = configurationWith(name, head, [...needs, statement]);
        return { statement, addition: keyword.addition === true, text };
      }),
    );
  });
}

function configurationWith(name: string, head: string, lines: readonly string[]): string {
  const block = `${head} {\n${lines.join('\n')}\n}\n`;
  if (name === 'vrrp_instance') return block;
  return block + instance(1) + (name === 'vrrp_sync_group' ? instance(2) : '');
}

function instance(number: number): string {
  const address = `virtual_ipaddress {\n192.0.2.${number}/24\n}`;
  return `vrrp_instance VI_${number} {\ninterface eth0\nvirtual_router_id ${number}\n${address}\n}\n`;
}
