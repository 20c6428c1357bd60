// What a probe's result says about the check that asked for it.
// Pure. Details name what was looked at, never a time or a length: the same failure reads the same each time.

import type { BuiltinCheck } from './builtin-check.js';
import type { ConnectResult, FileAgeResult, HttpResult, PingResult, ProbeFailure, UnitResult } from './prober.js';
import type { CheckResult, Evidence } from './tracker.js';

type CheckOf<Kind extends BuiltinCheck['kind']> = Extract<BuiltinCheck, { readonly kind: Kind }>;

export function judgeConnect({ host, port }: CheckOf<'tcp'>, result: ConnectResult): Evidence {
  return result.kind === 'connected' ? found('passed', `${host}:${port}`) : failure(result);
}

export function judgeHttp(check: CheckOf<'http'>, result: HttpResult): Evidence {
  if (result.kind !== 'response') return failure(result);
  const { status, body } = result;
  if (!check.statuses.some(({ from, to }) => status >= from && status <= to)) return found('http-status', `${status}`);
  if (check.contains !== undefined && !body.includes(latin(check.contains)))
    return found('http-content', `no "${check.contains}" in the body`);
  return found('passed', `${status}`);
}

export function judgePing({ address }: CheckOf<'ping'>, result: PingResult): Evidence {
  return result.kind === 'replied' ? found('passed', address) : failure(result);
}

export function judgeFileAge({ path, maxAge }: CheckOf<'file'>, result: FileAgeResult): Evidence {
  if (result.kind === 'missing') return found('file-missing', path);
  if (result.kind !== 'age') return failure(result);
  const fresh = maxAge === undefined || result.age <= maxAge;
  return found(fresh ? 'passed' : 'file-stale', path);
}

export function judgeUnit({ unit }: CheckOf<'systemd'>, result: UnitResult): Evidence {
  if (result.kind === 'active') return found('passed', unit);
  if (result.kind === 'inactive') return found('unit-inactive', unit);
  return result.kind === 'missing' ? found('unit-missing', unit) : failure(result);
}

function failure(result: ProbeFailure): Evidence {
  return result.kind === 'failed'
    ? found(result.reason, result.detail)
    : { kind: 'exec-error', message: result.message };
}

function found(result: CheckResult, detail: string): Evidence {
  return { kind: 'check', result, detail };
}

/** A text as its UTF-8 bytes, one character each: the form a body is given in. */
function latin(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}
