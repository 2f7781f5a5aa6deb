/** Reads a page of ours as strictly as nobody else would: anything that is not plain markup of ours is an error. */

export interface Element {
  name: string;
  attributes: Record<string, string>;
}

export interface Markup {
  elements: Element[];
  /** What is between the tags, script and style excluded, with its character references resolved. */
  text: string;
}

/** Nothing that loads, runs or sends; these have no end tag. */
const EMPTY = ['meta', 'input', 'rect', 'path'];
const OURS = [
  ...EMPTY,
  ...['html', 'head', 'title', 'style', 'script', 'body', 'header', 'main', 'section', 'h1', 'h2', 'h3', 'p', 'div'],
  ...['a', 'b', 'bdi', 'strong', 'span', 'code', 'pre', 'time', 'ul', 'ol', 'li', 'dl', 'dt', 'dd', 'figure'],
  ...['figcaption', 'details', 'summary', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'form', 'label', 'select'],
  ...['option', 'output', 'svg', 'desc', 'g', 'text'],
];
const ATTRIBUTE = /\s+([a-zA-Z-]+)(?:="([^"<>]*)")?/y;
const TOKEN = /<!doctype html>|<(style|script)([^>]*)>[\s\S]*?<\/\1>|<(\/?)([a-zA-Z0-9]+)([^>]*?)\s*(\/?)>|([^<]+)|</g;
const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** @throws when a tag is none of ours or not closed, an attribute is malformed, or a link leads out of the folder. */
export function parseMarkup(page: string): Markup {
  const elements: Element[] = [];
  const open: string[] = [];
  let text = '';
  for (const [token, verbatim, its, end, name, rest, , between] of page.matchAll(TOKEN)) {
    if (between !== undefined) text += resolved(between);
    else if (verbatim !== undefined) elements.push({ name: verbatim, attributes: attributesOf(its ?? '') });
    else if (name === undefined) {
      if (token !== '<!doctype html>') throw new Error(`a bare < before: ${text.slice(-80)}`);
    } else if (end === '/') {
      const expected = open.pop();
      if (name !== expected) throw new Error(`</${name}> where </${expected ?? ''}> belongs`);
    } else {
      if (!OURS.includes(name)) throw new Error(`<${name}> is no element of ours`);
      elements.push({ name, attributes: attributesOf(rest ?? '') });
      if (!EMPTY.includes(name)) open.push(name);
    }
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(' ')}`);
  return { elements, text };
}

function attributesOf(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  let at = 0;
  while (text.slice(at).trim() !== '') {
    ATTRIBUTE.lastIndex = at;
    const [all, name, value = ''] = ATTRIBUTE.exec(text) ?? [];
    if (all === undefined || name === undefined) throw new Error(`no attributes: ${text.slice(at)}`);
    if (/^on|^style$|^src|^action/.test(name)) throw new Error(`an attribute ${name}`);
    if (name === 'href' && !/^(#|\.\/[^/:\\]+$)/.test(value)) throw new Error(`a link to ${value}`);
    attributes[name] = resolved(value);
    at += all.length;
  }
  return attributes;
}

function resolved(text: string): string {
  return text.replace(/&(?:#(\d+)|(\w+));/g, (all, code: string | undefined, name: string) =>
    code === undefined ? (NAMED[name] ?? all) : String.fromCodePoint(Number(code)),
  );
}

/** Links within the page that lead nowhere, and ids that are there twice. */
export function brokenAnchors({ elements }: Markup): string[] {
  const ids = elements.flatMap(({ attributes: { id } }) => id ?? []);
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `two of ${id}`);
  const named = elements.flatMap(({ attributes }) => [
    ...(attributes['href']?.startsWith('#') ? [decodeURIComponent(attributes['href'].slice(1))] : []),
    ...(attributes['aria-labelledby'] ?? '').split(' ').filter((id) => id !== ''),
    ...(attributes['aria-describedby'] ?? '').split(' ').filter((id) => id !== ''),
  ]);
  return [...twice, ...named.filter((id) => !ids.includes(id)).map((id) => `nothing is called ${id}`)];
}
