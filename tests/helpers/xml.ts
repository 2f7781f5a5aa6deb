/**
 * Reads XML 1.0 as strictly as its specification wants it read, which the library that writes it does not: it takes
 * control characters, unknown entities and elements that nobody closes. No comments, CDATA or DOCTYPE: we write none.
 */
export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const TOKEN =
  /<\/(?<end>[\w-]+)\s*>|<(?<start>[\w-]+)(?<attributes>(?:\s+[\w-]+="[^"<]*")*)\s*(?<empty>\/?)>|(?<text>[^<]+)|(?<bad><)/gu;

/** @throws {Error} when it is not well-formed. */
export function parseXml(xml: string): Element {
  // eslint-disable-next-line no-control-regex -- what a document may not contain
  const alien = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u.exec(xml);
  if (alien !== null) throw new Error(`a character that XML does not have: ${JSON.stringify(alien[0])}`);
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  for (const { groups = {} } of xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>/, '').matchAll(TOKEN)) {
    const { start, attributes = '', empty, end, text } = groups;
    const parent = open.at(-1)!;
    if (start !== undefined) {
      const element = { name: start, attributes: attributesIn(attributes), children: [], text: '' };
      parent.children.push(element);
      if (empty !== '/') open.push(element);
    } else if (end !== undefined) {
      if (open.pop()?.name !== end) throw new Error(`</${end}> closes <${parent.name}>`);
    } else if (text !== undefined) {
      if (text.includes(']]>')) throw new Error(']]> in a text');
      parent.text += unescaped(text);
    } else throw new Error('a < that begins nothing');
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('not one element around everything');
  return root.children[0]!;
}

function attributesIn(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, unescaped(value!)] as const);
  const attributes = Object.fromEntries(pairs);
  if (Object.keys(attributes).length !== pairs.length) throw new Error(`an attribute twice: ${text}`);
  return attributes;
}

function unescaped(text: string): string {
  return text.replace(/&([^;]*);?/g, (whole, name: string) => {
    const number = /^#(x?)([0-9a-f]+)$/i.exec(name);
    const found = number === null ? ENTITIES[name] : String.fromCodePoint(parseInt(number[2]!, number[1] ? 16 : 10));
    if (found === undefined || found === '\0') throw new Error(`an entity that nobody declared: ${whole}`);
    return found;
  });
}
