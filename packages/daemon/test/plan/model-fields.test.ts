// Silence is a lie: every field of the model is acted on, or its keyword says that it is not; and no keyword of a field that is
// acted on says so. What the plan reads is recorded while it plans the corpus and random configurations.
import { expect, test } from '@jest/globals';
import { CONFIGURATION, createMemoryLoader, parseConfig, type BlockFacts } from '@vrrp/conf-parser';
import { configSchema } from '@vrrp/conf-parser/schema';
import { z } from 'zod';
import { createRandom } from '@vrrp/state-machine/sim';
import { planConfig } from '../../src/plan/plan.js';
import { corpusTexts } from './parser-corpus.js';
import { randomConfiguration } from './random-configs.js';
import { isOpened, recordReads } from './recorded-reads.js';

/** Fields that the plan has no use for, each with who has: nobody may be added without one. */
const ACTED_ON_ELSEWHERE: Readonly<Record<string, string>> = {
  net_namespace: 'control/daemon.ts enters it before anything else',
  instance: 'control/runtime-paths.ts names files after it',
  'global_defs.vrrp_version': 'the parser settles the version of every instance',
  'global_defs.vrrp_strict': 'the parser settles strict_mode of every instance',
  'global_defs.vrrp_notify_priority_changes': 'the parser settles notify_priority_changes of every instance',
  'global_defs.dynamic_interfaces': 'the parser asks for interfaces without it; the engine waits for them anyway',
  'global_defs.script_user': 'the parser settles who runs each command',
  'global_defs.smtp_alert': 'the parser settles smtp_alert of every instance and group',
  'global_defs.smtp_alert_vrrp': 'the parser settles smtp_alert of every instance and group',
  'vrrp_instance.strict_mode': 'the parser settles what follows from it',
  'vrrp_script.weight': 'the parser settles the weight of every line that tracks it',
  'vrrp_script.reverse': 'the parser settles the direction of every line that tracks it',
  'vrrp_track_process.weight': 'the parser settles the weight of every line that tracks it',
  'vrrp_track_process.reverse': 'the parser settles the direction of every line that tracks it',
  'vrrp_track_file.weight': 'the parser settles the weight of every line that tracks it',
  'vrrp_track_file.reverse': 'the parser settles the direction of every line that tracks it',
};

/** Options of lines, which are no keywords, that say that nobody acts on them. */
const UNSUPPORTED_OPTIONS: ReadonlySet<string> = new Set([
  'vrrp_instance.virtual_ipaddress.use_vmac',
  'vrrp_instance.virtual_ipaddress_excluded.use_vmac',
]);

/** Not acted on, and said not to be, although the plan hands it down: nothing below it does anything with it yet. */
const HANDED_DOWN: Readonly<Record<string, string>> = {
  'vrrp_instance.accept': 'no_accept: the engine has no firewall yet',
};

const read = new Set<string>();
const plan = (text: string): void => {
  const { model, placeOf } = parseConfig('/k', createMemoryLoader({ '/k': text }));
  if (model !== undefined) planConfig(recordReads(model, read), { placeOf, uptime: 10 });
};
for (const text of corpusTexts()) plan(text);
const random = createRandom(7);
for (let count = 0; count < 1000; count += 1) plan(randomConfiguration(random));
const fields = leaves(z.toJSONSchema(configSchema) as JsonSchema, '');

test('every field of the model is read by the plan, acted on elsewhere, or said not to be acted on', () => {
  const silent = fields.filter(
    (field) =>
      !read.has(field) && !(field in ACTED_ON_ELSEWHERE) && !UNSUPPORTED_OPTIONS.has(field) && isActedOn(field),
  );
  expect(silent).toEqual([]);
});

test('no keyword of a field that the plan reads is said not to be acted on', () => {
  expect(fields.filter((field) => read.has(field) && !(field in HANDED_DOWN) && !isActedOn(field))).toEqual([]);
});

test('the exceptions are fields, and are not read', () => {
  const exceptions = [...Object.keys(ACTED_ON_ELSEWHERE), ...UNSUPPORTED_OPTIONS];
  expect(exceptions.filter((field) => !fields.includes(field) || read.has(field))).toEqual([]);
  expect(Object.keys(HANDED_DOWN).filter((field) => !read.has(field))).toEqual([]);
});

/** Whether the tables say that vrrpd acts on the keyword of this field; an option of a line is no keyword. */
function isActedOn(field: string): boolean {
  let block: BlockFacts | undefined = CONFIGURATION;
  let isSupported = true;
  for (const name of field.split('.')) {
    const keyword: BlockFacts['keywords'][number] | undefined = block?.keywords.find(
      (one) => one.name === name || one.aliases?.includes(name) === true,
    );
    if (keyword?.support !== undefined) isSupported &&= keyword.support === 'supported';
    block = keyword?.block?.();
  }
  return isSupported;
}

interface JsonSchema {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** The paths of all fields, as recordReads names them. */
function leaves(schema: JsonSchema, path: string): readonly string[] {
  const { properties, items } = schema;
  if (items !== undefined && isOpened(path)) return leaves(items, path);
  if (properties === undefined || !isOpened(path)) return [path];
  return Object.entries(properties).flatMap(([name, inner]) => leaves(inner, path === '' ? name : `${path}.${name}`));
}
