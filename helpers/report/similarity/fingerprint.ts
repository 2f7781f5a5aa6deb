/** A lab's fingerprint: what in a submission is its author's own, short enough to be kept in the record. */
import type { SeenTopology } from '../record.ts';
import type { Submission } from '../../submission/submission.ts';
import { comparedTexts, type ComparedText } from './compared-texts.ts';
import { isCompared, streamsOf } from './streams.ts';
import { gramsOf, winnowed, type Gram } from './winnow.ts';

export interface Fingerprint {
  /**
   * Hashes of runs of words that are in no given material, separated by spaces. Each has 16 hexadecimal digits: eight
   * for the run with its names replaced, and eight for the run as it is.
   */
  grams: string;
  /** Names that its author chose, of containers, networks and their subnets, volumes and images. */
  names: string[];
}

/** What is not counted as somebody's own, because it was handed out or is common. */
export interface Given {
  shapes: ReadonlySet<string>;
  /**
   * The same runs with their names: they recognise a given file even if the submission uses some of its words as names.
   */
  texts: ReadonlySet<string>;
  /** See stemOf. */
  stems: ReadonlySet<string>;
}

const MOST_GRAMS = 300;
const MOST_NAMES = 40;
const SHORTEST_STEM = 3;

/** @param submission Undefined if nothing was handed in (on a live host): then only the names seen there are used. */
export function fingerprintOf(
  submission: Submission | undefined,
  topology: Pick<SeenTopology, 'containers' | 'networks'>,
  given: Given,
): Fingerprint {
  return fingerprintOfTexts(comparedTexts(submission?.texts ?? [], isCompared), topology, given);
}

export function fingerprintOfTexts(
  files: ComparedText[],
  topology: Pick<SeenTopology, 'containers' | 'networks'>,
  given: Given,
): Fingerprint {
  const { streams, names } = streamsOf(files);
  const isGiven = ({ shape, text }: Gram): boolean => given.shapes.has(shape) || given.texts.has(text);
  const grams = streams.flatMap((stream) => winnowed(stream, isGiven)).map(({ shape, text }) => shape + text);
  // If there are too many, the smallest are kept: so two copies keep the same ones.
  const kept = [...new Set(grams)].sort().slice(0, MOST_GRAMS);
  const own = new Set([...names, ...seenNames(topology, names)].filter((name) => isOwn(name, given)));
  return { grams: kept.join(' '), names: [...own].sort().slice(0, MOST_NAMES) };
}

/**
 * Collects every run of words and every name of given texts.
 *
 * @param folders The files of each folder. A word that is a name in one folder need not be one in another.
 */
export function givenOf(folders: ComparedText[][], names: string[]): Given {
  const taken = folders.map(streamsOf);
  const grams = taken.flatMap(({ streams }) => streams.flatMap(gramsOf));
  return {
    shapes: new Set(grams.map(({ shape }) => shape)),
    texts: new Set(grams.map(({ text }) => text)),
    stems: new Set([...names, ...taken.flatMap((each) => each.names)].map(stemOf)),
  };
}

/**
 * A name in lower case without the number at its end: alpine1 and alpine2 have one stem. A subnet stays as it is.
 */
export function stemOf(name: string): string {
  return name.includes('/') ? name : name.toLowerCase().replace(/[-_.]?\d+$/, '');
}

function isOwn(name: string, { stems }: Given): boolean {
  const stem = stemOf(name);
  return stem.length >= SHORTEST_STEM && !stem.includes('$') && !stems.has(stem);
}

/** Names seen on the machine, without those that Compose makes from names in the files. */
function seenNames(
  { containers, networks }: Pick<SeenTopology, 'containers' | 'networks'>,
  inFiles: string[],
): string[] {
  const byCompose = (name: string): boolean =>
    inFiles.some((each) => name.replace(/[-_]\d+$/, '').endsWith(`-${each}`) || name.endsWith(`_${each}`));
  return [...containers, ...networks].map(({ name }) => name).filter((name) => !byCompose(name));
}
