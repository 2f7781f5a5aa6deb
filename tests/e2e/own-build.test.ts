/** What a submission builds is what is graded, also where the course has built something of the same name before. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { criteriaWith, grade, labOf, workspace } from '../helpers/grade.ts';

const LAB = 'none-network';
const GRADING_MS = 180_000;
/** Compose calls the image of its service nginx as that of the course's own solution of exercise 2. */
const FOLDER = 'nginx_flask_mongodb';
const COMPOSE = 'services: { nginx: { build: ., container_name: isolated, network_mode: none } }\n';

test(
  'an image of the course is not started instead of the submission’s own',
  async () => {
    using place = workspace();
    const folder = path.join(place.submissions, 'alice', LAB, FOLDER);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'compose.yaml'), COMPOSE);
    writeFileSync(path.join(folder, 'Dockerfile'), 'FROM busybox\nCMD ["sleep", "300"]\n');
    await grade(['--submissions', place.submissions, '--out', place.out, '--lab', LAB]);
    const lab = labOf(place.out, 'alice', LAB);
    // The course's nginx would not stay up without a network.
    expect([lab.status, criteriaWith(lab, 'failed'), lab.score]).toEqual(['graded', [], 100]);
    expect(lab.timings?.['deploy: build']).toBeGreaterThan(0);
  },
  GRADING_MS,
);
