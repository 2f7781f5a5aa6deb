/** Classes for tests of similarity: submissions from folders and texts, as records with a fingerprint. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { LabDefinition } from '../../helpers/lab/lab-definition.ts';
import type { LabRecord, StudentRecord, SeenTopology } from '../../helpers/report/record.ts';
import { fingerprintOf, fingerprintOfTexts, type Fingerprint } from '../../helpers/report/similarity/fingerprint.ts';
import { Material } from '../../helpers/report/similarity/material.ts';
import { casesOf, layOut } from './corpus.ts';
import { recordOf } from './records.ts';
import { readSubmission } from '../../helpers/submission/submission.ts';

const SOLUTIONS = path.resolve('tests/solutions');
export const NOTHING_SEEN: SeenTopology = { networks: [], containers: [] };
const material = new Material(process.cwd());

/** What is looked up of a lab; which roles it has hardly matters here. */
export function labCalled(name: string): Pick<LabDefinition, 'name' | 'survey'> {
  return { name, survey: { roles: [] } };
}

/** Honest solutions of a lab, each its own way: folder by name. */
export function solutionsOf(lab: string): Map<string, string> {
  const folder = path.join(SOLUTIONS, lab);
  return new Map(readdirSync(folder).map((name) => [name, path.join(folder, name)]));
}

export function solution(lab: string, name: string, file: string): string {
  return readFileSync(path.join(SOLUTIONS, lab, name, file), 'utf8');
}

export async function fingerprintOfFolder(lab: string, folder: string): Promise<Fingerprint> {
  return fingerprintOf(await readSubmission(folder), NOTHING_SEEN, await material.of(labCalled(lab)));
}

export async function fingerprintOfFiles(
  lab: string,
  files: Record<string, string>,
  seen: SeenTopology = NOTHING_SEEN,
): Promise<Fingerprint> {
  const texts = Object.entries(files).map(([file, text]) => ({ file, text }));
  return fingerprintOfTexts(texts, seen, await material.of(labCalled(lab)));
}

/** The corpus's cases of these names, laid out over what the course gives out. */
export async function fingerprintsOfCases(lab: string, names: string[]): Promise<Map<string, Fingerprint>> {
  const root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-similar-'));
  try {
    const fingerprints = new Map<string, Fingerprint>();
    for (const each of casesOf(lab).filter(({ name }) => names.includes(name))) {
      layOut(lab, each, root);
      fingerprints.set(each.name, await fingerprintOfFolder(lab, path.join(root, each.name, lab)));
    }
    return fingerprints;
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** A class that handed in one lab. */
export function classOf(lab: string, fingerprints: Iterable<[string, Fingerprint]>): StudentRecord[] {
  return [...fingerprints].map(([student, fingerprint]) => recordOf(student, [labWith(lab, fingerprint)]));
}

export function labWith(lab: string, fingerprint: Fingerprint): LabRecord {
  const nothing = { status: 'graded' as const, score: 0, maxScore: 0, durationMs: 1, criteria: [] };
  return { lab, ...nothing, topology: NOTHING_SEEN, fingerprint };
}
