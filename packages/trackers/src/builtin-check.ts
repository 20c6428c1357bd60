// What a built-in check looks at, and how one is written in place of a script's command: `builtin:tcp 127.0.0.1:8080`.
// Pure. An addition to keepalived, whose only check is to fork a program. It does not run the check.

export type BuiltinCheck =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly statuses: readonly StatusRange[];
      /** Text that the first part of the body must hold. */
      readonly contains?: string;
      /** Whether the certificate of an https server is verified. */
      readonly verify: boolean;
    }
  | { readonly kind: 'ping'; readonly address: string }
  /** A file that exists and, with `maxAge` (µs), was written no longer ago. */
  | { readonly kind: 'file'; readonly path: string; readonly maxAge?: number }
  /** A unit of systemd that is active. */
  | { readonly kind: 'systemd'; readonly unit: string };

export interface StatusRange {
  readonly from: number;
  readonly to: number;
}

export type ParsedBuiltin =
  | { readonly ok: true; readonly check: BuiltinCheck }
  /** For people: what is wrong, and the form that is right. */
  | { readonly ok: false; readonly problem: string };

const PREFIX = 'builtin:';
const STATUS_OK: StatusRange = { from: 200, to: 299 };
const PORT_MAX = 65_535;

/** Whether a command is meant to be a built-in check, right or wrong. */
export function isBuiltinCheck(argv: readonly string[]): boolean {
  return argv[0]?.startsWith(PREFIX) === true;
}

export function parseBuiltinCheck(argv: readonly string[]): ParsedBuiltin {
  const [command = '', target = '', ...words] = argv;
  const kind = command.slice(PREFIX.length);
  const form = FORMS.get(kind);
  if (!command.startsWith(PREFIX) || form === undefined)
    return problem(`${command} is no built-in check; there are ${[...FORMS.keys()].join(', ')}`);
  const settings = new Map<string, string>();
  for (const word of words) {
    const [name = '', ...value] = word.split('=');
    if (!form.settings.includes(name) || value.length === 0 || settings.has(name))
      return problem(`${word} is not understood; write ${form.usage}`);
    settings.set(name, value.join('='));
  }
  const check = target === '' ? undefined : form.parse(target, settings);
  return check === undefined
    ? problem(`${[target, ...words].join(' ')} is not understood; write ${form.usage}`)
    : { ok: true, check };
}

interface Form {
  readonly usage: string;
  readonly settings: readonly string[];
  readonly parse: (target: string, settings: ReadonlyMap<string, string>) => BuiltinCheck | undefined;
}

const FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['tcp', { usage: 'builtin:tcp HOST:PORT', settings: [], parse: parseTcp }],
  [
    'http',
    {
      usage: 'builtin:http URL [status=200-299,304] [contains=TEXT] [verify=no]',
      settings: ['status', 'contains', 'verify'],
      parse: parseHttp,
    },
  ],
  ['ping', { usage: 'builtin:ping ADDRESS', settings: [], parse: parsePing }],
  ['file', { usage: 'builtin:file PATH [max-age=30s]', settings: ['max-age'], parse: parseFile }],
  ['systemd', { usage: 'builtin:systemd UNIT', settings: [], parse: parseSystemd }],
]);

/** What looks like an address: a host name would have to be looked up each time. */
function parsePing(address: string): BuiltinCheck | undefined {
  return /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)$/.test(address)
    ? { kind: 'ping', address }
    : undefined;
}

/** systemd.unit(5): letters, digits and `:-_.\@`; a name without a suffix is a service. */
function parseSystemd(unit: string): BuiltinCheck | undefined {
  if (!/^[A-Za-z0-9:_.\\@][A-Za-z0-9:_.\\@-]*$/.test(unit)) return undefined;
  return { kind: 'systemd', unit: unit.includes('.') ? unit : `${unit}.service` };
}

/** `host:port`, an IPv6 address in brackets. */
function parseTcp(target: string): BuiltinCheck | undefined {
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(target) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  return host === undefined || port < 1 || port > PORT_MAX ? undefined : { kind: 'tcp', host, port };
}

function parseHttp(url: string, settings: ReadonlyMap<string, string>): BuiltinCheck | undefined {
  const status = settings.get('status');
  const contains = settings.get('contains');
  const verify = settings.get('verify') ?? 'yes';
  const statuses = status === undefined ? [STATUS_OK] : parseStatuses(status);
  if (!/^https?:\/\/[^/?#\s]+/.test(url) || statuses === undefined || !['yes', 'no'].includes(verify)) return undefined;
  const common = { kind: 'http', url, statuses, verify: verify === 'yes' } as const;
  return contains === undefined ? common : { ...common, contains };
}

/** `200-299,304`. */
function parseStatuses(text: string): readonly StatusRange[] | undefined {
  const ranges = text.split(',').map((part) => {
    const [, from, to = from] = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(part) ?? [];
    return { from: Number(from), to: Number(to) };
  });
  return ranges.every(({ from, to }) => from <= to) ? ranges : undefined;
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1_000],
  ['s', 1_000_000],
  ['m', 60_000_000],
  ['h', 3_600_000_000],
]);

function parseFile(path: string, settings: ReadonlyMap<string, string>): BuiltinCheck | undefined {
  const text = settings.get('max-age');
  if (text === undefined) return { kind: 'file', path };
  const [, count = '', unit = ''] = /^(\d{1,9})(ms|s|m|h)$/.exec(text) ?? [];
  const scale = UNITS.get(unit);
  return scale === undefined ? undefined : { kind: 'file', path, maxAge: Number(count) * scale };
}

function problem(text: string): ParsedBuiltin {
  return { ok: false, problem: text };
}
