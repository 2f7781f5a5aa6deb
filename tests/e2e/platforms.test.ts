/** A class as a learning platform hands it out is graded by one command, and each grade is beside the right name afterwards. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { moodleFolders, putAll, putZip, zipOf } from '../helpers/downloads.ts';
import { grade, labOf, recordOf, workspace, type Workspace } from '../helpers/grade.ts';
import { schemaErrors } from '../helpers/schema.ts';

const LAB = 'none-network';
const RIGHT = readFileSync(`submissions/example-good/${LAB}/run.sh`, 'utf8');
const WRONG = RIGHT.replace('--network none', '');
const GRADING_MS = 180_000;

let place: Workspace;
beforeEach(() => {
  place = workspace();
  mkdirSync(place.submissions, { recursive: true });
});
afterEach(() => {
  place[Symbol.dispose]();
});

function table(file: string): string[][] {
  return parse(readFileSync(path.join(place.out, file), 'utf8').replace(/^\ufeff/, ''));
}

test(
  'a zip of Moodle, with its worksheet: two students of one name, one in an archive, one without files',
  async () => {
    const zip = path.join(place.submissions, 'NET101-Exercise 4-4711.zip');
    putZip(zip, {
      ...moodleFolders({
        'Chen Wei_17': { 'run.sh': RIGHT },
        'Chen Wei_18': { 'my work.zip': zipOf({ 'work/run.sh': WRONG }) },
        'Zoe ONeil_19': { 'run.sh': RIGHT },
      }),
      'Dan Text_20_assignsubmission_onlinetext/onlinetext.html': 'see my repository',
    });
    const people = ['Chen Wei', 'Chen Wei', "Zoe O'Neil", 'Dan Text', 'Eve Late'];
    const rows = people.map((name, i) => `Participant ${17 + i},${name},,100.00,`);
    const worksheet = path.join(place.submissions, 'worksheet.csv');
    writeFileSync(worksheet, ['Identifier,Full name,Grade,Maximum Grade,Feedback comments', ...rows].join('\n'));
    const { exitCode, stderr } = await grade([
      ...['--submissions', zip, '--lab', LAB, '--out', place.out, '--format', 'moodle', '--roster', worksheet],
    ]);
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringContaining('a Moodle download: 4 students, 1 without files: Dan Text'),
    ]);
    const wrong = labOf(place.out, 'Chen Wei 18', LAB);
    expect([wrong.status, wrong.notes]).toEqual(['graded', ['my work.zip was unpacked into my work/']]);
    expect(wrong.score).toBeLessThan(100);
    expect(schemaErrors(recordOf(place.out, 'Chen Wei 18'))).toEqual([]);
    expect(table('moodle.csv').map((row) => [row[1], row[2]])).toEqual([
      ['Full name', 'Grade'],
      ['Chen Wei', '100'],
      ['Chen Wei', String(wrong.score)],
      ["Zoe O'Neil", '100'],
      ['Dan Text', '0'],
      ['Eve Late', ''],
    ]);
  },
  GRADING_MS,
);

test(
  'a folder of files of Canvas, with its gradebook',
  async () => {
    const folder = path.join(place.submissions, 'canvas');
    putAll(folder, {
      'weichen_12347_903_run.sh': RIGHT,
      'weichen_LATE_12399_904_work-1.zip': zipOf({ 'run.sh': WRONG }),
    });
    const gradebook = path.join(place.submissions, 'grades.csv');
    const rows = ['"Wei, Chen",12347,,wei1,,', '"Wei, Chen",12399,,wei2,,', '"Late, Eve",12400,,eve,,'];
    const header = [`Student,ID,SIS User ID,SIS Login ID,Section,${LAB} (7)`, '    Points Possible,,,,,100'];
    writeFileSync(gradebook, [...header, ...rows].join('\n'));
    const { exitCode, stderr } = await grade([
      ...['--submissions', folder, '--lab', LAB, '--out', place.out, '--format', 'canvas', '--roster', gradebook],
    ]);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('a Canvas download: 2 students')]);
    const { score } = labOf(place.out, 'weichen 12399', LAB);
    expect(score).toBeLessThan(100);
    expect(table('canvas.csv').map((row) => [row[1], row[5]])).toEqual([
      ['ID', `${LAB} (7)`],
      ['', '100'],
      ['12347', '100'],
      ['12399', String(score)],
      ['12400', ''],
    ]);
  },
  GRADING_MS,
);
