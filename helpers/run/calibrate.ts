/**
 * The positive control of the whole machine. Before anybody's work is graded on new lab hosts, one submission that is known
 * to be right and one that is known to be wrong are graded there. An engine that starts no container, or a kernel that
 * isolates nothing, is seen by that, and not by a class that has lost its points.
 */
import path from 'node:path';
import { InfrastructureError } from '../base/failure.ts';
import { Judge } from '../judge/judge.ts';
import { loadCatalogue, SPECS } from '../lab/catalogue.ts';
import { ImageShelf } from '../machine/lab-host/image-shelf.ts';
import type { LabHostSupply } from '../machine/lab-host/supply.ts';
import { Material } from '../report/similarity/material.ts';
import { readSubmission } from '../submission/submission.ts';
import { gradeLab } from './grade-lab.ts';
import { differencesFrom, KNOWN, KNOWN_LAB } from './known-verdicts.ts';

const ROOT = path.dirname(SPECS);

/**
 * Grades the known submissions, up to the first with another verdict.
 *
 * @throws {InfrastructureError} with what differs.
 */
export async function calibrate(hosts: LabHostSupply): Promise<void> {
  const lab = (await loadCatalogue()).get(KNOWN_LAB)!;
  using judge = new Judge();
  judge.getReady(lab);
  await using images = new ImageShelf(hosts.porter);
  const grader = { judge, hosts, images, live: false, material: new Material(ROOT) };
  for (const known of KNOWN) {
    const folder = path.join(ROOT, 'submissions', known.example, KNOWN_LAB);
    const { record } = await gradeLab(grader, lab, await readSubmission(folder));
    const differences = differencesFrom(known, record);
    if (differences.length > 0)
      throw new InfrastructureError(
        `lab hosts on this machine do not give the known verdicts, so nobody’s work is graded here: ${known.example}/${KNOWN_LAB}\n${differences.join('\n')}`,
      );
  }
}
