// Writes the keepalived.conf of one virtual router, the same text for keepalived and for vrrpd (keepalived.conf(5),
// "vrrp_instance"). Only the keywords that the interop suites need.

const OWNER_PRIORITY = 255;

export interface InstanceOptions {
  /** 'VI_1' unless told otherwise. */
  readonly name?: string;
  readonly version: 2 | 3;
  readonly vrid: number;
  /** 1-254, or 255 for the owner of the addresses. */
  readonly priority: number;
  /** Seconds: whole ones in version 2, hundredths in version 3. */
  readonly interval: number;
  readonly interface: string;
  /** 'ADDRESS/PREFIX' each. */
  readonly addresses: readonly string[];
  /** Authentication of type PASS, at most 8 characters; version 2 only. */
  readonly password?: string;
  readonly unicast?: { readonly source: string; readonly peers: readonly string[] };
  /** Further lines of the instance, as they are. */
  readonly lines?: readonly string[];
}

export function instanceConfig(options: InstanceOptions): string {
  return [
    ...block(`vrrp_instance ${options.name ?? 'VI_1'}`, [
      `state ${options.priority === OWNER_PRIORITY ? 'MASTER' : 'BACKUP'}`,
      `interface ${options.interface}`,
      `version ${options.version}`,
      `virtual_router_id ${options.vrid}`,
      `priority ${options.priority}`,
      `advert_int ${options.interval}`,
      ...authentication(options.password),
      ...unicast(options.unicast),
      ...(options.lines ?? []),
      ...block('virtual_ipaddress', options.addresses),
    ]),
    '',
  ].join('\n');
}

function authentication(password: string | undefined): readonly string[] {
  return password === undefined ? [] : block('authentication', ['auth_type PASS', `auth_pass ${password}`]);
}

function unicast(options: InstanceOptions['unicast']): readonly string[] {
  return options === undefined ? [] : [`unicast_src_ip ${options.source}`, ...block('unicast_peer', options.peers)];
}

function block(head: string, lines: readonly string[]): readonly string[] {
  return [`${head} {`, ...lines.map((line) => `    ${line}`), '}'];
}
