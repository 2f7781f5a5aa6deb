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

/** One line as code, between backticks that do not occur in it. For a table's cell, the text must have no `|`. */
export function codeSpan(text: string): string {
  const line = oneLine(text);
  const ticks = '`'.repeat(longestRunOfTicks(line, 0) + 1);
  return /^`|`$/.test(line) ? `${ticks} ${line} ${ticks}` : `${ticks}${line}${ticks}`;
}

/** Several lines as they are, in a fence longer than any run of backticks in them. */
export function codeBlock(text: string): string {
  const body = inert(text);
  const fence = '`'.repeat(longestRunOfTicks(body, 2) + 1);
  return `${fence}text\n${body}\n${fence}`;
}

function longestRunOfTicks(text: string, atLeast: number): number {
  return (text.match(/`+/g) ?? []).reduce((most, { length }) => Math.max(most, length), atLeast);
}
