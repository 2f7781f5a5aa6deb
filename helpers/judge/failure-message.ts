/** What Jest prints of a criterion that is not passed: for an author who runs a spec by itself. */
import type { Verdict } from '../lab/verdict.ts';
import { Inconclusive } from './matcher.ts';

/** The lines of a stack that are of a spec: where in a spec something was stated. */
const OF_A_SPEC = /^\s+at .*[\\/]specs[\\/][^\\/]+\.spec\.ts/;

/**
 * @param thrown What the criterion ended with.
 * @returns an error whose message says how it ended and what was seen. Its stack leads into the spec and not through the
 *   helpers, except where something is wrong with the spec or with a matcher: then all of it is needed.
 */
export function failureOf(verdict: Omit<Verdict, 'durationMs'>, thrown: unknown): Error {
  const failure = new Error(messageOf(verdict));
  const trace = thrown instanceof Error ? (thrown.stack ?? '') : '';
  const lines = trace.split('\n').filter((line) => /^\s+at /.test(line));
  const isFault = verdict.status === 'error' && !(thrown instanceof Inconclusive);
  failure.stack = [failure.message, ...lines.filter((line) => isFault || OF_A_SPEC.test(line))].join('\n');
  return failure;
}

function messageOf({ status, expected, actual, evidence, blockedBy, withheld }: Omit<Verdict, 'durationMs'>): string {
  if (withheld) return `WITHHELD: this kind of host does not allow the question\n${part('because', actual)}`;
  if (status === 'skipped') return `SKIPPED: ${blockedBy ?? ''} has to be met first\n${part('because', actual)}`;
  if (status === 'error') return `ERROR: this says nothing about the submission\n${part('because', actual)}`;
  return [
    'FAILED',
    part('expected', expected),
    part('seen', actual),
    ...evidence.map(({ what, output }) => `\n$ ${what}\n${indented(output)}`),
  ].join('\n');
}

function part(name: string, text: string): string {
  return `${name}:`.padEnd(10) + text.replaceAll('\n', `\n${' '.repeat(10)}`);
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
