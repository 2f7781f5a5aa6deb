/** A lab's fingerprint: what of a submission is its author's own, short enough to stand in the record. */
import type { Topology } from '../record.ts';
import type { Submission } from '../../submission/submission.ts';
import { comparedTexts, type ComparedText } from './compared-texts.ts';
import { isCompared, streamsOf } from './streams.ts';
import { gramsOf, winnowed, type Gram } from './winnow.ts';

export interface Fingerprint {
  /**
   * Runs of words that no given material has, each as 16 hexadecimal digits, separated by spaces: eight for the run with
   * names replaced, eight for the run as it stands.
   */
  grams: string;
  /** Names its author made up, of containers, networks and their subnets, volumes, images. */
  names: string[];
}

/** What is not counted. */
export interface Given {
  shapes: ReadonlySet<string>;
  /** The same runs as they stand there: whatever else a submission makes a name of, a given file is a given file. */
  texts: ReadonlySet<string>;
  /** See stemOf. */
  stems: ReadonlySet<string>;
}

const MOST_GRAMS = 300;
const MOST_NAMES = 40;
const SHORTEST_STEM = 3;

/** @param submission Nothing on a live host to which nothing was handed in: then there is what is seen on the machine. */
export function fingerprintOf(
  submission: Submission | undefined,
  topology: Pick<Topology, 'containers' | 'networks'>,
  given: Given,
): Fingerprint {
  return fingerprintOfTexts(comparedTexts(submission?.texts ?? [], isCompared), topology, given);
}

export function fingerprintOfTexts(
  files: ComparedText[],
  topology: Pick<Topology, 'containers' | 'networks'>,
  given: Given,
): Fingerprint {
  const { streams, names } = streamsOf(files);
  const isGiven = ({ shape, text }: Gram): boolean => given.shapes.has(shape) || given.texts.has(text);
  const grams = streams.flatMap((stream) => winnowed(stream, isGiven)).map(({ shape, text }) => shape + text);
  // The smallest are kept when there are too many: of two copies the same ones.
  const kept = [...new Set(grams)].sort().slice(0, MOST_GRAMS);
  const own = new Set([...names, ...seenNames(topology, names)].filter((name) => isOwn(name, given)));
  return { grams: kept.join(' '), names: [...own].sort().slice(0, MOST_NAMES) };
}

/**
 * What given texts consist of: every run, and every name.
 *
 * @param folders The files of each folder: what is a name in one is not in another.
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
 * A name without what is added to tell one from the next: alpine1 and alpine2 are one idea. A subnet stays as it is.
 */
export function stemOf(name: string): string {
  return name.includes('/') ? name : name.toLowerCase().replace(/[-_.]?\d+$/, '');
}

function isOwn(name: string, { stems }: Given): boolean {
  const stem = stemOf(name);
  return stem.length >= SHORTEST_STEM && !stem.includes('$') && !stems.has(stem);
}

/** Names on the machine that are not Compose's, made out of those in the files. */
function seenNames({ containers, networks }: Pick<Topology, 'containers' | 'networks'>, inFiles: string[]): string[] {
  const byCompose = (name: string): boolean =>
    inFiles.some((each) => name.replace(/[-_]\d+$/, '').endsWith(`-${each}`) || name.endsWith(`_${each}`));
  return [...containers, ...networks].map(({ name }) => name).filter((name) => !byCompose(name));
}
