// The status document as a zod schema, from which docs/reference/status.schema.json is made: the subpath `vrrpd/schema`. The
// daemon does not load it. The schema and document.ts are kept the same by the compiler.
import { z } from 'zod';
import type { StatusDocument } from './document.js';

const time = z.iso.datetime();
const seconds = z.number().min(0).describe('Seconds.');
const count = z.number().int().min(0);
const role = z.enum(['initialize', 'backup', 'master', 'fault']);
const trackerKind = z.enum(['interface', 'script', 'process', 'file', 'bfd']);
const faultKind = z.enum([
  'interface-down',
  'no-primary-address',
  'no-socket',
  'cannot-send',
  'tracker-down',
  'tracker-pending',
  'group-member',
]);
const cause = z.enum([
  'startup',
  'shutdown',
  'address-owner',
  'master-down-timer',
  'priority-zero-timer',
  'higher-priority-advertisement',
  'equal-priority-higher-address',
  'address-lost',
  'route-lost',
  'rule-lost',
  'owner-conflict',
  'timer-expired',
  'fault',
  'faults-cleared',
  'sync-group',
]);

const daemon = z.strictObject({
  version: z.string(),
  node: z.string().describe('Version of Node.js.'),
  pid: z.number().int(),
  startedAt: time,
  uptime: seconds,
});

const lateness = z
  .strictObject({
    count: count.describe('How often the engine woke for a deadline.'),
    sum: seconds,
    max: seconds,
    buckets: z.array(z.strictObject({ atMost: seconds, count })).describe('Cumulative.'),
  })
  .describe('How late the engine woke for its deadlines.');

const engine = z.strictObject({
  answered: z.boolean().describe('False: the engine said nothing within its time limit, so roles are not known.'),
  lateness: lateness.nullable(),
});

const reload = z.strictObject({
  time,
  successful: z.boolean(),
  reason: z.string().nullable().describe('Why not; the log has the findings.'),
});

const place = z.strictObject({ file: z.string(), line: z.number().int().min(1), column: z.number().int().min(1) });

const finding = z.strictObject({
  code: z.string().describe('As in docs/reference/diagnostics.md.'),
  severity: z.enum(['error', 'warning', 'info']),
  message: z.string(),
  place: place.nullable(),
});

const configuration = z.strictObject({
  file: z.string(),
  loadedAt: time.describe('When the configuration that runs was loaded.'),
  lastReload: reload.nullable(),
  findings: z.array(finding).describe('What of it is left out, and what has no effect.'),
});

const priority = z.strictObject({
  base: z.number().int().min(1).max(255),
  parts: z.array(z.strictObject({ kind: trackerKind, name: z.string(), value: z.number().int() })),
  sum: z.number().int().describe('Base and parts, before the limits.'),
  effective: z.number().int().min(1).max(255),
  rivalOwner: z.string().nullable().describe('Another owner of the addresses that does not give way: 254 counts.'),
});

const master = z.strictObject({
  address: z.string(),
  priority: z.number().int().min(0).max(255),
  heard: seconds.nullable().describe('Seconds since its last good advertisement.'),
  advertisementInterval: seconds,
});

const virtualAddress = z.strictObject({
  address: z.string(),
  prefixLength: z.number().int().min(0).max(128),
  interface: z.string(),
  advertised: z.boolean().describe('False: virtual_ipaddress_excluded.'),
  present: z.boolean().describe('Whether the kernel has it.'),
});

const discardReason = z.enum([
  'vrid',
  'startup-delay',
  'length',
  'ttl',
  'version',
  'auth-type-invalid',
  'auth-type-mismatch',
  'auth-failure',
  'advertisement-interval',
  'type',
  'checksum',
  'destination-kind',
  'owner-ignores',
  'foreign-addresses',
  'unknown-peer',
  'peer-ttl',
  'role',
]);

const repairs = z.strictObject({
  count,
  last: z
    .strictObject({
      time,
      addresses: z.array(z.string()),
      by: z
        .strictObject({ pid: z.number().int().min(0), process: z.string().nullable() })
        .nullable()
        .describe('Who removed them, where the kernel says so.'),
    })
    .nullable(),
});

const unheard = z
  .strictObject({
    source: z.string(),
    reason: discardReason,
    message: z.string().describe('Who, why, and what it comes to.'),
    mend: z.string().describe('What mends it.'),
    since: time,
    last: seconds.describe('Seconds since its last advertisement.'),
    count: count.describe('Advertisements for this reason.'),
  })
  .describe('A router of the same VRID whose advertisements are not used; forgotten after a minute of silence.');

const statistics = z
  .strictObject({
    advertisementsReceived: count,
    advertisementsSent: count,
    becameMaster: count,
    releasedMaster: count,
    packetLengthErrors: count,
    advertisementIntervalErrors: count,
    ttlErrors: count,
    invalidTypes: count,
    addressListErrors: count,
    invalidAuthenticationTypes: count,
    authenticationTypeMismatches: count,
    authenticationFailures: count,
    priorityZeroReceived: count,
    priorityZeroSent: count,
    actionsFailed: count.describe('Actions that the host could not carry out.'),
    discards: z.record(discardReason, count).describe('Received datagrams that were not used, by reason.'),
    heardWhileMaster: count.describe('Advertisements of others that came while it was Master.'),
    announcementsSent: count,
  })
  .describe('Counters since the virtual router was configured.');

const virtualRouter = z.strictObject({
  name: z.string(),
  interface: z.string(),
  vrid: z.number().int().min(1).max(255),
  family: z.union([z.literal(4), z.literal(6)]),
  version: z.union([z.literal(2), z.literal(3)]),
  role,
  since: z.strictObject({ time, seconds, previous: role, cause }).nullable(),
  priority,
  preempt: z.boolean(),
  syncGroup: z.string().nullable(),
  advertisementInterval: seconds,
  masterDownInterval: seconds,
  skewTime: seconds,
  primaryAddress: z.string().nullable().describe('Where its advertisements come from.'),
  master: master.nullable().describe('The other router that is believed to be Master.'),
  next: z
    .strictObject({ kind: z.enum(['take-over', 'advertise', 'start', 'retry']), in: seconds })
    .nullable()
    .describe('What it does next by itself.'),
  changes: z.array(z.string()).describe('What would change its role.'),
  virtualAddresses: z.array(virtualAddress),
  faults: z.array(
    z.strictObject({
      kind: faultKind,
      message: z.string(),
    }),
  ),
  repairs: repairs.describe('Virtual addresses that somebody removed and that were put back.'),
  unheard: z.array(unheard).describe('As Master: others that hold the addresses, too.'),
  statistics,
  transitions: z.array(z.strictObject({ from: role, to: role, cause, count })),
});

const tracker = z.strictObject({
  name: z.string(),
  kind: trackerKind,
  status: z.enum(['up', 'down', 'unknown']),
  reason: z.string().nullable().describe('Why it is down: exec-error, timeout, signal 9, exit 3, …'),
  evidence: z.string().nullable().describe('The same at length.'),
  since: z.strictObject({ time, seconds }).nullable(),
  lastRun: z
    .strictObject({ result: z.string(), duration: seconds, ended: seconds.describe('Seconds since it ended.') })
    .nullable(),
  runs: z.array(z.strictObject({ result: z.string(), count })).describe('How often a run ended so.'),
  usedBy: z.array(
    z.strictObject({
      virtualRouter: z.string(),
      effect: z.enum(['gate', 'weight']),
      weight: z.number().int(),
      reverse: z.boolean(),
    }),
  ),
});

const schema = z.strictObject({
  time,
  daemon,
  engine,
  configuration,
  virtualRouters: z.array(virtualRouter).describe('Empty when the engine did not answer.'),
  syncGroups: z.array(z.strictObject({ name: z.string(), role, members: z.array(z.string()) })),
  trackers: z.array(tracker),
  notifications: z.strictObject({
    fifos: z.array(z.strictObject({ path: z.string(), lost: count.describe('Lines that found it full.') })),
  }),
});

/** The schema of {@link StatusDocument}; `z.toJSONSchema(statusSchema)` is what docs publish. */
export const statusSchema: z.ZodType<StatusDocument> = schema;

type DeepReadonly<T> = T extends readonly (infer E)[]
  ? readonly DeepReadonly<E>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** Fails to compile when the schema lacks a value that the document may have. */
export const schemaIsComplete: StatusDocument extends DeepReadonly<z.infer<typeof schema>> ? true : never = true;
