// A model that remembers which of its fields somebody asked for: `read` gets the path of each, list indexes left out. What
// belongs together and is handed on whole (a command, a mail server) is one field.

/** Blocks and lists whose fields are looked at one by one. */
const OPENED = new Set([
  '',
  'global_defs',
  'interface_up_down_delays',
  'linkbeat_interfaces',
  'vrrp_script',
  'vrrp_track_process',
  'vrrp_track_file',
  'vrrp_instance',
  'vrrp_instance.authentication',
  'vrrp_instance.unicast_peer',
  'vrrp_instance.virtual_ipaddress',
  'vrrp_instance.virtual_ipaddress_excluded',
  'vrrp_sync_group',
  ...['script', 'process', 'file', 'interface'].flatMap((kind) => [
    `vrrp_instance.track_${kind}`,
    `vrrp_sync_group.track_${kind}`,
  ]),
]);

/** A copy by spread reads all fields and uses none: of these two, which the plan copies with changes, it counts for nothing. */
const COPIED = new Set(['', 'global_defs']);

export function isOpened(path: string): boolean {
  return OPENED.has(path);
}

export function recordReads<Value extends object>(value: Value, read: Set<string>, path = ''): Value {
  let described: string | symbol | undefined;
  return new Proxy(value, {
    /** A spread asks for the descriptor of each field just before it gets it. */
    getOwnPropertyDescriptor(target, key) {
      described = key;
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    get(target, key, receiver) {
      const got: unknown = Reflect.get(target, key, receiver);
      const isCopy = described === key && COPIED.has(path);
      described = undefined;
      if (typeof key === 'symbol' || typeof got === 'function') return got;
      const name = Array.isArray(target) ? path : path === '' ? key : `${path}.${key}`;
      if (typeof got === 'object' && got !== null && isOpened(name)) return recordReads(got, read, name);
      if (!isCopy) read.add(name);
      return got;
    },
  });
}
