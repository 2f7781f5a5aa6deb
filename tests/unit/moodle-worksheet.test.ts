/** Worksheets of Moodle in any language, and the zip of feedback files. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import yauzl from 'yauzl';
import { ChosenFormats } from '../../helpers/report/formats/chosen.ts';
import { worksheetColumns } from '../../helpers/report/formats/moodle/columns.ts';
import type { Roster } from '../../helpers/report/formats/roster.ts';
import type { StudentRecord } from '../../helpers/report/record.ts';
import { NOW, recordWith } from '../helpers/records.ts';
import { written } from '../helpers/written.ts';

function table(...rows: string[][]): Roster {
  return { file: 'list.csv', delimiter: ',', header: rows[0]!, rows: rows.slice(1) };
}

const GERMAN = ['ID', 'Vollständiger Name', 'E-Mail-Adresse', 'Status', 'Bewertung', 'Bestwertung', 'Bewertung kann geändert werden', 'Zuletzt geändert (Abgabe)', 'Zuletzt geändert (Bewertung)', 'Feedback als Kommentar']; // prettier-ignore
const FRENCH = ['Identifiant', 'Nom complet', 'Adresse de courriel', 'Statut', 'Note', 'Note maximale', 'La note peut être modifiée', 'Dernière modification (travail remis)', 'Dernière modification (note)', 'Feedback par commentaires']; // prettier-ignore
const SPANISH = ['Identificador', 'Nombre completo', 'Dirección de correo', 'Estado', 'Calificación', 'Calificación máxima', 'La calificación puede ser cambiada', 'Última modificación (entrega)', 'Última modificación (calificación)', 'Comentarios de retroalimentación']; // prettier-ignore
const FINNISH = ['Tunniste', 'Koko nimi', 'Sähköpostiosoite', 'Tila', 'Arvosana', 'Maksimiarvosana', 'Voi muuttaa', 'Muokattu (palautus)', 'Muokattu (arvosana)', 'Palautekommentit']; // prettier-ignore
const rowOf = (word: string, number: number, name: string): string[] => [`${word}${number}`, name, `${name[0]!}@example.org`, '-', '', '100.00', 'x', '-', '-', '']; // prettier-ignore
const good = (student: string): StudentRecord => recordWith([{ status: 'passed', score: 10 }], student);
/** As of a download of Moodle. */
function downloaded(name: string, id: string): StudentRecord {
  const record = good(name);
  return { ...record, labs: record.labs.map((lab) => ({ ...lab, submitter: { platform: 'moodle', name, id } })) };
}

describe('a worksheet', () => {
  test.each([
    ['German', GERMAN, 'Teilnehmer/in', true],
    ['French', FRENCH, 'Participant ', true],
    ['Spanish', SPANISH, 'Participante ', true],
    ['a language that is not known', FINNISH, 'Osallistuja ', false],
  ])('in %s is filled in', async (_, header, word, isKnown) => {
    const roster = table(header, rowOf(word, 17, 'Alice Adams'), rowOf(word, 4, 'Bob Brown'));
    const students = isKnown
      ? ['Alice Adams', 'Bob Brown'].map(good)
      : [downloaded('Alice Adams', '17'), downloaded('Bob Brown', '4')];
    const { files } = await written(['moodle'], students, [roster]);
    const rows = parse(files['moodle.csv']!);
    expect(rows[0]).toEqual(header);
    expect(rows.slice(1).map((row) => [row[4], row[9]])).toEqual(
      Array(2).fill(['100', isKnown ? 'All rules passed.' : '']),
    );
  });

  test('in which no column is known as the one for grades is refused with what was found', () => {
    const roster = table(['Tunniste', 'Nimi', 'Tila'], ['Osallistuja 1', 'A', '-'], ['Osallistuja 2', 'B', '-']);
    expect(() => worksheetColumns(roster)).toThrow('it has: Tunniste, Nimi, Tila. Export it once more in English');
  });

  test('is no list of user names that end with numbers', () => {
    const users = table(['username', 'grade'], ['stud1', '-'], ['stud2', '-']);
    expect(worksheetColumns(users)).toBeUndefined();
  });
});

describe('the zip of feedback files', () => {
  let out: string;
  beforeEach(() => {
    out = mkdtempSync(path.join(os.tmpdir(), 'netgrade-zip-'));
  });
  afterEach(() => {
    rmSync(out, { recursive: true, force: true });
  });

  async function feedback(
    records: StudentRecord[],
    rosters: Roster[],
  ): Promise<{ files: Map<string, string>; printed: string }> {
    let printed = '';
    const stream = () => ({ write: (line: string) => void (printed += line) });
    const place = { out, env: {}, now: NOW, rosters, stdout: stream(), stderr: stream() };
    await new ChosenFormats(['moodle-feedback'], place).write(records);
    const zip = await yauzl.fromBufferPromise(readFileSync(path.join(out, 'moodle-feedback.zip')));
    const files = new Map<string, string>();
    for await (const entry of zip.eachEntry())
      files.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)));
    return { files, printed };
  }

  test('has a folder for each participant, called as Moodle takes it apart: NAME_NUMBER_assignsubmission_file_', async () => {
    const roster = table(GERMAN, rowOf('Teilnehmer/in', 17, 'Alice_A Adams'), rowOf('Teilnehmer/in', 4, 'Bob Brown'));
    const hidden = recordWith([{ title: 'a secret', visibility: 'hidden' }, {}], 'Bob Brown');
    const { files, printed } = await feedback([good('Alice_A Adams'), hidden, good('Eve')], [roster]);
    expect([...files.keys()]).toEqual([
      'Alice A Adams_17_assignsubmission_file_/feedback.md',
      'Bob Brown_4_assignsubmission_file_/feedback.md',
    ]);
    // As Moodle's importer does.
    expect([...files.keys()].map((name) => name.split('_').slice(1, 4))).toEqual([
      ['17', 'assignsubmission', 'file'],
      ['4', 'assignsubmission', 'file'],
    ]);
    const [, bob = ''] = files.values();
    expect(bob).toContain('it does not hold');
    expect(bob).not.toContain('a secret');
    expect(printed).toContain('"Eve" is not in list.csv');
  });

  test('needs no worksheet where Moodle’s download was graded; no name leads out of its folder', async () => {
    const { files, printed } = await feedback([downloaded('../Al/ice', '17'), good('bob')], []);
    expect([...files.keys()]).toEqual(['.. Al ice_17_assignsubmission_file_/feedback.md']);
    expect(printed).toContain('"bob" was left out: give the assignment’s worksheet as --roster');
  });
});
