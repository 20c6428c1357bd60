// docs/reference/configuration.md out of the keyword tables.
import type { BlockFacts } from '../src/index.js';

const INTRODUCTION = `# Configuration

vrrpd reads keepalived.conf as keepalived 2.2.7 does. This page is made from the tables the parser works with, so it
lists every keyword there is: with its arguments, its default, and whether vrrpd acts on it.

- **yes**: vrrpd acts on it.
- **not yet**: it is read and checked, vrrpd does not act on it, and says so (\`conf/unsupported-keyword\`;
  \`conf/unsupported-value\` for a value of a keyword it does act on).
- **no meaning**: it tunes a part of keepalived that vrrpd does not have; it may stay (\`conf/ignored-keyword\`).

A release is given for keywords that came after 2.2.7; keywords marked _vrrpd_ are additions that keepalived does not know
(it reports an unknown keyword, ends its configuration test with 5, and runs without it).
`;

const SUPPORT = { supported: 'yes', unsupported: 'not yet', ignored: 'no meaning' } as const;

type Row = BlockFacts['keywords'][number];

export function configurationReference(root: BlockFacts): string {
  const sections: string[] = [INTRODUCTION];
  const blocks = [root];
  const seen = new Set<string>();
  for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
    if (seen.has(block.name)) continue;
    seen.add(block.name);
    sections.push(section(block));
    blocks.unshift(...block.keywords.flatMap(({ block: inner }) => inner?.() ?? []));
  }
  return sections.join('\n');
}

function section({ name, doc, keywords }: BlockFacts): string {
  const title = name === 'the configuration' ? 'Outside any block' : `\`${name}\``;
  const lines = [
    `## ${title}`,
    '',
    doc,
    '',
    '| keyword | arguments | default | supported | |',
    '| - | - | - | - | - |',
  ];
  for (const keyword of keywords) lines.push(row(keyword));
  return `${lines.join('\n')}\n`;
}

function row({ name, aliases = [], parameters, default: standard, since, addition, doc, ...rest }: Row): string {
  const names = [name, ...aliases].map((each) => `\`${each}\``).join(', ');
  const release = addition === true ? ' _vrrpd_' : since === undefined ? '' : ` (${since})`;
  const cells = [`${names}${release}`, code(parameters), code(standard ?? ''), supportCell(rest), doc];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function supportCell({ support, unsupportedValues = [] }: Pick<Row, 'support' | 'unsupportedValues'>): string {
  const values = unsupportedValues.map((value) => `; \`${value}\` not yet`);
  return SUPPORT[support] + values.join('');
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}
