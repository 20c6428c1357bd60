// The status document -> metrics in Prometheus' text format (exposition format 0.0.4). Pure, and one table: name, type, labels
// and help of each family, and how its samples are read from the document. docs/reference/status.md lists the same table.
import type { StatusDocument, TrackerDocument, VirtualRouterDocument } from './document.js';

export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export interface MetricFamily {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly labels: readonly string[];
  readonly help: string;
  read(status: StatusDocument): readonly Sample[];
}

interface Sample {
  /** `_bucket`, `_sum` and `_count` of a histogram. */
  readonly suffix?: string;
  /** As they are written: `state="master",kind="arp"`. */
  readonly labels: string;
  readonly value: number;
}

export function formatMetrics(status: StatusDocument): string {
  return METRICS.map((family) => textOf(family, family.read(status))).join('');
}

function textOf({ name, type, help }: MetricFamily, samples: readonly Sample[]): string {
  if (samples.length === 0) return '';
  let text = `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
  for (const { suffix = '', labels, value } of samples) {
    text += labels === '' ? `${name}${suffix} ${value}\n` : `${name}${suffix}{${labels}} ${value}\n`;
  }
  return text;
}

/** Pairs of a name and a value. */
function labelText(...pairs: readonly (readonly [name: string, value: string | number])[]): string {
  return pairs.map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(',');
}

const TO_ESCAPE = /[\\\n"]/;

/** A name in a configuration may hold anything. */
function escapeLabel(value: string | number): string {
  if (typeof value === 'number' || !TO_ESCAPE.test(value)) return String(value);
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

const ROLES = ['initialize', 'backup', 'master', 'fault'] as const;

/** What of the document a family has samples of, each with the labels that tell it from the others. */
interface Subjects<T> {
  readonly labels: readonly string[];
  read(status: StatusDocument): readonly T[];
  text(subject: T): string;
}

const ROUTERS: Subjects<VirtualRouterDocument> = {
  labels: ['instance', 'interface', 'vrid', 'family'],
  read: ({ virtualRouters }) => virtualRouters,
  text: ({ name, interface: link, vrid, family }) =>
    labelText(['instance', name], ['interface', link], ['vrid', vrid], ['family', `ipv${family}`]),
};

const CHECKS: Subjects<TrackerDocument> = {
  labels: ['check', 'kind'],
  read: ({ trackers }) => trackers,
  text: ({ name, kind }) => labelText(['check', name], ['kind', kind]),
};

/** A family with the samples that each subject has. */
function ofEach<T>(
  subjects: Subjects<T>,
  head: Omit<MetricFamily, 'labels' | 'read'>,
  labels: readonly string[],
  samples: (subject: T) => readonly Sample[],
): MetricFamily {
  return {
    ...head,
    labels: [...subjects.labels, ...labels],
    read: (status) =>
      subjects.read(status).flatMap((subject) => {
        const own = subjects.text(subject);
        return samples(subject).map(({ labels: more, value }) => ({
          labels: more === '' ? own : `${own},${more}`,
          value,
        }));
      }),
  };
}

function ofDaemon(
  head: Omit<MetricFamily, 'labels' | 'read'>,
  read: (status: StatusDocument) => number | undefined,
): MetricFamily {
  return { ...head, labels: [], read: (status) => one(read(status)) };
}

function one(value: number | undefined): readonly Sample[] {
  return value === undefined ? [] : [{ labels: '', value }];
}

function timestamp(time: string): number {
  return Date.parse(time) / 1000;
}

const ROUTER_METRICS: readonly MetricFamily[] = [
  ofEach(
    ROUTERS,
    { name: 'vrrp_instance_state', type: 'gauge', help: 'Role of the virtual router: 1 for the one it plays.' },
    ['state'],
    ({ role }) => ROLES.map((state) => ({ labels: labelText(['state', state]), value: state === role ? 1 : 0 })),
  ),
  ofEach(ROUTERS, { name: 'vrrp_base_priority', type: 'gauge', help: 'Configured priority.' }, [], ({ priority }) =>
    one(priority.base),
  ),
  ofEach(
    ROUTERS,
    { name: 'vrrp_effective_priority', type: 'gauge', help: 'Priority with what the trackers add; it is advertised.' },
    [],
    ({ priority }) => one(priority.effective),
  ),
  ofEach(
    ROUTERS,
    { name: 'vrrp_last_transition_timestamp_seconds', type: 'gauge', help: 'When the role was taken, Unix time.' },
    [],
    ({ since }) => one(since === null ? undefined : timestamp(since.time)),
  ),
  ofEach(
    ROUTERS,
    { name: 'vrrp_transitions_total', type: 'counter', help: 'Changes of role, by their one cause.' },
    ['from', 'to', 'cause'],
    ({ transitions }) =>
      transitions.map(({ from, to, cause, count }) => ({
        labels: labelText(['from', from], ['to', to], ['cause', cause]),
        value: count,
      })),
  ),
  ofEach(
    ROUTERS,
    { name: 'vrrp_adverts_received_total', type: 'counter', help: 'Advertisements that passed every check.' },
    [],
    ({ statistics }) => one(statistics.advertisementsReceived),
  ),
  ofEach(
    ROUTERS,
    { name: 'vrrp_adverts_sent_total', type: 'counter', help: 'Advertisements sent.' },
    [],
    ({ statistics }) => one(statistics.advertisementsSent),
  ),
  ofEach(
    ROUTERS,
    { name: 'vrrp_rx_errors_total', type: 'counter', help: 'Received datagrams that were not used, by reason.' },
    ['reason'],
    ({ statistics }) =>
      Object.entries(statistics.discards).map(([reason, value]) => ({ labels: labelText(['reason', reason]), value })),
  ),
  ofEach(
    ROUTERS,
    { name: 'vrrp_dual_master_total', type: 'counter', help: 'Advertisements of others heard while being Master.' },
    [],
    ({ statistics }) => one(statistics.heardWhileMaster),
  ),
  ofEach(
    ROUTERS,
    {
      name: 'vrrp_addresses_repaired_total',
      type: 'counter',
      help: 'Virtual addresses that somebody removed and that were put back.',
    },
    [],
    ({ repairs }) => one(repairs.count),
  ),
  ofEach(
    ROUTERS,
    {
      name: 'vrrp_unheard_router',
      type: 'gauge',
      help: 'A router of the same VRID is not heard, and why: 1 while it advertises. As Master both hold the addresses.',
    },
    ['source', 'reason'],
    ({ unheard }) =>
      unheard.map(({ source, reason }) => ({ labels: labelText(['source', source], ['reason', reason]), value: 1 })),
  ),
  ofEach(
    ROUTERS,
    { name: 'vrrp_vip_present', type: 'gauge', help: 'Whether the kernel has the virtual address.' },
    ['vip', 'dev'],
    ({ virtualAddresses }) => {
      // A series may be there once only, and an address may be configured with two prefix lengths.
      const present = new Map(
        virtualAddresses.map((one) => [labelText(['vip', one.address], ['dev', one.interface]), one.present]),
      );
      return [...present].map(([labels, value]) => ({ labels, value: value ? 1 : 0 }));
    },
  ),
  ofEach(
    ROUTERS,
    {
      name: 'vrrp_gratuitous_sent_total',
      type: 'counter',
      help: 'Gratuitous ARP requests (arp) or unsolicited neighbour advertisements (na) sent.',
    },
    ['kind'],
    ({ family, statistics }) => [
      { labels: labelText(['kind', family === 4 ? 'arp' : 'na']), value: statistics.announcementsSent },
    ],
  ),
];

const CHECK_METRICS: readonly MetricFamily[] = [
  ofEach(
    CHECKS,
    { name: 'vrrp_check_up', type: 'gauge', help: 'Whether what is tracked is good; absent until that is known.' },
    [],
    ({ status }) => one(status === 'unknown' ? undefined : status === 'up' ? 1 : 0),
  ),
  ofEach(
    CHECKS,
    { name: 'vrrp_check_failing', type: 'gauge', help: 'Why it is not good: 1 with the reason, absent otherwise.' },
    ['reason'],
    ({ reason }) => (reason === null ? [] : [{ labels: labelText(['reason', reason]), value: 1 }]),
  ),
  ofEach(
    CHECKS,
    { name: 'vrrp_check_runs_total', type: 'counter', help: 'Runs of the check that have ended, by result.' },
    ['result'],
    ({ runs }) => runs.map(({ result, count }) => ({ labels: labelText(['result', result]), value: count })),
  ),
  ofEach(
    CHECKS,
    { name: 'vrrp_check_duration_seconds', type: 'gauge', help: 'How long the last run of the check took.' },
    [],
    ({ lastRun }) => one(lastRun?.duration),
  ),
];

const DAEMON_METRICS: readonly MetricFamily[] = [
  {
    name: 'vrrp_build_info',
    type: 'gauge',
    labels: ['version', 'node'],
    help: 'Versions of vrrpd and Node.js.',
    read: ({ daemon: { version, node } }) => [
      {
        labels: labelText(['version', version], ['node', node]),
        value: 1,
      },
    ],
  },
  ofDaemon(
    { name: 'vrrp_engine_up', type: 'gauge', help: 'Whether the engine answered; 0: nothing is known of roles.' },
    ({ engine }) => (engine.answered ? 1 : 0),
  ),
  {
    name: 'vrrp_timer_lateness_seconds',
    type: 'histogram',
    labels: [],
    help: 'How late the engine woke for its deadlines.',
    read: ({ engine: { lateness } }) =>
      lateness === null
        ? []
        : [
            ...lateness.buckets.map(({ atMost, count }) => bucket(atMost, count)),
            bucket('+Inf', lateness.count),
            { suffix: '_sum', labels: '', value: lateness.sum },
            { suffix: '_count', labels: '', value: lateness.count },
          ],
  },
  ofDaemon(
    {
      name: 'vrrp_config_last_reload_successful',
      type: 'gauge',
      help: 'Whether the last reload, or without one the start, took its configuration.',
    },
    ({ configuration: { lastReload } }) => (lastReload?.successful === false ? 0 : 1),
  ),
  {
    name: 'vrrp_config_findings',
    type: 'gauge',
    labels: ['code'],
    help: 'What of the configuration that runs is left out or has no effect, by diagnostic code.',
    read: ({ configuration: { findings } }) => {
      const counts = new Map<string, number>();
      for (const { code } of findings) counts.set(code, (counts.get(code) ?? 0) + 1);
      return [...counts].map(([code, value]) => ({ labels: labelText(['code', code]), value }));
    },
  },
  ofDaemon(
    {
      name: 'vrrp_config_last_reload_success_timestamp_seconds',
      type: 'gauge',
      help: 'When the configuration that runs was loaded, Unix time.',
    },
    ({ configuration: { loadedAt } }) => timestamp(loadedAt),
  ),
];

function bucket(bound: number | string, value: number): Sample {
  return { suffix: '_bucket', labels: labelText(['le', bound]), value };
}

export const METRICS: readonly MetricFamily[] = [...ROUTER_METRICS, ...CHECK_METRICS, ...DAEMON_METRICS];
