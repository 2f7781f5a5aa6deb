/** What instructors' scripts rely on: exit codes, shapes of submissions, what is printed where. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { grade, labOf, outputsIn, recordOf, workspace, type Workspace } from '../helpers/grade.ts';

const LAB = 'nginx-flask-mongo';
const GRADING_MS = 120_000;

let place: Workspace;
beforeEach(() => {
  place = workspace();
});
afterEach(() => {
  place[Symbol.dispose]();
});

function handIn(student: string, files: Record<string, string>): void {
  for (const [file, text] of Object.entries(files)) {
    const target = path.join(place.submissions, student, LAB, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

test(
  'a lab that was not handed in is missing, scores 0 and is no error',
  async () => {
    mkdirSync(path.join(place.submissions, 'alice', 'nginx_flask_mongo'), { recursive: true });
    const all = ['--submissions', place.submissions, '--out', place.out, '--lab', LAB];
    const nobody = await grade(all);
    expect([nobody.exitCode, existsSync(place.out)]).toEqual([2, false]);
    expect(nobody.stderr).toMatch(/nobody has handed in nginx-flask-mongo .*alice.*nothing is graded/);
    const { exitCode } = await grade(['alice', ...all]);
    const lab = labOf(place.out, 'alice', LAB);
    expect([exitCode, lab.status, lab.score]).toEqual([0, 'missing', 0]);
    expect(lab.message).toContain('nginx_flask_mongo');
    expect(readFileSync(path.join(place.out, 'gradebook.csv'), 'utf8')).toBe(
      `\ufeffstudent,${LAB},total,max\r\nalice,missing,0,100\r\n`,
    );
  },
  GRADING_MS,
);

test.each([
  [['--lab', 'no-such-lab'], /there is no lab "no-such-lab".*nginx-flask-mongo/],
  [['--submissions', '/nonexistent'], /there is no folder/],
  [['nobody'], /no student "nobody".*example-good/],
  [['--jobs', '-1'], /--jobs/],
  [['--lba', LAB], /there is no option "--lba"; did you mean --lab/],
  [['--engine', '19.03'], /--engine "19\.03".*28\.5, 26\.1, 20\.10/],
])(
  'grade %j is refused with exit 2, a reason and no stack trace',
  async (args, reason) => {
    const { exitCode, stderr } = await grade([...args, '--out', place.out]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(reason);
    expect(stderr).not.toMatch(/\n\s+at /);
  },
  GRADING_MS,
);

test(
  'a folder that is one submission is graded as it stands; below --min-score the exit code is 1',
  async () => {
    cpSync('submissions/example-published-solution', path.join(place.submissions, 'bob'), { recursive: true });
    const folder = path.join(place.submissions, 'bob', LAB);
    const { exitCode, stdout } = await grade(['--submissions', folder, '--out', place.out, '--min-score', '99']);
    expect(exitCode).toBe(1);
    expect(recordOf(place.out, 'bob').score).toBeLessThan(99);
    expect(stdout).toContain('nginx-public-only');
    // eslint-disable-next-line no-control-regex -- no colour codes when piped
    expect(stdout).not.toMatch(/\u001b/);
  },
  GRADING_MS,
);

test(
  'a student’s commands see nothing of the grader’s environment',
  async () => {
    handIn('eve', { 'run.sh': 'env\necho "in: $NETGRADE_TEST_SECRET"\nexit 3\n' });
    const { exitCode } = await grade(['--submissions', place.submissions, '--out', place.out, '--lab', LAB], {
      NETGRADE_TEST_SECRET: 'hush-hush',
    });
    const text = JSON.stringify(recordOf(place.out, 'eve'));
    expect(exitCode).toBe(0);
    expect(text).toContain('HOME=/home/student'); // so the environment was seen at all
    expect(text).not.toContain('hush-hush');
  },
  GRADING_MS,
);

test(
  'several labs of one student, on one machine and on two; those that were not handed in are missing',
  async () => {
    for (const lab of ['default-bridge', 'overlay-network'])
      cpSync(`submissions/example-good/${lab}`, path.join(place.submissions, 'frida', lab), { recursive: true });
    mkdirSync(path.join(place.submissions, 'gus'), { recursive: true });
    const wanted = ['default-bridge', 'overlay-network', 'netflix'].flatMap((lab) => ['--lab', lab]);
    const { exitCode } = await grade(['--submissions', place.submissions, '--out', place.out, ...wanted]);
    const results = ['frida', 'gus'].map((student) => {
      const { labs, score, maxScore } = recordOf(place.out, student);
      return [...labs.map(({ lab, status }) => `${lab} ${status}`), `${score}/${maxScore}`];
    });
    expect(exitCode).toBe(0);
    expect(results).toEqual([
      ['default-bridge graded', 'netflix missing', 'overlay-network graded', '200/200'],
      ['default-bridge missing', 'netflix missing', 'overlay-network missing', '0/200'],
    ]);
    const { containers } = labOf(place.out, 'frida', 'overlay-network').topology;
    expect(containers.map(({ machine, name }) => [machine, name])).toEqual([
      [1, 'alpine1'],
      [2, 'alpine2'],
    ]);
  },
  GRADING_MS,
);

describe('a course’s own topology', () => {
  const OWN = [
    'title: One page',
    'roles:',
    '  page: { image: nginx, port: 80, public: true }',
    'networks:',
    '  page-net: [page]',
    '',
  ].join('\n');

  function describeLab(text: string): string {
    const folder = path.join(place.submissions, '..', 'labs');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'one-page.yaml'), text);
    return folder;
  }

  test(
    'is graded without any code',
    async () => {
      const labs = describeLab(OWN);
      const script = 'docker network create page-net\ndocker run -d --name page --network page-net -p 80:80 nginx\n';
      const folder = path.join(place.submissions, 'hal', 'one-page');
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, 'run.sh'), script);
      const { exitCode } = await grade(['--labs', labs, '--submissions', place.submissions, '--out', place.out]);
      expect([exitCode, recordOf(place.out, 'hal').labs.map(({ lab, score }) => [lab, score])]).toEqual([
        0,
        [['one-page', 100]],
      ]);
    },
    GRADING_MS,
  );

  test.each([
    ['an unknown key', OWN.replace('port: 80', 'prot: 80'), /one-page\.yaml, line 3: unknown key "prot"/],
    ['the name of a lab that there is', OWN, /two labs called netflix/],
  ])(
    'with %s is refused with exit 2',
    async (_, text, reason) => {
      const labs = describeLab(text);
      if (text === OWN) writeFileSync(path.join(labs, 'netflix.yaml'), text);
      const { exitCode, stderr } = await grade(['--labs', labs, '--out', place.out]);
      expect([exitCode, stderr]).toEqual([2, expect.stringMatching(reason)]);
    },
    GRADING_MS,
  );
});

test(
  'a deployment that exceeds its time limit is ended and graded on what is there',
  async () => {
    handIn('slow', { 'run.sh': 'docker network create public-net-1\nsleep 600\n', 'submission.yaml': 'timeout: 5\n' });
    const { exitCode } = await grade(['--submissions', place.submissions, '--out', place.out, '--lab', LAB]);
    const lab = labOf(place.out, 'slow', LAB);
    const [running] = lab.criteria;
    expect([exitCode, lab.status, running?.status]).toEqual([0, 'graded', 'failed']);
    expect(outputsIn(lab)).toContain('time limit');
  },
  GRADING_MS,
);
