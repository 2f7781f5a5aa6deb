/** Where answers are found, and whether they count as written on the lab host. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import type { Deployment } from '../../helpers/submission/deployment.ts';
import { readSubmission } from '../../helpers/submission/submission.ts';
import { answersHandedIn, answersSection } from '../../helpers/survey/answers.ts';

const LAB = { name: 'inspect-busybox', survey: { roles: [], answers: 'answers.yaml' } };
const SCRIPT: Deployment = {
  how: 'script',
  directory: '.',
  file: 'run.sh',
  roles: {},
  timeoutMs: 1000,
  why: 'there is run.sh',
  notes: [],
};

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
  const readText = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);
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
  const { answers } = answersHandedIn(await readSubmission(handedIn), LAB);
  expect(answers).toEqual({ problem: 'answers.yaml is longer than 64 KiB' });
});

test.each(['answers.yml', 'Answers.YAML', 'work/answers.yml', 'a b/c/Answers.yaml'])(
  'answers are found in %s',
  async (file) => {
    mkdirSync(path.dirname(path.join(handedIn, file)), { recursive: true });
    writeFileSync(path.join(handedIn, file), 'q1: bridge\n');
    const submission = await readSubmission(handedIn);
    const seen = { file: path.basename(file), aboutThisHost: false, answers: { given: { q1: ['bridge'] } } };
    expect(answersHandedIn(submission, LAB)).toEqual(seen);
    expect(await answersSection(host(), LAB, { submission, deployment: SCRIPT })).toEqual({ answers: seen });
  },
);

test('answers in two folders are none: nobody knows which count', async () => {
  for (const folder of ['a', 'b']) {
    mkdirSync(path.join(handedIn, folder));
    writeFileSync(path.join(handedIn, folder, 'answers.yaml'), 'q1: bridge\n');
  }
  expect(answersHandedIn(await readSubmission(handedIn), LAB).answers).toEqual({
    problem: 'there are a/answers.yaml and b/answers.yaml: keep the one that counts',
  });
});

test.each([
  ['answers.yaml.txt', 'there is no answers.yaml; answers.yaml.txt is not read: hand its answers in as answers.yaml'],
  ['my/Answers.docx', 'there is no answers.yaml; my/Answers.docx is not read: hand its answers in as answers.yaml'],
  ['notes.txt', 'there is no answers.yaml'],
  [
    'a.zip',
    'there is no answers.yaml; a.zip is damaged (Unexpected end of data): unpack it, and hand in the files that are in it',
  ],
])('of %s, its author reads what to do', async (file, problem) => {
  mkdirSync(path.dirname(path.join(handedIn, file)), { recursive: true });
  writeFileSync(path.join(handedIn, file), 'q1: bridge\n');
  const submission = await readSubmission(handedIn);
  expect(answersHandedIn(submission, LAB).answers).toEqual({ problem });
  const { answers } = await answersSection(host(), LAB, { submission, deployment: SCRIPT });
  expect(answers?.answers).toEqual({ problem });
});

test('choices that are no YAML are not guessed: a program wrote them', async () => {
  writeFileSync(path.join(handedIn, 'answers.yaml'), 'q1: 7: veth1\n');
  const { answers } = answersHandedIn(await readSubmission(handedIn), LAB);
  expect(answers).toEqual({ problem: expect.stringMatching(/is not valid YAML/) as unknown });
});
