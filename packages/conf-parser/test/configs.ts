// Configurations the tests share: short instances, and parseConfig over one file in memory.
import { createMemoryLoader, parseConfig } from '../src/index.js';
import type { Config, Diagnostic, ParsedConfig, ParseOptions, VrrpInstance } from '../src/index.js';

export const ENTRY = '/etc/keepalived/keepalived.conf';

export const BASICS = ['interface eth0', 'virtual_router_id 51', 'virtual_ipaddress {', '    192.0.2.1/24', '}'];

/** An instance named VI_1 with what every instance needs, and these lines. */
export function instanceText(...lines: readonly string[]): string {
  return ['vrrp_instance VI_1 {', ...BASICS, ...lines, '}', ''].join('\n');
}

export function parseText(
  text: string,
  options: ParseOptions = {},
  others: Readonly<Record<string, string>> = {},
): ParsedConfig {
  return parseConfig(ENTRY, createMemoryLoader({ [ENTRY]: text, ...others }), options);
}

export function modelOf(parsed: ParsedConfig): Config {
  if (parsed.model === undefined) throw new Error('the entry file was not read');
  return parsed.model;
}

/** The only instance of the configuration. */
export function instanceOf(text: string, options: ParseOptions = {}): VrrpInstance {
  const [first, second] = modelOf(parseText(text, options)).vrrp_instance;
  if (first === undefined || second !== undefined) throw new Error('expected one instance');
  return first;
}

/** What a diagnostic points at. */
export function excerpt(parsed: ParsedConfig, { span }: Diagnostic): string {
  return parsed.files.find((file) => file.path === span.file)?.text.slice(span.start, span.end) ?? '';
}

/** `code @ text` of every diagnostic. */
export function findings(parsed: ParsedConfig): readonly string[] {
  return parsed.diagnostics.map((diagnostic) => `${diagnostic.code} @ ${excerpt(parsed, diagnostic)}`);
}
