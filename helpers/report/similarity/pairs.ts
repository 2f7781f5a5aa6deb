/**
 * Finds the pairs of submissions of a lab that share unusually much. Only what few students of the class have counts,
 * and given material is not in a fingerprint at all. So two obvious solutions share nothing here.
 */
import type { StudentRecord } from '../record.ts';
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
  /** Least share of what is their own that both must have. */
  share: 0.6,
  /** Least number of runs of words in common. A run counts less the more students have it. */
  runs: 10,
  /** The same in a small class, in which it is hard to tell what is rare. */
  runsInSmallClass: 15,
  smallClass: 10,
  /** So many names in common are enough without common text. */
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
  const known = new Set<string>();
  for (const { student, labs } of records) {
    for (const { lab, fingerprint, group } of labs) {
      // A group's work is one submission: its members are no copies of each other.
      if (fingerprint === undefined || (group !== undefined && known.has(`${lab} ${group}`))) continue;
      known.add(`${lab} ${group}`);
      const entries = ofLabs.get(lab) ?? [];
      ofLabs.set(lab, entries);
      entries.push(entryOf(student, fingerprint));
    }
  }
  return [...ofLabs]
    .sort(([a], [b]) => compare(a, b))
    .flatMap(([lab, entries]) => pairsOf(entries).map((pair) => ({ lab, ...pair })));
}

/** What more students of a class have than this is not rare. It is at least two, or nothing could be in common. */
export function mostThatAreFew(submissions: number): number {
  return Math.max(2, Math.floor(Math.min(submissions / 4, 5 + submissions / 20)));
}

function pairsOf(unsorted: Entry[]): Omit<SimilarPair, 'lab'>[] {
  const entries = unsorted.sort((a, b) => compare(a.student, b.student));
  const few = mostThatAreFew(entries.length);
  const runs = inCommon(
    entries.map(({ shapes }) => shapes),
    few,
  );
  const names = inCommon(
    entries.map((entry) => new Set(entry.names.keys())),
    few,
  );
  const least = entries.length < THRESHOLDS.smallClass ? THRESHOLDS.runsInSmallClass : THRESHOLDS.runs;
  const byText = runs.pairs(least, THRESHOLDS.share);
  // Each name counts as one, however many students have it, because there are few names.
  const byNames = names.pairs(0, THRESHOLDS.shareOfNames).filter(([i, j]) => names.of(i, j).length >= THRESHOLDS.names);
  const found = new Map([...byNames, ...byText].map(([i, j, share]) => [`${i} ${j}`, { i, j, share }]));
  const pairs = [...found.values()].map(({ i, j, share }) => {
    const [a, b] = [entries[i]!, entries[j]!];
    const common = new Set(runs.of(i, j));
    const asTheyStand = [...a.grams].filter((gram) => b.grams.has(gram)).map(shapeOf);
    return {
      students: [a.student, b.student] as [string, string],
      share: Math.round(share * 100) / 100,
      common: common.size,
      sameNames: new Set(asTheyStand.filter((shape) => common.has(shape))).size,
      names: names
        .of(i, j)
        .map((stem) => a.names.get(stem)!)
        .slice(0, MOST_NAMES),
    };
  });
  return pairs.sort(
    (a, b) => b.share - a.share || b.common - a.common || compare(a.students.join('\0'), b.students.join('\0')),
  );
}

interface InCommon {
  /** Those that have at least this weight and this share in common: one, the other, their share. */
  pairs(weight: number, share: number): [number, number, number][];
  /** What two have in common that few have. */
  of(i: number, j: number): string[];
}

/** Counts who has what, and how much any two have in common that only few have. */
function inCommon(features: Set<string>[], few: number): InCommon {
  const owners = new Map<string, number[]>();
  for (const [i, own] of features.entries()) {
    for (const feature of own) {
      const known = owners.get(feature);
      if (known === undefined) owners.set(feature, [i]);
      else known.push(i);
    }
  }
  const weightOf = (feature: string): number => Math.sqrt(2 / Math.max(2, owners.get(feature)!.length));
  // Sorted, because a sum of fractions depends slightly on its order, and must not depend on the order of the class.
  const rare = features.map((own) => [...own].filter((each) => owners.get(each)!.length <= few).sort());
  const totals = rare.map((own) => own.reduce((sum, feature) => sum + weightOf(feature), 0));
  return {
    pairs: (leastWeight, leastShare) =>
      rare.flatMap((own, i) => {
        const weights = new Float64Array(features.length);
        for (const feature of own) {
          const weight = weightOf(feature);
          for (const j of owners.get(feature)!) weights[j]! += weight;
        }
        const found: [number, number, number][] = [];
        for (let j = i + 1; j < features.length; j++) {
          const share = (2 * weights[j]!) / (totals[i]! + totals[j]!);
          if (weights[j]! > 0 && weights[j]! >= leastWeight && share >= leastShare) found.push([i, j, share]);
        }
        return found;
      }),
    of: (i, j) => rare[i]!.filter((each) => features[j]!.has(each)),
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
