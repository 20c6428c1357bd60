// Nodes with the production engine from real configuration texts: what each fault does to them, and what the judges say.
import { describe, expect, test } from '@jest/globals';
import type { Role } from '@vrrp/state-machine';
import { createMemoryLoader, parseConfig } from '@vrrp/conf-parser';
import type { Desired } from '../../src/plan/desired.js';
import { planConfig } from '../../src/plan/plan.js';
import { Judges, parseFaultScript } from '@vrrp/state-machine/sim';
import { mastershipOf, totalTime, type Mastership } from '../../src/simulation/mastership.js';
import { Simulation } from '../../src/simulation/simulation.js';
import { stageOf } from '../../src/simulation/stage.js';
import { timelineLines } from '../../src/simulation/timeline.js';
import { viewOf } from '../../src/simulation/view.js';

const SECOND = 1_000_000;
/** Version 3 at 1 s: three intervals and (256 - priority) / 256 s. */
const DOWN_150 = 3_414_062;
const DOWN_100 = 3_609_375;
const VIP = '192.0.2.100';

const instance = (priority: number, more = ''): string =>
  `vrrp_instance VI_1 {\n interface eth0\n virtual_router_id 51\n version 3\n priority ${priority}\n${more}\n virtual_ipaddress {\n ${VIP}\n }\n}\n`;
const SCRIPT = 'vrrp_script chk {\n script "/bin/check"\n interval 1\n fall 2\n rise 2\n weight -60\n}\n';
const TRACK = 'track_script {\n chk\n}';

interface Story {
  readonly simulation: Simulation;
  readonly mastership: Mastership;
  readonly lines: readonly string[];
}

function plan(text: string): Desired {
  const { model, diagnostics } = parseConfig('/k.conf', createMemoryLoader({ '/k.conf': text }));
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (model === undefined) throw new Error('the test configuration was not read');
  return planConfig(model).desired;
}

/** Node a from the first text, b from the second, … for so many seconds. */
async function play(texts: readonly string[], script: string, seconds: number, reloads = {}): Promise<Story> {
  const nodes = texts.map((text, index) => ({ name: 'abc'.charAt(index), desired: plan(text) }));
  const { faults, problems } = parseFaultScript(script, stageOf(nodes));
  expect(problems).toEqual([]);
  const files = new Map(Object.entries<string>(reloads).map(([name, text]) => [name, plan(text)]));
  const simulation = new Simulation({ nodes, seed: 1, faults, reloads: files });
  await simulation.start();
  await simulation.runUntil(seconds * SECOND);
  const { events, routers } = simulation.recorder;
  const [router] = routers;
  if (router === undefined) throw new Error('no virtual router runs');
  return {
    simulation,
    mastership: mastershipOf(router, events, seconds * SECOND),
    lines: timelineLines(events).map((line) => line.trim().replaceAll(/ +/g, ' ')),
  };
}

function withPassword(password: string): string {
  const authentication = `authentication {\n auth_type PASS\n auth_pass ${password}\n }`;
  return instance(100, authentication).replace('version 3', 'version 2');
}

function unicast(peer: string, source = ''): string {
  return instance(100, `${source}\n unicast_peer {\n ${peer}\n }`);
}

function overIpv6(priority: number): string {
  return instance(priority).replace(VIP, 'fe80::100');
}

/** What the judges say about 30 s of two nodes, one of them or the network spoilt. */
async function judged(
  spoil: (simulation: Simulation) => void,
  script = '',
  [a, b, later = a]: readonly string[] = [instance(150), instance(100)],
): Promise<readonly string[]> {
  const nodes = [a, b].map((text = '', index) => ({ name: 'ab'.charAt(index), desired: plan(text) }));
  const { faults } = parseFaultScript(script, stageOf(nodes));
  const reloads = new Map([['later', plan(later ?? '')]]);
  const simulation = new Simulation({ nodes, seed: 1, faults, reloads });
  const judges = new Judges(viewOf(simulation));
  spoil(simulation);
  await simulation.start();
  await simulation.runUntil(30 * SECOND, () => judges.look());
  judges.checkSettled();
  return judges.violations.map((violation) => violation.replace(/^\d+ µs: /, ''));
}

/** The kernel of the first node says that it removes addresses, and does not. */
function keepAddresses({ nodes: [a] }: Simulation): void {
  const kernel = a?.host.kernel;
  const apply = kernel?.apply.bind(kernel);
  if (kernel === undefined || apply === undefined) throw new Error('there is no node');
  kernel.apply = async (changes) =>
    changes[0]?.action === 'remove' ? changes.map(() => ({ ok: true, changed: true })) : apply(changes);
}

/** The second node hears nothing of the first, and nobody else knows. */
function cutInSecret({ wires }: Simulation): void {
  const lan = wires.get('eth0')?.datagrams;
  if (lan === undefined) throw new Error('there is no wire');
  lan.partition('a', 'b');
  lan.isConnected = () => true;
}

/** The engines of both nodes, a and b, name these roles. */
function lie(...roles: readonly Role[]): (simulation: Simulation) => void {
  return ({ nodes }) => {
    for (const [index, { host }] of nodes.entries()) {
      const role = roles[index];
      const { engine } = host;
      const snapshot = engine.snapshot.bind(engine);
      engine.snapshot = () => snapshot().map((one) => Object.assign(one, { role }));
    }
  };
}

const holders = ({ simulation }: Story): readonly string[] =>
  simulation.nodes.filter(({ host }) => host.holds(VIP)).map(({ name }) => name);

describe('two nodes', () => {
  test('the better one is Master after its Master_Down_Interval', async () => {
    const story = await play([instance(150), instance(100)], '', 10);
    expect(story.mastership).toMatchObject({
      withoutMaster: [{ from: 0, to: DOWN_150 }],
      withTwoMasters: [],
      masters: ['a'],
    });
    expect(holders(story)).toEqual(['a']);
  });

  test('state MASTER is no head start: each waits for its Master_Down_Interval, and the priority decides', async () => {
    const wishes = await play([instance(150), instance(100, 'state MASTER')], '', 10);
    expect(wishes.mastership).toEqual((await play([instance(150), instance(100)], '', 10)).mastership);
    const alone = await play([instance(100, 'state MASTER')], '', 10);
    expect(alone.mastership.withoutMaster).toEqual([{ from: 0, to: DOWN_100 }]);
  });

  test('equal priorities: the later node has the higher address', async () => {
    expect((await play([instance(100), instance(100)], '', 10)).mastership.masters).toEqual(['b']);
  });

  test('a crash moves the address; the machine comes back without it and takes it again', async () => {
    const story = await play([instance(150), instance(100)], 'at 10s crash a\nat 20s start a', 30);
    const [, gap] = story.mastership.withoutMaster;
    // The last advertisement left less than a second before the crash.
    expect(gap?.from).toBe(10 * SECOND);
    expect((gap?.to ?? 0) - 10 * SECOND).toBeGreaterThan(DOWN_100 - SECOND);
    expect((gap?.to ?? 0) - 10 * SECOND).toBeLessThanOrEqual(DOWN_100);
    expect(story.lines).toContain('10.000 s a VI_1 is not running: its machine crashed');
    expect(story.lines.some((line) => line.includes('left there'))).toBe(false);
    expect(story.mastership.masters).toEqual(['a']);
  });

  test('a killed process leaves the address on its machine until it starts again', async () => {
    const killed = await play([instance(150), instance(100)], 'at 10s kill a', 20);
    expect([killed.mastership.masters, holders(killed)]).toEqual([['b'], ['a', 'b']]);
    const started = await play([instance(150), instance(100)], 'at 10s kill a\nat 20s start a', 21);
    expect(holders(started)).toEqual(['b']);
    expect(started.lines).toContain(`20.000 s a removed ${VIP}, left there by the run before`);
  });

  test('a clean stop costs the skew time only', async () => {
    const { mastership } = await play([instance(150), instance(100)], 'at 10s stop a', 20);
    expect(totalTime(mastership.withoutMaster) - DOWN_150).toBeLessThan(SECOND);
    expect(mastership.masters).toEqual(['b']);
  });

  test('restart: stopped and started at once', async () => {
    const story = await play([instance(150), instance(100)], 'at 10s restart a', 20);
    expect(story.lines).toContain('10.000 s a VI_1 is not running: it was told to stop');
    expect(story.mastership.masters).toEqual(['a']);
  });

  test('a stalled Master still holds its address: two Masters until it hears that it has lost', async () => {
    const { mastership, lines } = await play([instance(100), instance(150, 'nopreempt')], 'at 10s stall b for 8s', 25);
    const [both] = mastership.withTwoMasters;
    expect(both?.to).toBeGreaterThanOrEqual(18 * SECOND);
    expect(lines.some((line) => /^18\.000 s b woke \d/.test(line))).toBe(true);
    expect(mastership.masters).toHaveLength(1);
  });

  test('one direction cut: two Masters, until it is healed', async () => {
    const story = await play([instance(150), instance(100)], 'at 10s partition a -> b\nat 20s heal', 30);
    const [both] = story.mastership.withTwoMasters;
    expect(both?.from).toBeLessThan(10 * SECOND + DOWN_100);
    expect(both?.to).toBeGreaterThan(20 * SECOND);
    expect(both?.to).toBeLessThan(21.1 * SECOND);
    expect(holders(story)).toEqual(['a']);
  });

  test('a link without carrier is a fault, and its return none', async () => {
    const { mastership, lines } = await play(
      [instance(150), instance(100)],
      'at 10s link a eth0 down\nat 20s link a eth0 up',
      30,
    );
    expect(lines).toContain('10.000 s a VI_1 is in fault, priority 150: interface eth0 is down');
    expect(mastership.lanes[0]?.periods.map(({ role }) => role)).toEqual([
      'backup',
      'master',
      'fault',
      'backup',
      'master',
    ]);
  });

  test('everything is lost: both are Master', async () => {
    expect((await play([instance(150), instance(100)], 'at 10s loss 100%', 20)).mastership.masters).toEqual(['a', 'b']);
  });

  test('somebody removes the address: it is back, and nobody changes the role', async () => {
    const story = await play([instance(150), instance(100)], `at 10s remove ${VIP} on a`, 20);
    expect(story.lines.filter((line) => line.startsWith('10.'))).toEqual([`10.000 s ------- remove ${VIP} on a`]);
    expect(holders(story)).toEqual(['a']);
  });

  test('different passwords: two Masters, and the timeline says why', async () => {
    const { mastership, lines } = await play([withPassword('one'), withPassword('two')], '', 10);
    expect(mastership.masters).toEqual(['a', 'b']);
    expect(lines.some((line) => line.includes('a VI_1 discards what 198.18.0.2 sends: auth-failure'))).toBe(true);
  });
});

describe('checks', () => {
  test('fail after interval times fall, and give the priority back after rise', async () => {
    const script = 'at 10s script chk fails on a\nat 20s script chk succeeds on a';
    const { lines, mastership } = await play([SCRIPT + instance(150, TRACK), instance(100)], script, 30);
    // Runs start at whole seconds and take a millisecond: the one at 10 s is the first to fail.
    expect(lines).toContain('11.001 s a VI_1 priority 150 becomes 90');
    expect(lines).toContain('21.001 s a VI_1 priority 90 becomes 150');
    expect(mastership.lanes[1]?.periods.map(({ role }) => role)).toEqual(['backup', 'master', 'backup']);
  });
});

describe('configurations', () => {
  test('unicast nodes find each other, with unicast_src_ip and without', async () => {
    const texts = [unicast('10.1.0.2', 'unicast_src_ip 10.1.0.1'), unicast('10.1.0.1')];
    const story = await play(texts, '', 10);
    expect(story.mastership.masters).toEqual(['b']);
    // Equal priorities: both begin at once, and one advertisement decides.
    expect(totalTime(story.mastership.withTwoMasters)).toBe(100);
  });

  test('a reload takes another file', async () => {
    const { lines, mastership } = await play([instance(150), instance(100)], 'at 10s reload a with low', 20, {
      low: instance(50),
    });
    expect(lines).toContain('10.000 s a VI_1 priority 150 becomes 50');
    expect(mastership.masters).toEqual(['b']);
  });

  test('IPv6, from link-local addresses', async () => {
    expect((await play([overIpv6(150), overIpv6(100)], '', 10)).mastership.masters).toEqual(['a']);
  });
});

describe('the judges', () => {
  test('have nothing to say when all is well', async () => {
    expect(await judged(() => undefined)).toEqual([]);
  });

  test('see an address that stays on a node that is no Master', async () => {
    expect((await judged(keepAddresses, 'at 10s link a eth0 down'))[0]).toBe(`a holds ${VIP} but is no Master`);
  });

  test('see two Masters that should hear each other', async () => {
    const violations = await judged(cutInSecret);
    expect(violations[0]).toMatch(/^eth0\/4\/51: a and b are both Master and hear each other for more than \d+ µs$/);
    expect(violations).toContain('eth0/4/51: 2 Masters among a, b after everything settled');
  });

  test('allow an owner that ignores others its Mastership, and begin anew when a reload makes it a common router', async () => {
    const owners = [instance(255, 'owner_ignore_adverts'), instance(255), instance(220)];
    // Two Masters from 0 to 2.0001 s: longer than the two may be from then on, shorter than the owners may before.
    expect(await judged(() => undefined, 'at 2s reload a with later', owners)).toEqual([]);
  });

  test('see that nobody is Master, and that the best is not', async () => {
    expect(await judged(lie('backup', 'backup'))).toContain('eth0/4/51: 0 Masters among a, b after everything settled');
    expect(await judged(lie('backup', 'master'))).toContain('eth0/4/51: b is Master although a should preempt');
  });
});
