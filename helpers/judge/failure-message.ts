/** Makes what Jest prints about a criterion that did not pass, for an author who runs a spec by itself. */
import { headOfEvidence, type Verdict } from '../lab/verdict.ts';
import { Inconclusive } from './matcher.ts';

/** Matches the lines of a stack that are in a spec. They show which statement failed. */
const OF_A_SPEC = /^\s+at .*[\\/]specs[\\/][^\\/]+\.spec\.ts/;

/**
 * @param thrown What the criterion ended with.
 * @returns an error whose message says how the criterion ended and what was seen. Its stack has only lines of the spec, unless
 *   something is wrong with the spec or a matcher: then it has all lines.
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
  if (status === 'error')
    return `ERROR: the rule could not be judged, which is not the submission’s fault\n${part('because', actual)}`;
  return [
    'FAILED',
    part('expected', expected),
    part('seen', actual),
    ...evidence.map((each) => `\n${headOfEvidence(each)}\n${indented(each.output)}`),
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
