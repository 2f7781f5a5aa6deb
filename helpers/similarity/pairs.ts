/**
 * Which submissions of a lab stand out by what they have in common. Only what few of the class have counts, and given
 * material is not in a fingerprint at all, so that two who went the obvious way have nothing in common here.
 */
import type { StudentRecord } from '../report/record.ts';
import { stemOf, type Fingerprint } from './fingerprint.ts';

export interface SimilarPair {
  lab: string;
  /** In alphabetical order. */
  students: [string, string];
  /** 0 to 1: how much of what is their own, and rare in the class, both have. */
  share: number;
  /** Runs of words in common that few others have, whatever the names in them. */
  common: number;
  /** How many of these have the same names in them, too. */
  sameNames: number;
  /** Names that both made up and few others did, at most MOST_NAMES. */
  names: string[];
}

/** What of a lab's submissions is compared; see docs/similarity.md for the reasons. */
export const THRESHOLDS = {
  /** Of what is one's own. */
  share: 0.6,
  /** Runs of words in common, each worth less the more others have it. */
  runs: 10,
  /** The same in a class in which hardly anything can be told to be rare. */
  runsInSmallClass: 16,
  smallClass: 10,
  /** Names in common that need no common text. */
  names: 4,
  shareOfNames: 0.75,
};
const MOST_NAMES = 8;

interface Entry {
  student: string;
  shapes: Set<string>;
  grams: Set<string>;
  /** Stem → the name it is part of. */
  names: Map<string, string>;
}

/** @returns the pairs that stand out, lab by lab, the most similar first. The records' order does not matter. */
export function similarPairs(records: StudentRecord[]): SimilarPair[] {
  const ofLabs = new Map<string, Entry[]>();
  for (const { student, labs } of records) {
    for (const { lab, fingerprint } of labs) {
      if (fingerprint === undefined) continue;
      const entries = ofLabs.get(lab) ?? [];
      ofLabs.set(lab, entries);
      entries.push(entryOf(student, fingerprint));
    }
  }
  return [...ofLabs]
    .sort(([a], [b]) => compare(a, b))
    .flatMap(([lab, entries]) => pairsOf(entries).map((pair) => ({ lab, ...pair })));
}

/** More than so many of a class have it: it is not rare. At least two, or nothing could be in common. */
export function mostThatAreFew(submissions: number): number {
  return Math.max(2, Math.floor(Math.min(submissions / 4, 5 + submissions / 20)));
}

function pairsOf(unsorted: Entry[]): Omit<SimilarPair, 'lab'>[] {
  const entries = unsorted.sort((a, b) => compare(a.student, b.student));
  const few = mostThatAreFew(entries.length);
  const runs = rarity(entries, ({ shapes }) => shapes, few);
  const names = rarity(entries, (entry) => entry.names.keys(), few);
  const least = entries.length < THRESHOLDS.smallClass ? THRESHOLDS.runsInSmallClass : THRESHOLDS.runs;
  const pairs: Omit<SimilarPair, 'lab'>[] = [];
  for (const key of new Set([...runs.common.keys(), ...names.common.keys()])) {
    const [i, j] = [Math.floor(key / entries.length), key % entries.length];
    const [a, b] = [entries[i]!, entries[j]!];
    const text = runs.of(i, j);
    const naming = names.of(i, j);
    const byText = text.weight >= least && text.share >= THRESHOLDS.share;
    const byNames = naming.common.length >= THRESHOLDS.names && naming.share >= THRESHOLDS.shareOfNames;
    if (!byText && !byNames) continue;
    const shared = new Set(text.common);
    pairs.push({
      students: [a.student, b.student],
      share: Math.round((byText ? text : naming).share * 100) / 100,
      common: text.common.length,
      sameNames: new Set(
        [...a.grams]
          .filter((gram) => b.grams.has(gram))
          .map(shapeOf)
          .filter((each) => shared.has(each)),
      ).size,
      names: naming.common.map((stem) => a.names.get(stem)!).slice(0, MOST_NAMES),
    });
  }
  return pairs.sort(
    (a, b) => b.share - a.share || b.common - a.common || compare(a.students.join('\0'), b.students.join('\0')),
  );
}

interface Common {
  common: string[];
  weight: number;
  share: number;
}

interface Rarity {
  /** By `i * entries.length + j`, i before j. */
  common: Map<number, string[]>;
  of(i: number, j: number): Common;
}

/** Counts who has what, and what any two have in common that only few have. */
function rarity(entries: Entry[], featuresOf: (entry: Entry) => Iterable<string>, few: number): Rarity {
  const owners = new Map<string, number[]>();
  for (const [i, entry] of entries.entries()) {
    for (const feature of featuresOf(entry)) {
      const known = owners.get(feature);
      if (known === undefined) owners.set(feature, [i]);
      else known.push(i);
    }
  }
  const weightOf = (feature: string): number => 2 / Math.max(2, owners.get(feature)!.length);
  const own = entries.map(() => 0);
  const common = new Map<number, string[]>();
  for (const [feature, who] of owners) {
    if (who.length > few) continue;
    for (const [at, i] of who.entries()) {
      own[i]! += weightOf(feature);
      for (const j of who.slice(at + 1)) {
        const key = i * entries.length + j;
        const known = common.get(key);
        if (known === undefined) common.set(key, [feature]);
        else known.push(feature);
      }
    }
  }
  return {
    common,
    of: (i, j) => {
      const features = (common.get(i * entries.length + j) ?? []).sort();
      const weight = features.reduce((sum, feature) => sum + weightOf(feature), 0);
      const all = own[i]! + own[j]!;
      return { common: features, weight, share: all === 0 ? 0 : (2 * weight) / all };
    },
  };
}

function entryOf(student: string, { grams, names }: Fingerprint): Entry {
  const each = grams === '' ? [] : grams.split(' ');
  return {
    student,
    grams: new Set(each),
    shapes: new Set(each.map(shapeOf)),
    names: new Map(names.map((name) => [stemOf(name), name])),
  };
}

function shapeOf(gram: string): string {
  return gram.slice(0, gram.length / 2);
}

/** The same on every machine, whatever its language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
