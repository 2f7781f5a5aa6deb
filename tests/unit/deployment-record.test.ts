/** What a record says of how a submission was brought up, and how people read it. */
import { describe, expect, test } from '@jest/globals';
import { FOUND } from '../../helpers/deploy/deploy.ts';
import { deploymentRecord, deploymentTexts } from '../../helpers/report/deployment.ts';
import { markdownReport } from '../../helpers/report/formats/markdown-report.ts';
import { gradedLab, studentRecord } from '../../helpers/report/recording.ts';
import { studentText } from '../../helpers/report/terminal.ts';
import { NO_ENGINE, NOTHING } from '../../helpers/survey/nothing.ts';
import { schemaErrors } from '../helpers/schema.ts';
import { labCalled } from '../helpers/labs.ts';

const UP = {
  ...FOUND,
  how: 'compose' as const,
  command: 'docker compose up --detach',
  directory: 'none-network/My work',
  why: 'there is compose.yaml',
  notes: ['work.zip was unpacked into work/'],
};

describe('a record', () => {
  test('says how, where, by which command and why, and what was not read literally', () => {
    expect(deploymentRecord({ deployment: UP })).toEqual({
      deployment: { how: 'compose', directory: 'My work', command: UP.command, why: UP.why },
      notes: UP.notes,
    });
  });

  test('has both commands of two machines, and what is noted of the answers', () => {
    const script = { ...UP, how: 'script' as const, directory: 'overlay-network', notes: [] };
    const survey = {
      deployment: { ...script, command: 'bash host1.sh' },
      secondMachine: { ...NOTHING, deployment: { ...script, command: 'bash host2.sh' } },
      answers: { file: 'answers.yaml', aboutThisHost: false, answers: { given: {}, note: 'read line by line' } },
    };
    expect(deploymentRecord(survey)).toMatchObject({
      deployment: { directory: '.', command: 'bash host1.sh, then bash host2.sh' },
      notes: ['read line by line'],
    });
  });

  test('says nothing where the survey does not', () => {
    expect(deploymentRecord({ deployment: FOUND })).toEqual({});
    expect(deploymentRecord({})).toEqual({});
  });

  test('obeys the schema, and is shown in one line each, whatever names are in it', async () => {
    const survey = { ...NOTHING, deployment: { ...UP, notes: ['a\n::error::<b>.zip was unpacked'] } };
    const lab = gradedLab(await labCalled('none-network'), [], survey, 1);
    const record = studentRecord('alice', [lab], { startedAt: new Date(0).toISOString(), engine: NO_ENGINE });
    expect(schemaErrors(record)).toEqual([]);
    const lines = studentText(record, { colours: false }).split('\n');
    expect(lines).toContain('    started with “docker compose up --detach” in My work/, because there is compose.yaml');
    expect(lines).toContain('    a; ::error::<b>.zip was unpacked');
    const room = { most: 10_000, sizeOf: (text: string): number => text.length, cutNote: '' };
    expect(markdownReport([record], room)).not.toContain('<b>');
  });
});

test('of what ran already, only the notes are of interest', () => {
  expect(deploymentTexts(deploymentRecord({ deployment: { ...FOUND, why: 'it runs', notes: ['read so'] } }))).toEqual([
    'read so',
  ]);
});
