// The published JSON Schema of `vrrpd config FILE --json` is the zod schema of the model. VRRPD_UPDATE_DOCS=1 writes it.
import { expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { z } from 'zod';
import { configSchema } from '../src/schema.js';

const PAGE = join(import.meta.dirname, '../../../docs/reference/configuration.schema.json');

test('docs/reference/configuration.schema.json is made from the model', async () => {
  const schema = { title: 'The configuration as vrrpd config FILE --json prints it', ...z.toJSONSchema(configSchema) };
  const page = await format(JSON.stringify(schema), { parser: 'json', printWidth: 120 });
  if (process.env['VRRPD_UPDATE_DOCS'] === '1') writeFileSync(PAGE, page);
  expect(readFileSync(PAGE, 'utf8')).toBe(page);
});
