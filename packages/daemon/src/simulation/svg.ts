// Elements of an SVG as text, pure; every attribute and every word is escaped here.

export type Attributes = Readonly<Record<string, string | number>>;

/** @param content is SVG already: escape words in it. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeText(String(value))}"`);
  return `<${name}${list.join('')}${content === '' ? '/>' : `>${content}</${name}>`}`;
}

export function text(words: string, attributes: Attributes): string {
  return element('text', attributes, escapeText(words));
}

export function escapeText(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
