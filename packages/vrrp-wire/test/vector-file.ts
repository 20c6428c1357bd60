// Reads test/vectors/*.txt: blocks of `vector TITLE`, `decoder NAME`, optional `source`, `destination`, lines of hex, and
// what is expected: `value JSON` with `form` and `remarks`, or `issue KIND OFFSET LENGTH SECTION`. `#` starts a comment.
import { readdirSync, readFileSync } from 'node:fs';

export interface Vector {
  readonly title: string;
  readonly decoder: string;
  readonly source: string;
  readonly destination: string;
  readonly bytes: Uint8Array;
  /** JSON text; byte arrays in it are hex strings. */
  readonly value: string | undefined;
  readonly form: string | undefined;
  readonly remarks: readonly string[];
  readonly issue: string | undefined;
}

const FOLDER = new URL('./vectors/', import.meta.url);

export function readVectors(): readonly Vector[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.txt'))
    .flatMap((name) =>
      readFileSync(new URL(name, FOLDER), 'utf8')
        .split(/^(?=vector )/m)
        .slice(1)
        .map((block) => readVector(block, name)),
    );
}

function readVector(block: string, file: string): Vector {
  const entries = new Map<string, string>();
  let hex = '';
  for (const line of block.split('\n')) {
    const text = line.startsWith('value ') ? line : line.replace(/#.*/, '');
    const keyed = /^([a-z]{4,}) (.*)$/.exec(text.trim());
    if (keyed?.[1] && keyed[2] && !/^[0-9a-f]+$/.test(keyed[1])) entries.set(keyed[1], keyed[2]);
    else hex += text.replaceAll(/\s/g, '');
  }
  if (!/^(?:[0-9a-f]{2})*$/.test(hex)) throw new Error(`${file}: not hex in "${block}"`);
  return {
    title: `${entries.get('vector')}`,
    decoder: `${entries.get('decoder')}`,
    source: entries.get('source') ?? '',
    destination: entries.get('destination') ?? '',
    bytes: fromHex(hex),
    value: entries.get('value'),
    form: entries.get('form'),
    remarks: entries.get('remarks')?.split(' ') ?? [],
    issue: entries.get('issue'),
  };
}

export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.replaceAll(/\s/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A value as the vector files write it: byte arrays as hex. */
export function toJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, item: unknown) => (item instanceof Uint8Array ? toHex(item) : item)));
}
