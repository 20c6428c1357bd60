// The corpus against the real keepalived 2.2.7: the recorded exit status of its configuration test, and what it makes
// of every instance, from its own dump, beside our model. Root and the binary are needed.
import { afterAll, describe, expect, test } from '@jest/globals';
import { parseConfig } from '../src/index.js';
import type { TrackReference, VirtualIpAddress, VrrpInstance } from '../src/index.js';
import { ENTRY, parseText } from './configs.js';
import { CONFIG_ID, MACHINE, readCorpus } from './corpus.js';
import { openLab } from './keepalived.js';
import type { DumpedInstance } from './keepalived.js';

const lab = openLab();
afterAll(() => lab.close());

const corpus = readCorpus();
const files = [...new Set(corpus.map(({ file }) => file))];

/** What keepalived does to a machine beyond its network, or what makes it hang or crash while it runs. */
const NOT_RUN =
  /startup_script|shutdown_script|net_namespace|^instance|enable_dbus|enable_snmp|use_vmac|use_ipvlan|bfd_instance|virtual_server|static_|virtual_r(?:oute|ule)s|fifo/m;

describe.each(files)('%s', (name) => {
  const cases = corpus.filter(({ file }) => file === name);

  test('each configuration still has the status that was recorded', () => {
    const differing = cases.filter(({ text, status }) => lab.test(text) !== status).map(({ title }) => title);
    expect(differing).toEqual([]);
  });

  test('each instance is what keepalived dumps', async () => {
    const ours: object[] = [];
    const theirs: object[] = [];
    for (const { title, text } of cases) {
      if (NOT_RUN.test(text) || !text.includes('vrrp_instance')) continue;
      const ran = await lab.dump(text);
      // Without anything to run there is no VRRP process, and no dump.
      if (ran.kind === 'refused' && !ran.output.includes('VRRP child')) continue;
      const { refused, model } = parseText(text, { configId: CONFIG_ID, facts: MACHINE });
      const running = ran.kind === 'running';
      ours.push({ title, refused, ...(running ? { instances: model?.vrrp_instance.map(instanceAsDumped) } : {}) });
      theirs.push({ title, refused: !running, ...(running ? { instances: ran.instances } : {}) });
    }
    expect(ours.length).toBeGreaterThan(0);
    expect(ours).toEqual(theirs);
  }, 600_000);
});

test('a file that is not there is an empty one to the test', () => {
  expect(parseConfig(ENTRY, { read: () => undefined, glob: () => [] }).refused).toBe(true);
});

function instanceAsDumped(instance: VrrpInstance): DumpedInstance {
  const {
    name,
    version,
    state,
    virtual_router_id,
    priority,
    advert_int,
    nopreempt,
    preempt_delay,
    accept,
    authentication,
  } = instance;
  return {
    name,
    version,
    state,
    interface: instance.interface ?? '',
    virtual_router_id,
    priority,
    advert_int,
    nopreempt,
    preempt_delay,
    accept,
    strict_mode: instance.strict_mode,
    skip_check_adv_addr: instance.skip_check_adv_addr,
    down_timer_adverts: instance.down_timer_adverts,
    lower_prio_no_advert: instance.lower_prio_no_advert,
    higher_prio_send_advert: instance.higher_prio_send_advert,
    garp: [
      instance.garp_master_delay,
      instance.garp_master_repeat,
      instance.garp_master_refresh,
      instance.garp_master_refresh_repeat,
      instance.garp_lower_prio_delay,
      instance.garp_lower_prio_repeat,
    ],
    authentication: authenticationAsDumped(version, authentication),
    virtual_ipaddress: instance.virtual_ipaddress.map(addressAsDumped),
    virtual_ipaddress_excluded: instance.virtual_ipaddress_excluded.map(addressAsDumped),
    unicast_peer: instance.unicast_peer.map(({ address }) => address),
    track_interface: instance.track_interface.map(trackAsDumped),
    track_script: instance.track_script.map(trackAsDumped),
    track_process: instance.track_process.map(trackAsDumped),
    track_file: instance.track_file.map(trackAsDumped),
  };
}

/** Version 3 has no line about it; the password of AH is not shown. */
function authenticationAsDumped(version: 2 | 3, authentication: VrrpInstance['authentication']): string {
  if (version === 3) return '';
  if (authentication === undefined) return 'none';
  return authentication.auth_type === 'AH' ? 'IPSEC_AH' : `SIMPLE_PASSWORD ${authentication.auth_pass}`.trim();
}

function addressAsDumped({ address, prefix, dev, brd, label }: VirtualIpAddress): string {
  return `${address}/${prefix}${option('dev', dev)}${option('brd', brd)}${option('label', label)}`;
}

function option(name: string, value: string | undefined): string {
  return value === undefined ? '' : ` ${name} ${value}`;
}

function trackAsDumped({ name, weight, reverse }: TrackReference): string {
  return `${name} ${weight}${reverse ? ' reverse' : ''}`;
}
