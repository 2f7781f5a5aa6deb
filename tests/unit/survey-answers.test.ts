/** Where answers are found, and whether they count as written on the lab host. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import type { Deployment } from '../../helpers/submission/deployment.ts';
import { readSubmission } from '../../helpers/submission/submission.ts';
import { answersHandedIn, answersSection } from '../../helpers/survey/answers.ts';

const LAB = { name: 'inspect-busybox', survey: { roles: [], answers: 'answers.yaml' } };
const SCRIPT: Deployment = { how: 'script', directory: '.', file: 'run.sh', roles: {}, timeoutMs: 1000 };

let root: string;
let handedIn: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-answers-'));
  handedIn = path.join(root, LAB.name);
  mkdirSync(handedIn);
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** A lab host to which the submission has been copied as it is, links included. */
function host(): LabHost {
  const readText = (file: string): Promise<string | undefined> =>
    Promise.resolve(readFileSync(file, { encoding: 'utf8' })).catch(() => undefined);
  return { workplace: root, readText } as unknown as LabHost;
}

test('answers behind a link are answers that were handed in, not answers that were written on the lab host', async () => {
  writeFileSync(path.join(handedIn, 'my-answers.yaml'), 'q1: bridge\n');
  symlinkSync('my-answers.yaml', path.join(handedIn, 'answers.yaml'));
  const submission = await readSubmission(handedIn);
  const { answers } = await answersSection(host(), LAB, { submission, deployment: SCRIPT });
  expect(answers).toMatchObject({ aboutThisHost: false, answers: { given: { q1: ['bridge'] } } });
});

test('answers that the script has written behind a link are about this host', async () => {
  writeFileSync(path.join(handedIn, 'my-answers.yaml'), 'q1: none yet\n');
  symlinkSync('my-answers.yaml', path.join(handedIn, 'answers.yaml'));
  const submission = await readSubmission(handedIn);
  writeFileSync(path.join(handedIn, 'my-answers.yaml'), 'q1: bridge\n');
  const { answers } = await answersSection(host(), LAB, { submission, deployment: SCRIPT });
  expect(answers).toMatchObject({ aboutThisHost: true, answers: { given: { q1: ['bridge'] } } });
});

test('answers that are too long are there, and their author is told what is wrong with them', async () => {
  writeFileSync(path.join(handedIn, 'answers.yaml'), `q1: ${'x'.repeat(70_000)}\n`);
  const { answers } = answersHandedIn(await readSubmission(handedIn), 'answers.yaml');
  expect(answers).toEqual({ problem: 'answers.yaml is longer than 64 KiB' });
});
