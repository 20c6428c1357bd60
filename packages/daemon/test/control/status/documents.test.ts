// The published pages are made from the code: the JSON Schema of the status document, the table of metrics, the codes of a
// running daemon. VRRPD_UPDATE_DOCS=1 writes the schema.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import { format } from 'prettier';
import { z } from 'zod';

import { RUN_CODES } from '../../../src/reports/run-codes.js';
import { formatMetrics, METRICS } from '../../../src/control/status/metrics.js';
import { statusSchema } from '../../../src/control/status/schema.js';
import type { StatusDocument } from '../../../src/control/status/document.js';
import { ObservedPair } from './observed-pair.js';

const REFERENCE = join(import.meta.dirname, '../../../../../docs/reference');
const PAGE = readFileSync(join(REFERENCE, 'status.md'), 'utf8');

test('docs/reference/status.schema.json is made from the schema', async () => {
  const schema = { title: 'What vrrpd status --json prints and GET /status answers', ...z.toJSONSchema(statusSchema) };
  const text = await format(JSON.stringify(schema), { parser: 'json', printWidth: 120 });
  const path = join(REFERENCE, 'status.schema.json');
  if (process.env['VRRPD_UPDATE_DOCS'] === '1') writeFileSync(path, text);
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('docs/reference/status.md lists every metric with its type and labels, and no other', () => {
  const rows = [...PAGE.matchAll(/^\| `(vrrp_\w+)` +\| (\w+) +\| (.*?) +\| (.*?) +\|$/gm)].map(
    ([, name, type, labels, help]) => [name, type, labels?.replaceAll('`', ''), help],
  );
  expect(rows).toEqual(METRICS.map(({ name, type, labels, help }) => [name, type, labels.join(', '), help]));
});

test('the example of the page is a document', () => {
  const [, json = ''] = /```json\n(.*?)```/s.exec(PAGE) ?? [];
  const document: unknown = JSON.parse(json);
  expect(statusSchema.parse(document)).toEqual(document);
});

test('docs/reference/diagnostics.md explains the codes of a running daemon', () => {
  const page = readFileSync(join(REFERENCE, 'diagnostics.md'), 'utf8');
  const headings = [...page.matchAll(/^## (run\/\S+)$/gm)].map((match) => match[1]);
  expect(headings).toEqual(Object.keys(RUN_CODES));
  for (const [code, { severity, title }] of Object.entries(RUN_CODES))
    expect(page.toLowerCase()).toContain(`## ${code}\n\n${severity}: ${title}.\n`);
});

/** Prometheus' own rules for the text format. */
test('the metrics are in the text format: one head for each family, each series once, counters end in _total', async () => {
  const pair = new ObservedPair();
  await pair.configure(100, { three: { does: 'exit 3' }, good: { does: 'exit 0' } });
  await pair.until(5);
  const lines = await pair.metrics();
  const heads = lines.filter((line) => line.startsWith('# TYPE'));
  expect(new Set(heads).size).toBe(heads.length);
  const samples = lines.filter((line) => !line.startsWith('#'));
  expect(new Set(samples.map((line) => line.replace(/ \S+$/, ''))).size).toBe(samples.length);
  const label = '[a-z]+="(?:[^"\\\\\\n]|\\\\[\\\\n"])*"';
  const sample = new RegExp(`^vrrp_[a-z_]+(\\{${label}(,${label})*\\})? -?\\d+(\\.\\d+)?(e-?\\d+)?$`);
  expect(samples.filter((line) => !sample.test(line))).toEqual([]);
  for (const { name, type } of METRICS) expect(name.endsWith('_total')).toBe(type === 'counter');
});

test('a name may hold anything, and what is there twice is said once', async () => {
  const pair = new ObservedPair();
  await pair.configure(100);
  await pair.until(5);
  const status = await pair.document();
  const [router] = status.virtualRouters;
  if (router === undefined) throw new Error('there is no virtual router');
  const virtualAddresses = router.virtualAddresses.flatMap((one) => [one, { ...one, prefixLength: 24 }]);
  const odd: StatusDocument = { ...status, virtualRouters: [{ ...router, name: 'a"b\\c\nd', virtualAddresses }] };
  const text = formatMetrics(odd);
  expect(text).toContain('vrrp_effective_priority{instance="a\\"b\\\\c\\nd",');
  expect(text.match(/^vrrp_vip_present\{/gm)).toHaveLength(1);
});

test('an engine that does not answer is a metric, and nothing is said of virtual routers', async () => {
  const pair = new ObservedPair();
  await pair.configure(100);
  await pair.until(5);
  const status = await pair.document();
  const silent: StatusDocument = {
    ...status,
    engine: { answered: false, lateness: null },
    virtualRouters: [],
    syncGroups: [],
  };
  expect(statusSchema.parse(silent)).toEqual(silent);
  const text = formatMetrics(silent);
  expect(text).toContain('vrrp_engine_up 0\n');
  expect(text).not.toContain('vrrp_instance_state');
});
