/**
 * The corpus of known-good and known-bad submissions: `<lab>/expected.yaml` says what each case shows and which
 * criteria it fails, `<lab>/handout/`, if there is one, is what the course gives out, `<lab>/cases/<case>/` is laid over
 * a copy of it.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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
  /** Paths that are removed from the copy of the hand-out. */
  remove: string[];
  /** Graded on the oldest generation of engine, too, by `npm test`; the others only by `npm run test:engines`. */
  representative: boolean;
  /** Graded only by `npm run test:engines`: others show much the same, and a run has to end in good time. */
  rare: boolean;
  /** The generations it is judged on: all, unless an engine itself behaves differently. */
  engines: Generation[];
}

type Entry = Partial<Omit<Case, 'name' | 'good'>>;

/** Tests run at the project's root. */
const CORPUS = path.resolve('tests/corpus');

export function labsWithCases(): string[] {
  return readdirSync(CORPUS).sort();
}

/** The cases of a lab, in the order of its expected.yaml. */
export function casesOf(lab: string): Case[] {
  const file = path.join(CORPUS, lab, 'expected.yaml');
  const { good, bad } = parse(readFileSync(file, 'utf8')) as Record<'good' | 'bad', Record<string, Entry>>;
  const cases = (entries: Record<string, Entry>, isGood: boolean): Case[] =>
    Object.entries(entries).map(([name, entry]) => ({
      name,
      good: isGood,
      shows: entry.shows ?? '',
      fails: entry.fails ?? [],
      status: entry.status ?? 'graded',
      remove: entry.remove ?? [],
      representative: entry.representative ?? false,
      rare: entry.rare ?? false,
      engines: entry.engines ?? GENERATIONS,
    }));
  return [...cases(good, true), ...cases(bad, false)];
}

/** Lays a case out as a student's submission: `<submissions>/<student>/<lab>/…`; the student is called as the case is. */
export function layOut(lab: string, { name, remove }: Case, submissions: string, student: string = name): void {
  const folder = path.join(submissions, student, lab);
  mkdirSync(folder, { recursive: true });
  const handout = path.join(CORPUS, lab, 'handout');
  if (existsSync(handout)) cpSync(handout, folder, { recursive: true });
  for (const each of remove) rmSync(path.join(folder, each), { recursive: true });
  cpSync(path.join(CORPUS, lab, 'cases', name), folder, { recursive: true });
}
