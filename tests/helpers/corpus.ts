/**
 * The corpus of known-good and known-bad submissions: `<lab>/expected.yaml` says what each case shows and which
 * criteria it fails. `<lab>/cases/<case>/` is laid over copies of the folders that the file's `over:` names, if it names
 * any: usually what the course gives out.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { GENERATIONS, type Generation } from '../../helpers/machine/setup/generations.ts';

export interface Case {
  name: string;
  good: boolean;
  shows: string;
  /** Criteria that must fail; everything else is passed, or skipped for one of these. */
  fails: string[];
  status: 'graded' | 'invalid';
  /** A regular expression that the first thing said of it (its cause, or its message) has to match. */
  cause?: string;
  /** Paths that are removed from the copies of the lab's `over:`. */
  remove: string[];
  /** Graded on the oldest generation of engine, too, by `npm test`; the others only by `npm run test:engines`. */
  representative: boolean;
  /** Graded only by `npm run test:engines`: others show much the same, and a run has to end in good time. */
  rare: boolean;
  /** The generations it is judged on: all, unless an engine itself behaves differently. */
  engines: Generation[];
}

type Entry = Partial<Omit<Case, 'name' | 'good'>>;

interface Expected {
  /** Folders, from the project's root, in the order in which they are laid out. */
  over?: string[];
  good: Record<string, Entry>;
  bad: Record<string, Entry>;
}

/** Tests run at the project's root. */
const CORPUS = path.resolve('tests/corpus');

export function labsWithCases(): string[] {
  return readdirSync(CORPUS).sort();
}

/** The cases of a lab, in the order of its expected.yaml. */
export function casesOf(lab: string): Case[] {
  const { good, bad } = expectedOf(lab);
  const cases = (entries: Record<string, Entry>, isGood: boolean): Case[] =>
    Object.entries(entries).map(([name, entry]) => ({
      name,
      good: isGood,
      shows: entry.shows ?? '',
      fails: entry.fails ?? [],
      status: entry.status ?? 'graded',
      ...(entry.cause !== undefined && { cause: entry.cause }),
      remove: entry.remove ?? [],
      representative: entry.representative ?? false,
      rare: entry.rare ?? false,
      engines: entry.engines ?? GENERATIONS,
    }));
  return [...cases(good, true), ...cases(bad, false)];
}

function expectedOf(lab: string): Expected {
  return parse(readFileSync(path.join(CORPUS, lab, 'expected.yaml'), 'utf8')) as Expected;
}

/** Lays a case out as a student's submission: `<submissions>/<student>/<lab>/…`; the student is called as the case is. */
export function layOut(lab: string, { name, remove }: Case, submissions: string, student: string = name): void {
  const folder = path.join(submissions, student, lab);
  mkdirSync(folder, { recursive: true });
  for (const each of expectedOf(lab).over ?? []) cpSync(path.resolve(each), folder, { recursive: true });
  for (const each of remove) rmSync(path.join(folder, each), { recursive: true });
  cpSync(path.join(CORPUS, lab, 'cases', name), folder, { recursive: true });
}
