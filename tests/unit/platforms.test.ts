/** Submissions as learning platforms hand them out: whose they are, which labs, and what is in them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import tar from 'tar-stream';
import { packFolder } from '../../helpers/machine/lab-host/pack-folder.ts';
import { packParcel, unpackParcel } from '../../helpers/run/queue/parcel.ts';
import { deploymentOf } from '../../helpers/submission/deployment.ts';
import { findClass, type Found } from '../../helpers/submission/platforms/class.ts';
import { readSubmission, type Submission } from '../../helpers/submission/submission.ts';
import { packZip } from '../attacks/archive.ts';
import { moodleFolders, putAll, putZip, zipOf, type Files } from '../helpers/downloads.ts';

const LAB = 'nginx-flask-mongo';
const KNOWN = [LAB, 'default-bridge', 'sandbox'];
const COMPOSE = 'services: { web: { image: nginx } }\n';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-platforms-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

interface Question {
  labs?: string[];
  students?: string[];
  student?: string;
  called?: [string, string][];
  at?: string;
}

function find({ labs = [LAB], students = [], at = '.', called = [], student }: Question = {}): Promise<Found> {
  const asked = {
    labs,
    students,
    knownLabs: KNOWN,
    called: new Map(called),
    ...(student !== undefined && { student }),
  };
  return findClass(path.resolve(root, at), asked);
}

/** Each student's files of a lab, as they will be on a lab host. */
async function content({ students }: Found, lab = LAB): Promise<Record<string, string[]>> {
  const all = students.map(async ({ name, labs }): Promise<[string, string[]]> => {
    const place = labs.get(lab);
    return [name, place === undefined ? [] : await arrives(await readSubmission(place))];
  });
  return Object.fromEntries(await Promise.all(all));
}

async function arrives(submission: Submission): Promise<string[]> {
  const unpack = tar.extract();
  packFolder(submission, '/lab').pipe(unpack);
  const names: string[] = [];
  for await (const entry of unpack) {
    if (entry.header.type === 'file') names.push(entry.header.name.replace('lab/', ''));
    await buffer(entry);
  }
  return names.sort();
}

const MOODLE = {
  ...moodleFolders({
    'Alice Adams_17': { 'compose.yaml': COMPOSE, 'app/Dockerfile': 'FROM python\n' },
    'Chen Wei_18': { 'my work.zip': zipOf({ 'Chen/run.sh': 'docker run -d nginx\n' }) },
    'Chen Wei_21': { 'compose.yml': COMPOSE },
  }),
  'Dan Text_22_assignsubmission_onlinetext/onlinetext.html': '<p>see my repository</p>',
};
const OF_MOODLE = {
  'Alice Adams': ['app/Dockerfile', 'compose.yaml'],
  'Chen Wei 18': ['my work/Chen/run.sh'],
  'Chen Wei 21': ['compose.yml'],
  'Dan Text': [],
};

describe('a download of Moodle', () => {
  test.each<[string, () => string]>([
    ['folders', () => (putAll(root, MOODLE), '.')],
    ['folders in a folder', () => (putAll(path.join(root, 'NET101-Exercise 2-4711'), MOODLE), '.')],
    ['its zip', () => (putZip(path.join(root, 'NET101-Exercise 2-4711.zip'), MOODLE), 'NET101-Exercise 2-4711.zip')],
    ['a folder with its zip', () => (putZip(path.join(root, 'NET101-Exercise 2-4711.zip'), MOODLE), '.')],
    ['a folder with its zip beside the examples', () => {
      putZip(path.join(root, 'all.zip'), MOODLE);
      putAll(root, { 'example-good/sandbox/run.sh': '' });
      return '.';
    }], // prettier-ignore
  ])('is recognised: %s', async (_, make) => {
    const found = await find({ at: make() });
    expect(found.said).toEqual(['a Moodle download: 4 students, 1 without files: Dan Text']);
    expect(await content(found)).toEqual(OF_MOODLE);
    expect(found.students.map(({ submitter }) => submitter)).toContainEqual({
      platform: 'moodle',
      name: 'Chen Wei',
      id: '21',
    });
  });

  test('may be one folder of files, and of older versions', async () => {
    putAll(root, {
      'Alice Adams_17_assignsubmission_file_compose.yaml': COMPOSE,
      'Alice Adams_17_assignsubmission_file_nginx.conf': '',
      'Bob Brown_18_assignsubmission_file_work_v2.zip': zipOf({ 'run.sh': 'docker run -d nginx' }),
      'grades.csv': 'Identifier,Grade\n',
    });
    const found = await find();
    expect(found.said).toEqual(['a Moodle download: 2 students']);
    expect(await content(found)).toEqual({
      'Alice Adams': ['compose.yaml', 'nginx.conf'],
      'Bob Brown': ['work_v2/run.sh'],
    });
  });

  test('may hide names, and be of groups; a folder that was put beside it counts', async () => {
    putAll(root, {
      'Participant_17_assignsubmission_file_/run.sh': '',
      'Group A_3_assignsubmission_file_/run.sh': '',
      'Default group_assignsubmission_file_/run.sh': '',
      'zoe-by-mail/run.sh': '',
    });
    const { students } = await find();
    expect(students.map(({ name }) => name)).toEqual(['Default group', 'Group A', 'Participant 17', 'zoe-by-mail']);
  });

  test('needs to be told its lab, and does not take anybody for missing', async () => {
    putAll(root, MOODLE);
    await expect(find({ labs: [] })).rejects.toThrow(/a Moodle download: 4 students.*--lab/s);
  });

  test('has its students by their names, where that is one', async () => {
    putAll(root, MOODLE);
    const { students } = await find({ students: ['Alice Adams', 'Chen Wei 21'] });
    expect(students.map(({ name }) => name)).toEqual(['Alice Adams', 'Chen Wei 21']);
    await expect(find({ students: ['Chen Wei'] })).rejects.toThrow(/2 students .*"Chen Wei".*Chen Wei 18, Chen Wei 21/);
  });
});

const CANVAS = {
  'adamsalice_12345_900_compose.yaml': COMPOSE,
  'adamsalice_12345_901_nginx.conf': '',
  'brownbob_LATE_12346_902_work-2.zip': zipOf({ 'run.sh': 'docker run -d nginx' }),
  'chenwei_12347_903_compose-1.yaml': COMPOSE,
  'chenwei_12347_904_1_2_notes-1.txt': '',
  'chenwei_12399_905_run.sh': '',
  'dantext_12348_text.html': '<p>text</p>',
};

describe('a download of Canvas', () => {
  test.each<[string, () => string]>([
    ['files', () => (putAll(root, CANVAS), '.')],
    ['its zip', () => (putZip(path.join(root, 'submissions.zip'), CANVAS), 'submissions.zip')],
  ])('is recognised: %s', async (_, make) => {
    const found = await find({ at: make() });
    expect(found.said).toEqual(['a Canvas download: 5 students, 1 without files: dantext 12348']);
    expect(await content(found)).toEqual({
      'adamsalice 12345': ['compose.yaml', 'nginx.conf'],
      'brownbob 12346': ['work-2/run.sh'],
      'chenwei 12347': ['1_2_notes-1.txt', 'compose.yaml'],
      'chenwei 12399': ['run.sh'],
      'dantext 12348': [],
    });
    expect(found.students[1]?.submitter).toEqual({
      platform: 'canvas',
      name: 'brownbob',
      id: '12346',
      upload: 'brownbob_LATE_12346_902_work-2.zip',
    });
  });

  test('may hide names', async () => {
    putAll(root, { 'anon_x1y2z_900_run.sh': '', 'LATE_anon_abcde_901_run.sh': '' });
    expect(await content(await find())).toEqual({ anon_x1y2z: ['run.sh'], anon_abcde: ['run.sh'] });
  });
});

test('an export of Gradescope says whose each submission is; of a group, everybody is credited', async () => {
  const metadata = `submission_1:
  :submitters:
  - :name: Alice Adams
    :sid: '17'
    :email: alice@example.org
  :created_at: 2026-11-20 10:00:00.000000000 Z
submission_2:
  :submitters:
  - { :name: Bob Brown, :email: bob@example.org }
  - { :name: Alice Adams, :email: other@example.org }
`;
  const files = {
    'submission_metadata.yml': metadata,
    'submission_1/run.sh': '',
    'submission_2/compose.yaml': COMPOSE,
  };
  const inside = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`assignment_99_export/${name}`, text]),
  );
  putAll(path.join(root, 'a'), files);
  putZip(path.join(root, 'b.zip'), inside);
  for (const at of ['a', 'b.zip']) {
    const found = await find({ at });
    expect(found.said).toEqual(['a Gradescope export: 3 students']);
    expect(await content(found)).toEqual({
      'Alice Adams alice@example.org': ['run.sh'],
      'Bob Brown': ['compose.yaml'],
      'Alice Adams other@example.org': ['compose.yaml'],
    });
  }
  writeFileSync(path.join(root, 'a/submission_metadata.yml'), '[');
  await expect(find({ at: 'a' })).rejects.toThrow(/submission_metadata\.yml.*export from Gradescope again/);
});

describe('repositories', () => {
  test('of GitHub Classroom have the lab at their root, and its name in theirs', async () => {
    putAll(root, {
      [`${LAB}-alice/compose.yaml`]: COMPOSE,
      [`${LAB}-bob-b/.git/config`]: '',
      [`${LAB}-bob-b/run.sh`]: '',
    });
    const found = await find({ labs: [] });
    expect(found.said).toEqual(['repositories of GitHub Classroom: 2 students']);
    expect(await content(found)).toEqual({ alice: ['compose.yaml'], 'bob-b': ['run.sh'] });
  });

  test('in which there is only what a repository begins with are without files', async () => {
    const began = { 'README.md': '# Hand in here', LICENSE: '', '.github/workflows/a.yml': '' };
    for (const name of ['alice', 'bob']) putAll(path.join(root, `${LAB}-${name}`), began);
    await expect(find()).rejects.toThrow(/2 students, 2 without files: alice, bob; nobody has handed in/);
    putAll(root, { [`${LAB}-alice/run.sh`]: '' });
    const found = await find();
    expect(found.said).toEqual(['repositories of GitHub Classroom: 2 students, 1 without files: bob']);
    expect(found.students.map(({ labs }) => labs.size)).toEqual([1, 0]);
  });

  test('may be in a folder that has the name of the assignment', async () => {
    putAll(path.join(root, 'exercise-2-submissions'), { 'exercise-2-alice/run.sh': '', 'exercise-2-al/run.sh': '' });
    expect(await content(await find())).toEqual({ al: ['run.sh'], alice: ['run.sh'] });
    await expect(find({ labs: [] })).rejects.toThrow(/2 students.*--lab/s);
  });

  test('of Classroom 50 say their classroom and assignment', async () => {
    const mark = 'classroom: net101\nassignment: exercise-2\n';
    const names = ['alice', 'al-b'].map((name) => `net101-exercise-2-${name}`);
    for (const name of names) putAll(path.join(root, name), { '.classroom50.yaml': mark, 'run.sh': '' });
    const liar = 'classroom: net101\nassignment: exercise-2-a\n';
    putAll(path.join(root, 'net101-exercise-2-a-1'), { '.classroom50.yaml': liar, 'run.sh': '' });
    const found = await find();
    expect(found.said).toEqual(['repositories of Classroom 50: 3 students']);
    const own = ['.classroom50.yaml', 'run.sh'];
    expect(await content(found)).toEqual({ 'a-1': own, 'al-b': own, alice: own });
  });
});

describe('archives', () => {
  test('one for each student: with folders for labs, or as one lab', async () => {
    putZip(path.join(root, 'alice.zip'), { [`alice/${LAB}/run.sh`]: '', 'alice/sandbox/run.sh': '' });
    putZip(path.join(root, 'bob.zip'), { [`${LAB}/compose.yaml`]: COMPOSE });
    putZip(path.join(root, 'carol.zip'), { 'project/compose.yaml': COMPOSE });
    putAll(root, { 'dora/run.sh': '' });
    const found = await find();
    expect(found.said).toEqual(['archives and folders of students: 4 students']);
    expect(await content(found)).toEqual({
      alice: ['run.sh'],
      bob: ['compose.yaml'],
      carol: ['carol/project/compose.yaml'],
      dora: ['run.sh'],
    });
  });

  test('that are no student’s are said to be none, or recognised as a class’s', async () => {
    putAll(root, { [`alice/${LAB}/run.sh`]: '', 'slides.zip': zipOf({ 'a.sh': '' }), 'all.zip': zipOf(MOODLE) });
    await expect(find({ labs: [] })).rejects.toThrow(/"slides\.zip" \(slides\)/);
    const found = await find({ labs: [], called: [['slides.zip', 'none']] });
    expect(found.said[0]).toMatch(/^archives and folders of students \(without all\.zip, which is a whole class’s/);
    expect(await content(found)).toEqual({ alice: ['run.sh'] });
  });

  test('a folder beside students’ folders that is said to be none is nobody’s', async () => {
    const files = { [`alice/${LAB}/run.sh`]: '', 'material/README.md': '', 'material/run.sh': '' };
    putAll(path.join(root, 'class'), files);
    putZip(path.join(root, 'class.zip'), files);
    for (const at of ['class', 'class.zip'])
      expect(await content(await find({ at, called: [['material', 'none']] }))).toEqual({ alice: ['run.sh'] });
  });

  test.each(['', 'class/', 'a/b/'])('one of all, with folders around: "%s"', async (around) => {
    putZip(path.join(root, 'class.zip'), {
      [`${around}alice/${LAB}/run.sh`]: '',
      [`${around}bob/${LAB}.zip`]: zipOf({ 'compose.yaml': COMPOSE }),
    });
    const found = await find({ labs: [] });
    expect(found.said).toEqual(['an archive of a class: 2 students']);
    expect(await content(found)).toEqual({ alice: ['run.sh'], bob: [`${LAB}/compose.yaml`] });
  });

  test('one submission, as one file', async () => {
    putZip(path.join(root, 'hand-in.zip'), { 'nginx/Dockerfile': '', 'flask/Dockerfile': '', 'compose.yaml': COMPOSE });
    expect(await content(await find({ at: 'hand-in.zip', student: 'alice' }))).toEqual({
      alice: ['compose.yaml', 'flask/Dockerfile', 'nginx/Dockerfile'],
    });
  });

  test('that are broken are said: one student’s when it is graded, that of the class at once', async () => {
    putAll(root, { 'alice.zip': 'PK no zip', 'bob.zip': zipOf({ 'run.sh': '' }) });
    const { students } = await find();
    const alice = await readSubmission(students[0]!.labs.get(LAB)!);
    expect(alice.archive).toEqual({ file: 'alice.zip', problem: expect.stringMatching(/is damaged/) });
    await expect(find({ at: 'alice.zip' })).rejects.toThrow(/alice\.zip is damaged/);
    writeFileSync(path.join(root, 'out.zip'), packZip([{ name: '../../etc/passwd', content: '' }]));
    await expect(find({ at: 'out.zip' })).rejects.toThrow(/which leads out of it/);
  });
});

test('what one student packed harms nobody else in the class’s archive', async () => {
  const good = 'Alice Adams_1_assignsubmission_file/run.sh';
  writeFileSync(
    path.join(root, 'class.zip'),
    packZip([
      { name: good, content: 'docker run -d nginx' },
      { name: 'Eve_2_assignsubmission_file/run.sh', content: '/etc/passwd', mode: 0o120777 },
      { name: 'Mallory_3_assignsubmission_file/big', content: Buffer.alloc(60 * 1024 * 1024) },
    ]),
  );
  const { students } = await find();
  const [alice, eve, mallory] = await Promise.all(students.map(({ labs }) => readSubmission(labs.get(LAB)!)));
  expect(deploymentOf(alice!)).toMatchObject({ how: 'script', file: 'run.sh' });
  expect(eve!.over).toMatch(/class\.zip has .* cannot be graded: it has "run\.sh", which is a link/);
  expect(mallory!.over).toMatch(/unpacks to more than/);
});

test('a share of a download travels to a worker as the folder that it stands for', async () => {
  putZip(path.join(root, 'class.zip'), MOODLE);
  mkdirSync(path.join(root, 'flat'));
  putAll(path.join(root, 'flat'), CANVAS);
  const all = [...(await find({ at: 'class.zip' })).students, ...(await find({ at: 'flat' })).students];
  for (const { labs } of all) {
    const place = labs.get(LAB);
    if (place === undefined) continue;
    const here = await readSubmission(place);
    const there = mkdtempSync(path.join(os.tmpdir(), 'netgrade-worker-'));
    const arrived = await readSubmission(await unpackParcel(await packParcel(here.handedIn), there));
    rmSync(there, { recursive: true });
    expect([arrived.digest, arrived.texts, arrived.notes]).toEqual([here.digest, here.texts, here.notes]);
  }
});

describe('a folder that is not called as the lab is', () => {
  const NEARLY: Files = { 'alice/nginx_flask_mongo/run.sh': '', 'bob/nginx-flask-mongo/run.sh': '' };

  test('is asked about: nobody is missing because of it', async () => {
    putAll(root, NEARLY);
    await expect(find({ labs: [] })).rejects.toThrow(
      /"nginx_flask_mongo" \(alice\); did you mean nginx-flask-mongo\?.*--folder nginx_flask_mongo=nginx-flask-mongo/s,
    );
  });

  test.each(['Exercise 2', 'nginx-flask-mongodb-final', 'mongo'])('is asked about: %s', async (name) => {
    putAll(root, { [`alice/${name}/compose.yaml`]: '', 'bob/sandbox/run.sh': '' });
    await expect(find({ labs: [] })).rejects.toThrow(new RegExp(`"${name}" \\(alice\\)`));
  });

  test.each([
    ['it is said', { labs: [], called: [['nginx_flask_mongo', LAB]] satisfies [string, string][] }, []],
    ['one lab is asked for', {}, [`taken for ${LAB}, with the number of students: nginx_flask_mongo (1)`]],
  ])('is that lab if %s', async (_, asked, said) => {
    putAll(root, NEARLY);
    const found = await find(asked);
    expect([await content(found), found.said]).toEqual([{ alice: ['run.sh'], bob: ['run.sh'] }, said]);
  });

  test('is none if that is said, or if nothing in it could be deployed', async () => {
    putAll(root, { ...NEARLY, 'bob/sandbox-notes/readme.md': '', 'alice/notes/readme.md': '' });
    const { students } = await find({ labs: [], called: [['nginx_flask_mongo', 'none']] });
    expect(students.map(({ name, labs }) => [name, labs.size])).toEqual([
      ['alice', 0],
      ['bob', 1],
    ]);
  });

  test('is the student’s own, if it has the lab that is asked for', async () => {
    putAll(root, { 'alice/compose.yaml': COMPOSE, 'bob/mine/run.sh': '', 'carol/sandbox/run.sh': '' });
    expect(await content(await find())).toEqual({ alice: ['compose.yaml'], bob: ['mine/run.sh'], carol: [] });
    await expect(find({ labs: [] })).rejects.toThrow(/"mine" \(bob\)/);
  });

  test('is none of another lab’s name, or nearly so, and not what is said to be no lab', async () => {
    putAll(root, { 'alice/default_bridge/run.sh': '', 'bob/default-bridge/run.sh': '', [`carol/${LAB}/run.sh`]: '' });
    putAll(root, { 'dora/old/run.sh': '' });
    const { students } = await find({ called: [['old', 'none']] });
    expect(students.map(({ labs }) => labs.has(LAB))).toEqual([false, false, true, false]);
  });

  test('is shown so that it gives no command to a terminal or a runner', async () => {
    const name = '\u001b[31mred\n::error::x';
    putAll(root, { [`alice/${name}/run.sh`]: '', 'bob/sandbox/run.sh': '' });
    const error = await find({ labs: [] }).catch((reason: unknown) => reason);
    expect((error as Error).message.split('\u001b')).toHaveLength(1);
    expect((error as Error).message).not.toMatch(/\n::/);
  });

  test('is no lab if it is a part of one', async () => {
    putAll(root, { 'alice/nginx/compose.yaml': COMPOSE, 'alice/app/Dockerfile': '', 'alice/app/app.py': '' });
    expect(await content(await find())).toEqual({ alice: ['app/Dockerfile', 'app/app.py', 'nginx/compose.yaml'] });
  });

  test('of two that may be meant, none is taken: both are asked about', async () => {
    putAll(root, { 'alice/nginx_flask_mongo/run.sh': '', 'alice/nginx-flask-mongo-2/run.sh': '' });
    await expect(find()).rejects.toThrow(/"nginx-flask-mongo-2" \(alice\)[^]*"nginx_flask_mongo" \(alice\)/);
  });
});

test('if nobody has handed anything in, nothing is graded', async () => {
  putAll(root, { 'alice/sandbox/run.sh': '', 'bob/notes.txt': '' });
  await expect(find()).rejects.toThrow(/nobody has handed in nginx-flask-mongo .*alice, bob.*no.*0 points by mistake/s);
  await expect(find({ labs: [], students: ['bob'] })).rejects.toThrow(/no folder that is called as a lab.*bob/);
});
