// The analysis as conversations: who said what when, and what a listener concludes.
import { describe, expect, test } from '@jest/globals';
import { adviceOn, createAnalysis, formatFinding } from '../src/analysis/index.js';
import type { Analysis, Finding } from '../src/analysis/index.js';
import { decodeFrame, LINKTYPE_RAW } from '../src/capture/index.js';
import { encodeAdvertisement, encodeIpv4Header, encodePassword } from '../src/index.js';
import type { Advertisement, AdvertisementV2, AdvertisementV3, ChecksumMode } from '../src/index.js';
import { concat } from './capture-files.js';

const V3: AdvertisementV3 = {
  version: 3,
  family: 4,
  vrid: 51,
  priority: 100,
  maxAdvertiseInterval: 100,
  addresses: ['10.0.0.100'],
};
const V2: AdvertisementV2 = {
  version: 2,
  family: 4,
  vrid: 51,
  priority: 100,
  advertiseInterval: 1,
  authType: 1,
  authData: encodePassword('secret'),
  addresses: ['10.0.0.100'],
};

interface Said {
  readonly value: Advertisement;
  readonly source: string;
  readonly destination?: string;
  readonly ttl?: number;
  readonly checksum?: ChecksumMode;
  /** Changes one byte of the message afterwards. */
  readonly damage?: number;
}

/** Feeds one advertisement through real bytes, as a capture would bring it. */
function say(analysis: Analysis, number: number, at: number, said: Said): readonly Finding[] {
  const { source, destination = '224.0.0.18', checksum = 'with-pseudo-header', ttl = 255 } = said;
  const message = encodeAdvertisement(said.value, { source, destination, checksum });
  if (said.damage !== undefined) message[said.damage] = (message[said.damage] ?? 0) ^ 1;
  const header = new Uint8Array(20);
  const fields = { source, destination, ttl, tos: 0xc0, identification: number, protocol: 112 };
  encodeIpv4Header(header, 0, { ...fields, payloadLength: message.length });
  const content = decodeFrame(concat(header, message), LINKTYPE_RAW);
  if (content.kind !== 'vrrp') throw new Error(content.kind);
  return analysis.observe({ number, at, packet: content.packet });
}

/** A conversation in which `1.5 a 100` means: at 1.5 s, 10.0.0.1 (a), 10.0.0.2 (b) … advertises priority 100. */
function converse(script: string): readonly string[] {
  const analysis = createAnalysis();
  return script
    .trim()
    .split('\n')
    .flatMap((line, index) => {
      const [at = '', name = '', priority = ''] = line.trim().split(' ');
      const value = { ...V3, priority: Number(priority) };
      const source = `10.0.0.${name.charCodeAt(0) - 0x60}`;
      return say(analysis, index + 1, Math.round(Number(at) * 1e6), { value, source }).map(shortText);
    });
}

function shortText(finding: Finding): string {
  return formatFinding(finding).replace('vrid 51 (IPv4): ', '').replaceAll('10.0.0.', '.');
}

describe('mastership', () => {
  const start = 'packet 1: .1 is Master with priority 100';

  test.each<[string, string, readonly string[]]>([
    ['one Master that goes on', '0 a 100\n1 a 100\n2 a 100\n5 a 100', []],
    [
      'a Master that fell silent',
      '0 a 100\n1 a 100\n4.609 b 90',
      ['packet 3: .2 took over from .1 after 3.609 s (silent)'],
    ],
    [
      'a Master that stopped',
      '0 a 100\n1 a 100\n1.5 a 0\n2.1 b 90\n3.1 b 90',
      ['packet 3: .1 stopped (priority 0)', 'packet 4: .2 took over from .1 after 0.600 s (stopped)'],
    ],
    [
      'a better Master',
      '0 a 100\n1 a 100\n1.2 b 150\n2.2 b 150',
      ['packet 3: .2 took over from .1 after 0.200 s (preempted)'],
    ],
    [
      'an equal one with the higher address',
      '0 a 100\n0.5 b 100',
      ['packet 2: .2 took over from .1 after 0.500 s (preempted)'],
    ],
    ['a worse Master', '0 a 100\n1 a 100\n1.2 b 50', ['packet 3: .2 took over from .1 after 0.200 s (unheard)']],
    ['a pause of the only Master', '0 a 100\n10 a 100', ['packet 2: .1 is Master again after 10.000 s']],
    [
      'a stop and a start',
      '0 a 100\n1 a 0\n1.5 a 100',
      ['packet 2: .1 stopped (priority 0)', 'packet 3: .1 is Master again after 0.500 s'],
    ],
    [
      'a stop, a takeover and the first one back at once',
      '0 a 100\n1 a 0\n1.6 b 90\n2.5 a 100\n3.5 a 100',
      [
        'packet 2: .1 stopped (priority 0)',
        'packet 3: .2 took over from .1 after 0.600 s (stopped)',
        'packet 4: .1 took over from .2 after 0.900 s (preempted)',
      ],
    ],
    ['a stop of one that is not Master', '0 a 100\n0.1 b 0\n1 a 100', ['packet 2: .2 stopped (priority 0)']],
    [
      'two at once until one falls silent',
      '0 a 100\n0.3 b 50\n1 a 100\n1.3 b 50\n2 a 100\n3 a 100\n4 a 100\n5 a 100',
      [
        'packet 2: .2 took over from .1 after 0.300 s (unheard)',
        'packet 3: .2 and .1 are Master at the same time',
        'packet 8: only .1 is Master again, after 1.000 s',
      ],
    ],
    [
      'two at once until one stops',
      '0 a 100\n0.3 b 50\n1 a 100\n1.3 b 50\n1.8 a 0\n2.3 b 50',
      [
        'packet 2: .2 took over from .1 after 0.300 s (unheard)',
        'packet 3: .2 and .1 are Master at the same time',
        'packet 5: .1 stopped (priority 0)',
        'packet 5: only .2 is Master again, after 1.500 s',
      ],
    ],
    [
      'two at once, both silent, one back',
      '0 a 100\n0.3 b 50\n1 a 100\n20 b 50',
      [
        'packet 2: .2 took over from .1 after 0.300 s (unheard)',
        'packet 3: .2 and .1 are Master at the same time',
        'packet 4: only .2 is Master again, after 0.700 s',
        'packet 4: .2 took over from .1 after 19.000 s (silent)',
      ],
    ],
    [
      'there and back again, each after silence',
      '0 a 100\n4 b 90\n8 a 100',
      [
        'packet 2: .2 took over from .1 after 4.000 s (silent)',
        'packet 3: .1 took over from .2 after 4.000 s (silent)',
      ],
    ],
    ['time that runs backwards', '5 a 100\n4 b 150', ['packet 2: .2 took over from .1 after 0.000 s (preempted)']],
  ])('%s', (_, script, expected) => {
    expect(converse(script)).toEqual([start, ...expected]);
  });

  test('a stop before anything else is no Master', () => {
    expect(converse('0 a 0')).toEqual(['packet 1: .1 stopped (priority 0)']);
  });
});

describe('what speakers should agree on', () => {
  test.each<[string, Partial<Said>, Partial<Said>, readonly string[]]>([
    ['nothing differs', { value: V3 }, { value: V3 }, []],
    [
      'addresses in another order',
      { value: { ...V3, addresses: ['10.0.0.8', '10.0.0.9'] } },
      { value: { ...V3, addresses: ['10.0.0.9', '10.0.0.8'] } },
      [],
    ],
    [
      'one address more',
      { value: V3 },
      { value: { ...V3, addresses: ['10.0.0.100', '10.0.0.9'] } },
      ['.2 has addresses .100 .9, .1 has .100'],
    ],
    [
      'strangers',
      { value: V3 },
      { value: { ...V3, addresses: ['10.0.0.9'] } },
      ['strangers share it: .2 for .9, .1 for .100'],
    ],
    [
      'no address is no stranger',
      { value: V3 },
      { value: { ...V3, addresses: [] } },
      ['.2 has addresses , .1 has .100'],
    ],
    [
      'intervals',
      { value: V3 },
      { value: { ...V3, maxAdvertiseInterval: 250 } },
      ['.2 has interval 2.5 s, .1 has 1 s'],
    ],
    [
      'checksum forms',
      { value: V3 },
      { value: V3, checksum: 'payload-only' },
      ['.2 has checksum payload-only, .1 has with-pseudo-header'],
    ],
    ['versions', { value: V3 }, { value: { ...V2, authType: 0 } }, ['.2 has version 2, .1 has 3']],
    [
      'authentication',
      { value: V2 },
      { value: { ...V2, authType: 0 } },
      ['.2 has authentication none, .1 has simple password'],
    ],
    [
      'passwords, not shown',
      { value: V2 },
      { value: { ...V2, authData: encodePassword('other') } },
      ['.2 and .1 send different passwords'],
    ],
  ])('%s', (_, first, second, expected) => {
    const analysis = createAnalysis();
    say(analysis, 1, 0, { value: V3, source: '10.0.0.1', ...first });
    const findings: Finding[] = [];
    for (const number of [2, 3, 4]) {
      findings.push(...say(analysis, number, number, { value: V3, source: '10.0.0.2', ...second }));
      findings.push(...say(analysis, number, number, { value: V3, source: '10.0.0.1', ...first }));
    }
    const texts = findings.filter(({ kind }) => kind === 'differing' || kind === 'shared-vrid').map(shortText);
    // Told once, however often both speak.
    expect(texts).toEqual(expected.map((text) => `packet 2: ${text}`));
  });

  test('a setting that changes later is noticed then', () => {
    const analysis = createAnalysis();
    say(analysis, 1, 0, { value: V3, source: '10.0.0.1' });
    say(analysis, 2, 0, { value: V3, source: '10.0.0.2' });
    const findings = say(analysis, 3, 0, { value: { ...V3, maxAdvertiseInterval: 50 }, source: '10.0.0.1' });
    expect(findings.map(({ kind }) => kind)).toContain('differing');
  });
});

/** What one speaker that says this twice is told for. */
function odd(said: Partial<Said>): readonly Finding[] {
  const analysis = createAnalysis();
  const twice = [1, 2].flatMap((number) => say(analysis, number, number, { value: V3, source: '10.0.0.1', ...said }));
  return twice.filter(({ kind }) => kind !== 'master-appeared');
}

describe('oddities', () => {
  test('a TTL other than 255, told once, and worse for multicast', () => {
    const [multicast, ...rest] = odd({ ttl: 64 });
    expect(rest).toEqual([]);
    expect(multicast && shortText(multicast)).toBe('packet 1: .1 is heard with TTL 64 instead of 255');
    expect(multicast && adviceOn(multicast)).toContain('receivers discard it');
    const [unicast] = odd({ ttl: 64, destination: '10.0.0.2' });
    expect(unicast && adviceOn(unicast)).toContain('fine for unicast');
  });

  test('a wrong checksum, told once, and no word in the mastership', () => {
    const [finding, ...rest] = odd({ damage: 2 });
    expect(rest).toEqual([]);
    expect(finding && shortText(finding)).toMatch(/^packet 1: \.1 sent what no receiver accepts: checksum 0x/);
  });
});

test('summaries keep virtual routers apart', () => {
  const analysis = createAnalysis();
  say(analysis, 1, 10, { value: V3, source: '10.0.0.1' });
  say(analysis, 2, 20, { value: V3, source: '10.0.0.2', damage: 3 });
  say(analysis, 3, 30, { value: { ...V3, vrid: 52 }, source: '10.0.0.3' });
  say(analysis, 4, 40, { value: { ...V3, vrid: 53, priority: 0 }, source: '10.0.0.4' });
  const shared = { twoMasters: false, malformed: 0, packets: 1 };
  const router = { family: 4, vlans: [] };
  expect(analysis.summaries()).toEqual([
    {
      ...shared,
      router: { ...router, vrid: 51 },
      master: '10.0.0.1',
      since: 10,
      speakers: ['10.0.0.1'],
      packets: 2,
      malformed: 1,
    },
    { ...shared, router: { ...router, vrid: 52 }, master: '10.0.0.3', since: 30, speakers: ['10.0.0.3'] },
    { ...shared, router: { ...router, vrid: 53 }, master: undefined, since: undefined, speakers: ['10.0.0.4'] },
  ]);
});

test('a flood of forged sources fills no memory', () => {
  const analysis = createAnalysis();
  for (let i = 1; i <= 200; i += 1) say(analysis, i, i, { value: V3, source: `10.0.1.${i}` });
  expect(analysis.summaries()[0]?.speakers).toHaveLength(64);
});

test('what is not ordinary comes with advice', () => {
  const analysis = createAnalysis();
  const findings = [
    ...say(analysis, 1, 0, { value: V3, source: '10.0.0.1' }),
    ...say(analysis, 2, 1e6, {
      value: { ...V3, addresses: ['10.0.0.9'], maxAdvertiseInterval: 200 },
      source: '10.0.0.2',
    }),
    ...say(analysis, 3, 1.1e6, { value: V3, source: '10.0.0.1' }),
    ...say(analysis, 4, 1.2e6, { value: { ...V3, priority: 0 }, source: '10.0.0.1' }),
    ...say(analysis, 5, 30e6, { value: V3, source: '10.0.0.2' }),
    ...say(analysis, 6, 60e6, { value: V3, source: '10.0.0.3' }),
  ];
  const advised = findings.map((finding) => `${finding.kind}: ${adviceOn(finding) === undefined ? '-' : 'advice'}`);
  expect(advised).toEqual([
    'master-appeared: -',
    'shared-vrid: advice',
    'differing: advice',
    'takeover: -',
    'two-masters: advice',
    'stopped: -',
    'two-masters-ended: -',
    'master-returned: advice',
    'takeover: advice',
  ]);
});
