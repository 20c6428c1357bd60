// Which instances of a configuration can be run, pure, and a note about each of the others.
import type { Config, VrrpInstance } from '@vrrp/conf-parser';

/** A sentence about something the plan had to leave out, with the instance if it concerns one. */
export interface PlanNote {
  readonly code: string;
  readonly instance?: string;
  readonly message: string;
}

export interface AdmittedInstance {
  readonly instance: VrrpInstance;
  readonly link: string;
  /** undefined: its adverts go to unicast peers. */
  readonly multicastGroup: string | undefined;
}

export interface Admission {
  /** By the key of the virtual router that each becomes. */
  readonly admitted: ReadonlyMap<string, AdmittedInstance>;
  readonly notes: readonly PlanNote[];
}

/** Total: what cannot be run is left out and becomes a note. */
export function admitInstances(config: Config): Admission {
  const admitted = new Map<string, AdmittedInstance>();
  const notes: PlanNote[] = [];
  for (const instance of config.vrrp_instance) {
    const { name, interface: link } = instance;
    if (link === undefined) {
      const message = `(${name}) has no interface; unicast without an interface is not supported yet`;
      notes.push({ code: 'plan/no-interface', instance: name, message });
      continue;
    }
    const multicastGroup = multicastGroupOf(config, instance);
    const key = keyOf(instance, link, multicastGroup, admitted);
    const twin = admitted.get(key);
    if (twin === undefined) admitted.set(key, { instance, link, multicastGroup });
    else {
      const message = `(${name}) has the same virtual router id, interface and family as (${twin.instance.name}) and is left out`;
      notes.push({ code: 'plan/duplicate-vrid', instance: name, message });
    }
  }
  return { admitted, notes };
}

/**
 * Unicast virtual routers with the same VRID, link and family are told apart by their source and their peers, as keepalived
 * does; the first of them keeps the key it has when it is alone, so that a reload that adds another leaves it as it is.
 */
function keyOf(
  { family, virtual_router_id: vrid, unicast_src_ip, mcast_src_ip, unicast_peer }: VrrpInstance,
  link: string,
  multicastGroup: string | undefined,
  admitted: Admission['admitted'],
): string {
  const key = `${link}/${family}/${vrid}/${multicastGroup ?? 'unicast'}`;
  if (multicastGroup !== undefined || !admitted.has(key)) return key;
  const source = unicast_src_ip ?? mcast_src_ip ?? '';
  const peers = unicast_peer.map(({ address }) => address).toSorted();
  const twin = admitted.get(key)?.instance;
  const isSame =
    (twin?.unicast_src_ip ?? twin?.mcast_src_ip ?? '') === source &&
    twin?.unicast_peer.some(({ address }) => peers.includes(address)) === true;
  return isSame ? key : `${key}/${source}/${peers.join(',')}`;
}

function multicastGroupOf({ global_defs: globals }: Config, instance: VrrpInstance): string | undefined {
  if (instance.unicast_peer.length > 0) return undefined;
  return instance.mcast_dst_ip ?? (instance.family === 4 ? globals.vrrp_mcast_group4 : globals.vrrp_mcast_group6);
}
