/** A student's text inside GitHub-flavoured Markdown: it can be read, and does nothing else. */
import { oneLine } from '../base/inert.ts';
import { unlinked } from './plain.ts';
import { inert } from './terminal.ts';

/** One line for a sentence, a heading or a table's cell: no markup, HTML, links, images, mentions or formulas. */
export function markdownText(text: string): string {
  return unlinked(oneLine(text))
    .replace(/[\\`*_[\]|~]/g, '\\$&')
    .replace(/[&<>$]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** Several lines as they are, in a fence longer than any run of backticks in them. */
export function codeBlock(text: string): string {
  const body = inert(text);
  const longest = (body.match(/`+/g) ?? []).reduce((most, { length }) => Math.max(most, length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${body}\n${fence}`;
}
