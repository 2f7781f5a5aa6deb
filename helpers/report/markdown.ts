/** A student's text inside GitHub-flavoured Markdown: it can be read, and does nothing else. */
import { oneLine } from './plain.ts';
import { inert } from './terminal.ts';

/** Seen by nobody; keeps `@name`, `#12` and `https://…` from becoming mentions and links, which no escape does. */
const BREAK = '\u200b';

/** One line for a sentence, a heading or a table's cell: no markup, HTML, links, images, mentions or formulas. */
export function markdownText(text: string): string {
  return oneLine(text)
    .replace(/[@#]/g, `$&${BREAK}`)
    .replace(/:(?=\/\/)/g, `:${BREAK}`)
    .replace(/\bwww(?=\.)/gi, `$&${BREAK}`)
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
