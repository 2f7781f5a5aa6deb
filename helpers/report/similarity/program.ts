/** Dockerfiles, configuration and programs: each file is one stream, without its comments. */
import { tokensOf, type Names, type Stream } from './tokens.ts';

/** Places in programs, Dockerfiles and nginx's configuration where names are chosen. */
const NAMES = [
  /^[ \t]*(?:const |let |var |export )*([A-Za-z_]\w*)[ \t]*(?::[^=\n]*)?=(?!=)/gm,
  /\b(?:def|class|function|func)[ \t]+([A-Za-z_]\w*)/g,
  /\bfor[ \t]+\(?(?:const |let |var )?([A-Za-z_]\w*)[ \t]+(?:in|of)\b/g,
  /[ \t](?:as|AS)[ \t]+([A-Za-z_]\w*)/g,
  /^[ \t]*(?:ENV|ARG)[ \t]+([A-Za-z_]\w*)/gm,
  /^[ \t]*upstream[ \t]+([\w-]+)/gm,
  /^[ \t]*set[ \t]+\$(\w+)/gm,
];
const PARAMETERS = /\b(?:def|function)[ \t]+\w+[ \t]*\(([^)\n]{0,300})\)/g;
const HASH_COMMENT = /(^|\s)#[^\n]*/g;
const SLASH_COMMENT = /(^|\s)\/\/[^\n]*/g;
const BLOCK_COMMENTS = [
  ['/*', '*/'],
  ['<!--', '-->'],
  ['"""', '"""'],
  ["'''", "'''"],
] as const;
const WITH_SLASH_COMMENTS = /\.(?:m?[jt]s|c|cc|cpp|go|java|rs)$/;

/** @param names Collects the names that are chosen here, and knows the names that are to be recognised. */
export function streamsOfProgram(file: string, text: string, names: Names): Stream[] {
  const code = BLOCK_COMMENTS.reduce(withoutBlocks, text.replace(/\r/g, ''))
    .replace(WITH_SLASH_COMMENTS.test(file) ? SLASH_COMMENT : HASH_COMMENT, '$1')
    .replace(/\\\n/g, ' ');
  for (const pattern of NAMES) for (const [, name = ''] of code.matchAll(pattern)) names.note(name, false);
  for (const [, list = ''] of code.matchAll(PARAMETERS)) {
    for (const [name] of list.matchAll(/[A-Za-z_]\w*/g)) names.note(name, false);
  }
  return [tokensOf(code, names)];
}

/**
 * Not done by a regular expression: with thousands of openings and no end, it would search to the end for each of them.
 */
function withoutBlocks(text: string, [open, close]: readonly [string, string]): string {
  let kept = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf(open, at);
    const end = start < 0 ? -1 : text.indexOf(close, start + open.length);
    if (end < 0) return kept + text.slice(at);
    kept += `${text.slice(at, start)} `;
    at = end + close.length;
  }
}
