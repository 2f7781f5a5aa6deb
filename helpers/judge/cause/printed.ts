/** What programs printed, as lines, and which of them says what is wrong. All of it takes time linear in the text. */
import path from 'node:path';
import { plainOutput } from '../../base/plain-output.ts';

/** Lines as they were left on a terminal: without colours, and only the last of what was written over itself. */
export function linesOf(output: string): string[] {
  return plainOutput(output)
    .split('\n')
    .map((line) => line.trimEnd());
}

/** Words of messages about an error, as programs in containers and tools of the shell have them. */
const OF_ERRORS =
  /error|exception|emerg|fatal|panic|failed|failure|denied|cannot|can't|could not|couldn't|unable|no such|not found|invalid|unknown|undefined|unbound|refused|unexpected|is not a|bad address|not known|conflict|already (?:in use|exists|allocated)|permission|killed|unhealthy|"s":"[EF]"/i;
/** Lines that say nothing by themselves: advice, headings and the lines of a trace of calls. */
const EMPTY_WORDS =
  /^\s*(?:Run '|See '|See "?docker|View build details|Traceback|During handling|The above exception|-{3,}|at \S|File "|\^|~|\}|\]|Node\.js v|details: |nginx: configuration file)|^$/i;

/**
 * The line that says what is wrong: the last one that is worded as an error.
 *
 * @returns undefined when none is.
 */
export function errorLine(lines: string[]): string | undefined {
  return lines.findLast((line) => OF_ERRORS.test(line) && !EMPTY_WORDS.test(line))?.trim();
}

/** The same, or else the last line that says anything; empty when nothing was printed. */
export function tellingLine(lines: string[]): string {
  return errorLine(lines) ?? lines.findLast((line) => !EMPTY_WORDS.test(line))?.trim() ?? '';
}

/** A long id of a container, an image or an endpoint: its beginning is enough, as in Docker's own tables. */
const ID = /\b([0-9a-f]{12})[0-9a-f]{52}\b/g;
/** Where the engine's messages come to the point (runc 1.1 to 1.3, Engine 20.10 to 29). */
const POINTS = [
  'error during container init: ',
  'unable to start container process: ',
  'failed to set up container networking: ',
  'runc create failed: ',
  'OCI runtime create failed: ',
  'OCI runtime exec failed: ',
];

/** An engine's message without the parts of the engine that it went through. */
export function toThePoint(message: string): string {
  const point = POINTS.find((each) => message.includes(each));
  const told = point === undefined ? message : message.slice(message.lastIndexOf(point) + point.length);
  return told
    .replace(/^.*driver failed programming external connectivity on endpoint (\S+) \([0-9a-f]{64}\): /, '$1: ')
    .replace(/: mount src=[^:]*:[^:]*, dst=[^:]*, flags=[^:]*/, '')
    .replace(/: mount src=[^:]*, flags=[^:]*/, '')
    .replace(/[:,]? ?Are you trying to mount.*$/, '')
    .replace(/(?:: unknown)?\.?$/, '')
    .replace(ID, '$1')
    .trim();
}

/** The last lines, as many as fit into so many characters. */
export function lastOf(lines: string[], most: number): string {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines.toReversed()) {
    length += line.length + 1;
    if (length > most) break;
    kept.unshift(line);
  }
  return (kept.length > 0 ? kept.join('\n') : (lines.at(-1) ?? '').slice(-most)).trim();
}

/** A sentence in which paths in the submission's folder are relative to it, as the student knows them. */
export function withoutFolder(sentence: string, directory: string): string {
  const inside = `/${path.posix.normalize(directory)}/`;
  return sentence
    .split(/([\s"'=]+)/)
    .map((word) => {
      const at = word.startsWith('/') ? word.indexOf(inside) : -1;
      return at < 0 ? word : word.slice(at + inside.length);
    })
    .join('');
}
