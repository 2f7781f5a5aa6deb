/**
 * Compares answers to the same request in two situations by their kind: the status, and the words that all of them
 * share. Ids, numbers and times are ignored, because they differ from one answer to the next.
 */
import type { HttpAnswer } from '../machine/probe/protocol.ts';
import { goesThrough } from './chain-facts.ts';
import type { BackendAway, Sample } from './experiment-facts.ts';
import type { OutsidePort } from './facts.ts';
import type { Scheme } from './url.ts';

export function isUnder500({ outcome, status }: Pick<HttpAnswer, 'outcome' | 'status'>): boolean {
  return outcome === 'answered' && (status ?? 0) < 500;
}

export function isSuccess({ outcome, status }: Pick<HttpAnswer, 'outcome' | 'status'>): boolean {
  return outcome === 'answered' && (status ?? 0) < 400;
}

/** Whether a web server answered at a port, with a page or with a refusal of its own. */
export function answersHttp(port: Pick<OutsidePort, 'http' | 'https' | 'refusal'>): boolean {
  return schemeOf(port) !== undefined;
}

/** How a web server at a port is spoken to. @returns undefined if none answered. */
export function schemeOf({
  http,
  https,
  refusal,
}: Pick<OutsidePort, 'http' | 'https' | 'refusal'>): Scheme | undefined {
  if (https?.outcome === 'answered') return 'https';
  return http.outcome === 'answered' || refusal !== undefined ? 'http' : undefined;
}

/** What several answers have in common. */
export interface Kind {
  outcome: Sample['outcome'];
  status: number | undefined;
  words: Set<string>;
}

/** @returns undefined when the answers have no outcome and status in common, or there are none. */
export function commonKind(samples: Sample[]): Kind | undefined {
  const [first] = samples;
  if (first === undefined) return undefined;
  const alike = samples.every(({ outcome, status }) => outcome === first.outcome && status === first.status);
  if (!alike) return undefined;
  const words = samples.map(({ body }) => wordsOf(body ?? '')).reduce((common, each) => common.intersection(each));
  return { outcome: first.outcome, status: first.status, words };
}

/** Whether an answer is of a kind. */
export function isOfKind(sample: Sample, kind: Kind): boolean {
  if (sample.outcome !== kind.outcome || sample.status !== kind.status) return false;
  return kind.words.isSubsetOf(wordsOf(sample.body ?? ''));
}

/**
 * Whether two groups of answers differ in kind: no answer of one group has what all answers of the other group have in
 * common. Random texts have no words in common, so they cannot show a difference.
 */
export function differInKind(one: Sample[], other: Sample[]): boolean {
  const apart = (group: Sample[], kind: Kind | undefined): boolean =>
    kind !== undefined && !group.some((sample) => isOfKind(sample, kind));
  return apart(other, commonKind(one)) || apart(one, commonKind(other));
}

/**
 * Whether requests get through to the backend: where a witness could listen, they were seen to go the whole way; and the answers
 * change while the backend is paused, and are as before when it is back.
 */
export function touchesBackend({ chain, before, away, after }: BackendAway): boolean {
  if (chain !== undefined && !goesThrough(chain)) return false;
  if (away.length === 0 || after.length === 0 || !before.every(isSuccess)) return false;
  const there = [...before, ...after];
  return commonKind(there) !== undefined && differInKind(there, away) && !differInKind(before, after);
}

/** Words of letters only. Words with a digit are ids, numbers or times, and long hexadecimal words are ids. */
function wordsOf(body: string): Set<string> {
  const words = body.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  return new Set(words.filter((word) => !/\p{N}/u.test(word) && !/^[a-f]{8,}$/.test(word)));
}
