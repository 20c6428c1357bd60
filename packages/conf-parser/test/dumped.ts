// An instance of our model in the words of keepalived's own dump.
import type { TrackReference, VirtualIpAddress, VrrpInstance } from '../src/index.js';
import type { DumpedInstance } from './keepalived.js';

export function instanceAsDumped(instance: VrrpInstance): DumpedInstance {
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
    smtp_alert: instance.smtp_alert,
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
