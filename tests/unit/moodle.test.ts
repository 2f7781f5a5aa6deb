import { parse } from 'csv-parse/sync';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { feedbackOn } from '../../helpers/report/formats/moodle/feedback.ts';
import type { StudentRecord } from '../../helpers/report/record.ts';
import type { Roster } from '../../helpers/report/formats/roster.ts';
import {
  anyRubricRecord,
  HOSTILE,
  hostileRecord,
  LONG_LINE,
  MANY_LINES,
  recordWith,
  RUNS,
} from '../helpers/records.ts';
import { written } from '../helpers/written.ts';

const ALL_SEEN = 'All rules passed.';

function table(...rows: string[][]): Roster {
  return { file: 'list.csv', delimiter: ',', header: rows[0]!, rows: rows.slice(1) };
}

async function moodle(records: StudentRecord[], roster?: Roster): Promise<{ rows: string[][]; printed: string }> {
  const { files, printed } = await written(['moodle'], records, roster === undefined ? [] : [roster]);
  return { rows: parse(files['moodle.csv']!), printed };
}

const good = (student: string): StudentRecord => recordWith([{ status: 'passed', score: 10 }], student);

describe('for the grade import', () => {
  test('has a row per student: user name, grade and feedback of each lab, total; "-" where there is no grade', async () => {
    const failed = recordWith(
      [{ status: 'passed', score: 2.5 }, {}, { visibility: 'hidden', status: 'passed', score: 10 }],
      'bob',
    );
    const { rows, printed } = await moodle([good('alice'), failed, recordWith([{ status: 'error' }], 'eve')]);
    expect(rows).toEqual([
      ['username', 'a-lab', 'a-lab feedback', 'total'],
      ['alice', '10', ALL_SEEN, '10'],
      [
        'bob',
        '12.5',
        expect.stringMatching(/^1 more rule counts \(10 points\).*\nrule 1: expected: it holds; /),
        '12.5',
      ],
      ['eve', '-', expect.stringContaining('not judged (not the student’s fault)'), '-'],
    ]);
    expect(printed).toBe('');
  });

  test('leaves out, and names, who cannot be identified: one bad row cancels the whole import', async () => {
    const names = ['alice', 'Bob Brown', '=1+1', '-x', '@x', '', '-', 'a\nb', 'é'];
    const { rows, printed } = await moodle(names.map(good));
    expect(rows.slice(1).map(([name]) => name)).toEqual(['alice']);
    expect(printed.match(/was left out/g)).toHaveLength(names.length - 1);
    expect(printed.split('\n')).toHaveLength(names.length);
  });

  test('of any class has a row of as many cells for each, a grade or "-" in each, and feedback that a cell holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRubricRecord, { minLength: 1, maxLength: 3 }), async (drawn) => {
        const { rows } = await moodle(drawn.map((record, i) => ({ ...record, student: `s${i}` })));
        const [header = [], ...others] = rows;
        expect(others.map(([name]) => name)).toEqual(drawn.map((_, i) => `s${i}`));
        for (const row of others)
          for (const [i, cell] of row.entries()) {
            const expected = header[i]!.endsWith('feedback') ? /^(?!\s*[=+@])[^]{0,32767}$/ : /^(-|\d+(\.\d+)?|s\d)$/;
            expect(cell).toMatch(expected);
          }
      }),
      RUNS,
    );
  });
});

describe('with an export of Moodle as roster', () => {
  const PEOPLE = [
    ['First name', 'Last name', 'ID number', 'Email address', 'Assignment: a-lab (Real)'],
    ['Alice', 'Adams', '17', 'alice@example.org', '-'],
    ['Bob', 'Brown', '', 'bob@example.org', '5.00'],
  ];

  test.each(['alice@example.org', '17', 'Alice Adams'])('a student is found by %j', async (name) => {
    const { rows, printed } = await moodle([good(name)], table(...PEOPLE));
    expect(rows).toEqual([
      ['useremail', 'a-lab', 'a-lab feedback', 'total'],
      ['alice@example.org', '10', ALL_SEEN, '10'],
    ]);
    expect(printed).toContain('who were not graded, which stay as they are: bob@example.org');
  });

  test.each([
    ['German', ['Vorname', 'Nachname', 'ID-Nummer', 'E-Mail-Adresse']],
    ['French', ['Prénom', 'Nom de famille', "Numéro d'identification", 'Adresse de courriel']],
    ['Spanish', ['Nombre', 'Apellido(s)', 'Número de ID', 'Dirección de correo']],
    ['Italian', ['Nome', 'Cognome', 'Codice identificativo', 'Indirizzo email']],
    ['Polish', ['Imię', 'Nazwisko', 'Numer ID', 'Adres e-mail']],
  ])('a student is found by name in an export in %s, however the name is encoded', async (_, header) => {
    const student = good('Jürgen Müller'.normalize('NFD'));
    const { rows } = await moodle([student], table(header, ['Jürgen', 'Müller', '', 'jm@example.org']));
    expect(rows[1]?.slice(0, 2)).toEqual(['jm@example.org', '10']);
  });

  test('who is not in it is not imported, and said', async () => {
    const { rows, printed } = await moodle([good('zoe')], table(...PEOPLE));
    expect(rows).toHaveLength(1);
    expect(printed).toContain('"zoe" is not in list.csv (looked for in Email address, ID number, first and last name)');
  });

  test('an identifier that not everybody has is not taken', async () => {
    const list = table(['username', 'ID number'], ['', '1'], ['bob', '2']);
    const { rows } = await moodle([good('1'), good('2')], list);
    expect(rows.map(([name]) => name)).toEqual(['useridnumber', '1', '2']);
  });
});

describe('with a worksheet of an assignment as roster', () => {
  const COLUMNS = [
    ...['Identifier', 'Full name', 'Email address', 'Status', 'Grade', 'Maximum Grade', 'Grade can be changed'],
    ...['Last modified (submission)', 'Last modified (grade)', 'Feedback comments'],
  ];
  const person = (id: number, name: string, grade = ''): string[] => [
    ...[`Participant ${id}`, name, `${name}@example.org`, 'Submitted for grading', grade, '50.00', 'Yes'],
    ...['Friday, 20 November 2026, 10:00 AM', '-', 'old words'],
  ];

  test('grade and feedback are filled in, and nothing else changes', async () => {
    const list = table(COLUMNS, person(7, 'alice'), person(8, 'bob', '12.00'), person(9, 'eve', '3.00'));
    const { rows, printed } = await moodle([good('alice'), recordWith([{ status: 'error' }], 'bob')], list);
    const alice = person(7, 'alice', '50');
    alice[9] = ALL_SEEN;
    expect(rows).toEqual([COLUMNS, alice, person(8, 'bob', '12.00'), person(9, 'eve', '3.00')]);
    expect(printed).toContain('Participant 9');
  });

  test('a student is found by the identifier', async () => {
    const { rows } = await moodle([good('Participant 7')], table(COLUMNS, person(6, 'bob'), person(7, 'somebody')));
    expect(rows.map((row) => row[4])).toEqual(['Grade', '', '50']);
  });

  describe('whoever a download of Moodle has', () => {
    const from = (name: string, id: string, student = `${name} ${id}`): StudentRecord => {
      const record = good(student);
      return { ...record, labs: record.labs.map((lab) => ({ ...lab, submitter: { platform: 'moodle', name, id } })) };
    };

    test('is found by the participant’s number, also where two have one name', async () => {
      const list = table(COLUMNS, person(6, 'Chen Wei'), person(7, 'Chen Wei'), person(8, "Zoe O'Neil"));
      const { rows, printed } = await moodle([from('Chen Wei', '7'), from('Zoe ONeil', '8', 'Zoe ONeil')], list);
      expect(rows.map((row) => row[4])).toEqual(['Grade', '', '50', '50']);
      expect(printed).toContain('stay as they are: Participant 6');
    });

    test('is found by the number where names are hidden, in any language', async () => {
      const list = table(['Identifier', 'Grade', 'Maximum Grade'], ['Teilnehmer/in17', '', '50']);
      const { rows } = await moodle([from('Teilnehmerin', '17')], list);
      expect(rows[1]?.[1]).toBe('50');
    });

    test('gets no row of somebody else, whose number is that of a group', async () => {
      const { rows, printed } = await moodle([from('Group A', '7')], table(COLUMNS, person(7, 'alice')));
      expect(rows[1]?.[4]).toBe('');
      expect(printed).toContain('"Group A 7" is not in list.csv');
    });
  });
});

describe('feedback', () => {
  test('is text in a page and in a spreadsheet, whatever a student wrote', () => {
    const text = feedbackOn(hostileRecord(HOSTILE).labs[0]!);
    expect(text).not.toMatch(/[<>]|https?:\/\/|www\.|@\w/);
    // eslint-disable-next-line no-control-regex -- what may not be in it
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e]/);
  });

  test('is short', () => {
    const huge = Array.from({ length: 60 }, () => ({ actual: LONG_LINE, expected: MANY_LINES }));
    expect(feedbackOn(recordWith(huge).labs[0]!).length).toBeLessThanOrEqual(8000);
  });
});
