/** What a submission builds is what is graded, also where the course has built something of the same name before. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { criteriaWith, grade, labOf, workspace, type Workspace } from '../helpers/grade.ts';

const LAB = 'none-network';
const GRADING_MS = 180_000;
/** Compose calls the image of its service nginx as that of the course's own solution of exercise 2. */
const FOLDER = 'nginx_flask_mongodb';
const COMPOSE = 'services: { nginx: { build: ., container_name: isolated, network_mode: none } }\n';

function handIn({ submissions }: Workspace, student: string, script: string | undefined): void {
  const lab = path.join(submissions, student, LAB);
  const folder = path.join(lab, FOLDER);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'compose.yaml'), COMPOSE);
  writeFileSync(path.join(folder, 'Dockerfile'), 'FROM busybox\nCMD ["sleep", "300"]\n');
  if (script === undefined) return;
  writeFileSync(path.join(lab, 'run.sh'), script);
  writeFileSync(path.join(lab, 'submission.yaml'), 'deploy: script\n');
}

test(
  'an image of the course is not started instead of the submission’s own, whoever calls Compose',
  async () => {
    using place = workspace();
    handIn(place, 'alice', undefined);
    handIn(place, 'bob', `cd ${FOLDER} && docker compose up --detach\n`);
    await grade(['--submissions', place.submissions, '--out', place.out, '--lab', LAB]);
    for (const student of ['alice', 'bob']) {
      const lab = labOf(place.out, student, LAB);
      // The course's nginx would not stay up without a network.
      expect([student, lab.status, criteriaWith(lab, 'failed'), lab.score]).toEqual([student, 'graded', [], 100]);
      expect(lab.timings?.['deploy: build']).toBeGreaterThan(0);
    }
  },
  GRADING_MS,
);
