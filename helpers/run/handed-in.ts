/** A look at what students handed in, before anything is graded: what it is, and what of it cannot be graded at all. */
import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { reasonOf } from '../base/failure.ts';
import { failedLab, ungradedLab } from '../report/recording.ts';
import { contentsOf, type Contents } from '../submission/contents.ts';
import type { Student } from '../submission/find.ts';
import type { GradableLab } from '../lab/catalogue.ts';
import type { Graded } from './grade-lab.ts';

/** Of as many students at a time folders are read: each needs an open file. */
const AT_A_TIME = 16;
const DIGEST_DIGITS = 12;

export interface HandedIn {
  /** The same as long as the same is handed in. */
  digest: string;
  /** By the lab's name: a submission that is too large or cannot be read needs no machine. */
  refused: Map<string, Graded>;
}

/** @returns what each student handed in, by the student's name. */
export async function lookAtAll(students: Student[], labs: GradableLab[]): Promise<Map<string, HandedIn>> {
  const found = new Map<string, HandedIn>();
  const left = students.values();
  const work = async (): Promise<void> => {
    for (const student of left) found.set(student.name, await lookAt(student, labs));
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return found;
}

async function lookAt(student: Student, labs: GradableLab[]): Promise<HandedIn> {
  const hash = createHash('sha256');
  const refused = new Map<string, Graded>();
  for (const lab of labs) {
    const folder = student.labs.get(lab.name);
    if (folder === undefined) continue;
    try {
      const contents = await contentsOf(folder);
      if (contents.over === undefined) await add(hash, folder, contents);
      else {
        refused.set(lab.name, { record: ungradedLab(lab, 'invalid', contents.over) });
        hash.update(contents.over);
      }
    } catch (error) {
      const why = `the submission cannot be read: ${reasonOf(error)}`;
      refused.set(lab.name, { record: failedLab(lab, why, 0) });
      hash.update(why);
    }
  }
  return { digest: hash.digest('hex').slice(0, DIGEST_DIGITS), refused };
}

async function add(hash: ReturnType<typeof createHash>, folder: string, { entries }: Contents): Promise<void> {
  for (const { kind, name } of entries) {
    const file = path.join(folder, name);
    hash.update(`${kind} ${name}\0`);
    if (kind === 'file') hash.update(await readFile(file));
    if (kind === 'link') hash.update(await readlink(file));
    hash.update('\0');
  }
}
