import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { handedOver } from '../../helpers/deploy/two-machines.ts';
import { deploymentOf } from '../../helpers/submission/deployment.ts';
import { findStudents } from '../../helpers/submission/find.ts';
import { parseManifest } from '../../helpers/submission/manifest.ts';
import { readSubmission } from '../../helpers/submission/submission.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-unit-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function put(...files: string[]): void {
  for (const file of files) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), '');
  }
}

const WANTED = { students: [], labs: [], knownLabs: ['lab-a', 'lab-b'] };

describe('finding submissions', () => {
  test('a folder per student, a folder per lab', () => {
    put('alice/lab-a/compose.yaml', 'bob/lab-c/run.sh');
    const [alice, bob] = findStudents(root, WANTED);
    expect([alice?.name, [...alice!.labs.keys()], alice?.unknown]).toEqual(['alice', ['lab-a'], []]);
    expect([bob?.name, [...bob!.labs.keys()], bob?.unknown]).toEqual(['bob', [], ['lab-c']]);
  });

  test('examples only count when nothing else is there, or when named', () => {
    put('example-good/lab-a/run.sh');
    expect(findStudents(root, WANTED).map(({ name }) => name)).toEqual(['example-good']);
    put('alice/lab-a/run.sh');
    expect(findStudents(root, WANTED).map(({ name }) => name)).toEqual(['alice']);
    expect(findStudents(root, { ...WANTED, students: ['example-good'] }).map(({ name }) => name)).toEqual([
      'example-good',
    ]);
  });

  test('one student with a folder per lab', () => {
    put('lab-a/run.sh', 'lab-b/compose.yaml');
    const students = findStudents(root, { ...WANTED, student: 'carol' });
    expect(students.map(({ name, labs }) => [name, [...labs.keys()]])).toEqual([['carol', ['lab-a', 'lab-b']]]);
  });

  test('whose a folder per student is, only the folders can say', () => {
    put('alice/lab-a/run.sh', 'bob/lab-a/run.sh');
    expect(() => findStudents(root, { ...WANTED, student: 'carol' })).toThrow(/folder per student \(e\.g\. alice\)/);
  });

  test('a folder that is one submission needs to be told its lab', () => {
    put('compose.yaml');
    expect(() => findStudents(root, WANTED)).toThrow(/--lab/);
    const [student] = findStudents(root, { ...WANTED, labs: ['lab-b'], student: 'dora' });
    expect([student?.name, student?.labs.get('lab-b')]).toEqual(['dora', root]);
  });

  test.each(['start.sh', 'work.zip', 'Exercise/solution/compose.yaml'])(
    'a folder that is called as a lab is that lab, if it has %s',
    (file) => {
      put(`alice/lab-a/${file}`);
      const students = findStudents(path.join(root, 'alice/lab-a'), WANTED);
      expect(students).toEqual([
        { name: 'alice', labs: new Map([['lab-a', path.join(root, 'alice/lab-a')]]), unknown: [] },
      ]);
    },
  );

  test('a folder that is called as a lab may have a folder per student', () => {
    put('lab-a/alice/lab-a/run.sh');
    expect(findStudents(path.join(root, 'lab-a'), WANTED).map(({ name }) => name)).toEqual(['alice']);
  });

  test('a student who is not there is named, with who is', () => {
    put('alice/lab-a/run.sh');
    expect(() => findStudents(root, { ...WANTED, students: ['zoe'] })).toThrow(/no student "zoe".*alice/);
  });

  test('links are not followed', () => {
    put('alice/lab-a/run.sh');
    symlinkSync('/', path.join(root, 'mallory'));
    expect(findStudents(root, WANTED).map(({ name }) => name)).toEqual(['alice']);
  });

  test('an empty folder and a missing one say what to do', () => {
    expect(() => findStudents(root, WANTED)).toThrow(/needs a folder per student/);
    expect(() => findStudents(path.join(root, 'nowhere'), WANTED)).toThrow(/--submissions/);
  });
});

describe('how a folder is deployed', () => {
  test.each([
    [['compose.yml', 'run.sh'], { how: 'compose', directory: '.' }],
    [['nginx_flask_mongodb/docker-compose.yaml', 'README.md'], { how: 'compose', directory: 'nginx_flask_mongodb' }],
    [['run.sh', 'nginx/Dockerfile'], { how: 'script', directory: '.', file: 'run.sh' }],
  ])('%j', async (files, expected) => {
    put(...files);
    expect(deploymentOf(await readSubmission(root))).toMatchObject(expected);
  });

  test('submission.yaml overrules the files', async () => {
    put('compose.yaml', 'deploy/start.sh');
    writeFileSync(
      path.join(root, 'submission.yaml'),
      'deploy: script\nfile: deploy/start.sh\ntimeout: 20\nroles: {mongo: db}\n',
    );
    expect(deploymentOf(await readSubmission(root))).toEqual({
      how: 'script',
      directory: 'deploy',
      file: 'start.sh',
      timeoutMs: 20_000,
      roles: { mongo: 'db' },
      why: 'submission.yaml says "file: deploy/start.sh"',
      notes: [],
    });
  });

  test.each(['there', 'not-there'])('what is behind a link is not in the submission: %s', async (name) => {
    put('elsewhere/there', 'lab/run.sh');
    symlinkSync(path.join(root, 'elsewhere'), path.join(root, 'lab/door'));
    writeFileSync(path.join(root, 'lab/submission.yaml'), `deploy: script\nfile: door/${name}\n`);
    expect(deploymentOf(await readSubmission(path.join(root, 'lab')))).toEqual({
      how: 'none',
      reason: `submission.yaml names the file "door/${name}", which is not in the submission`,
    });
  });

  test('says what was looked for and what was found', async () => {
    put('notes.txt');
    const deployment = deploymentOf(await readSubmission(root));
    expect(deployment.how).toBe('none');
    expect(JSON.stringify(deployment)).toMatch(/compose\.yaml.*run\.sh.*notes\.txt/);
  });
});

describe('submission.yaml', () => {
  test.each([
    ['deploy: kubernetes', /deploy must be compose, script, live/],
    ['deploy: compsoe', /deploy must be compose, script, live; did you mean "compose"\? it is "compsoe"/],
    ['deplyo: compose', /unknown key "deplyo"/],
    ['file: ..\\other\\compose.yaml', /inside the submission/],
    ['file: ../other/compose.yaml', /inside the submission/],
    ['file: /etc/passwd', /inside the submission/],
    ['timeout: -1', /timeout/],
    ['timeout: 1e9', /timeout/],
    ['roles: [a, b]', /roles must map/],
    ['roles: {mongo: 3}', /roles\.mongo/],
    ['- a list', /mapping/],
    ['a: [', /not valid YAML/],
    ['roles:\n\tmongo: mongo', /not valid YAML: .*line 2, column 1$/],
  ])('%s is refused', (text, message) => {
    expect(() => parseManifest(text)).toThrow(message);
  });

  test('a path of Windows is one', () => {
    expect(parseManifest('file: work\\up.sh')).toEqual({ roles: {}, file: 'work/up.sh' });
  });

  test('an empty one says nothing', () => {
    expect(parseManifest('')).toEqual({ roles: {} });
  });
});

describe('labs on two machines', () => {
  test('are deployed by a script for each', async () => {
    put('host1.sh', 'host2.sh');
    expect(deploymentOf(await readSubmission(root), { machines: 2 })).toMatchObject({
      how: 'script',
      scripts: ['host1.sh', 'host2.sh'],
    });
  });

  test('need both scripts', async () => {
    put('host1.sh', 'run.sh');
    expect(deploymentOf(await readSubmission(root), { machines: 2 })).toEqual({
      how: 'none',
      reason: 'this lab needs a script for each machine: there is no host2.sh',
    });
  });

  test('hand over what is a variable, line by line, and nothing else', () => {
    const text = 'TOKEN=SWMTKN-1=abc\nexport A=1\nname=x\n\nB=\n';
    expect(handedOver(text)).toEqual({ TOKEN: 'SWMTKN-1=abc', B: '' });
  });
});
