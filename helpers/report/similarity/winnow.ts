/**
 * Fingerprints by winnowing (Schleimer, Wilkerson, Aiken: "Winnowing: local algorithms for document fingerprinting",
 * 2003). Every run of LENGTH words is hashed; of each WINDOW neighbouring hashes the smallest is kept. So two texts
 * that have LENGTH + WINDOW - 1 words in a row in common have a kept hash in common, wherever it stands in them.
 */
import { hash } from 'node:crypto';
import type { Stream } from './tokens.ts';

/** Number of words in a run; shorter runs are too common. */
export const LENGTH = 6;
export const WINDOW = 3;
/**
 * Hexadecimal digits. That is enough: a class has some ten thousand different runs, and a pair needs several in common.
 */
const DIGITS = 8;

/** A run of words, hashed twice. */
export interface Gram {
  /** With names replaced: the first one in the run by 1, and so on. */
  shape: string;
  /** As it stands there. */
  text: string;
}

/** All of a stream's runs; none when it is shorter than one. */
export function gramsOf(stream: Stream): Gram[] {
  return Array.from({ length: Math.max(0, stream.length - LENGTH + 1) }, (_, i) => {
    const run = stream.slice(i, i + LENGTH);
    return { shape: hashOf(withoutNames(run)), text: hashOf(run.map(({ text }) => text)) };
  });
}

/** @param isGiven Whether a run is in given material. Such runs are not kept, and do not count in their window. */
export function winnowed(stream: Stream, isGiven: (gram: Gram) => boolean): Gram[] {
  const grams = gramsOf(stream);
  const own = grams.map((gram) => !isGiven(gram));
  const kept = new Set<number>();
  for (let start = 0; start === 0 || start + WINDOW <= grams.length; start++) {
    let least: number | undefined;
    for (let i = start; i < Math.min(start + WINDOW, grams.length); i++) {
      // Of equal ones take the last, as in the paper: it stays in more windows.
      if (own[i] === true && (least === undefined || grams[i]!.shape <= grams[least]!.shape)) least = i;
    }
    if (least !== undefined) kept.add(least);
  }
  return [...kept].map((i) => grams[i]!);
}

function withoutNames(run: Stream): string[] {
  const seen: string[] = [];
  return run.map(({ text, name }) => {
    if (!name) return text;
    if (!seen.includes(text)) seen.push(text);
    return `\u0001${seen.indexOf(text) + 1}`;
  });
}

function hashOf(words: string[]): string {
  return hash('sha1', words.join('\0'), 'hex').slice(0, DIGITS);
}
