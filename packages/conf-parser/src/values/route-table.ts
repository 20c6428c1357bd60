// Routing tables by number or by one of the names every machine has (ip-route(8); rt_tables).
// COMPAT: names that only this machine's rt_tables knows are refused here, and accepted by keepalived.

export function isKnownTable(text: string): boolean {
  return /^(?:0[xX][0-9a-fA-F]{1,8}|\d{1,10})$/.test(text) || NAMES.has(text);
}

const NAMES: ReadonlySet<string> = new Set(['local', 'main', 'default', 'unspec']);
