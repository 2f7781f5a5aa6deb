/**
 * The columns of Moodle's grading worksheet. Their names are in the language of whoever exported it: those of Moodle's language
 * packs (mod_assign) for some languages are known here. In any other language, columns are found by what is in them.
 */
import { UsageError } from '../../../base/failure.ts';
import { column, pointsIn, type Roster } from '../roster.ts';

/** In English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian and Japanese; some have two words for one thing. */
const NAMES = {
  identifier: [
    'identifier',
    'id',
    'identifiant',
    'identificador',
    'identificativo',
    'identificatie',
    'identyfikator',
    'идентификатор',
  ],
  fullName: [
    ...['full name', 'vollständiger name', 'nom complet', 'nombre completo', 'nome completo', 'cognome/nome'],
    ...['volledige naam', 'pełna nazwa', 'полное имя', 'フルネーム'],
  ],
  grade: [
    ...['grade', 'bewertung', 'note', 'calificación', 'valutazione', 'voto', 'nota', 'avaliação'],
    ...['cijfer', 'beoordeling', 'ocena', 'оценка', '評点', '評定'],
  ],
  maximum: [
    ...['maximum grade', 'max grade', 'bestwertung', 'note maximale', 'calificación máxima', 'puntuación máxima'],
    ...[
      'valutazione massima',
      'voto massimo',
      'nota máxima',
      'avaliação máxima',
      'maximumcijfer',
      'maximale beoordeling',
    ],
    ...['najwyższa ocena', 'максимальная оценка', '最大評点'],
  ],
  feedback: [
    ...['feedback comments', 'feedback als kommentar', 'feedback-kommentare', 'feedback par commentaires'],
    ...['commentaires de feedback', 'comentarios de retroalimentación', 'retroalimentación por comentario'],
    ...['commenti di feedback', 'comentários de feedback', 'comentários do feedback', 'feedback opmerkingen'],
    ...['komentarz zwrotny', 'комментарии к отзыву', 'フィードバックコメント'],
  ],
};

/** What exports call the column of full names. */
export const FULL_NAME = NAMES.fullName;

/** Letters; user names of a class may begin with as many, "stud17". */
const SHORT_WORD = 6;

export interface WorksheetColumns {
  identifier: number;
  fullName?: number;
  grade: number;
  maximum?: number;
  feedback?: number;
}

/** "Participant 17", "Teilnehmer/in 17": a word, and the participant's number. */
const PARTICIPANT = /^(\p{L}.*?)\s*(\d+)$/su;

/**
 * @returns undefined when it is no worksheet.
 * @throws {UsageError} when it is one, and it is not clear which column takes the grade. It says what was found.
 */
export function worksheetColumns(roster: Roster): WorksheetColumns | undefined {
  const identifier = identifierIn(roster);
  if (identifier === undefined) return undefined;
  const maximum = column(roster, ...NAMES.maximum) ?? maximumIn(roster, identifier);
  // A worksheet has the maximum right after the grade.
  const grade = column(roster, ...NAMES.grade) ?? (maximum === undefined ? undefined : maximum - 1);
  if (grade === undefined || grade <= identifier)
    throw new UsageError(
      `--roster ${roster.file} looks like a Moodle worksheet, and none of its columns is known as the one for grades; it has: ${roster.header.join(', ')}. Export it once more in English (Preferences → Language)`,
    );
  const fullName = column(roster, ...NAMES.fullName);
  const feedback = column(roster, ...NAMES.feedback);
  return {
    identifier,
    grade,
    ...(fullName !== undefined && { fullName }),
    ...(maximum !== undefined && { maximum }),
    ...(feedback !== undefined && { feedback }),
  };
}

/** Its first column has one word, the same in all rows, and a number of its own in each. User names may look like that. */
function identifierIn({ header, rows }: Roster): number | undefined {
  const heading = header[0]!.trim().toLowerCase();
  const isNamed = NAMES.identifier.includes(heading);
  const cells = rows.map((row) => PARTICIPANT.exec(row[0]!.trim()));
  const [word = ''] = new Set(cells.map((match) => match?.[1] ?? ''));
  const isList = word !== '' && cells.every((match) => match?.[1] === word);
  const isSaid = isNamed || (rows.length > 1 && (word.length > SHORT_WORD || !/^\p{Script=Latin}/u.test(word)));
  if (isList && isSaid && new Set(cells.map((match) => match?.[2])).size === cells.length) return 0;
  const english = header.findIndex((each) => each.trim().toLowerCase() === 'identifier');
  return english === -1 ? undefined : english;
}

/** The only column with one number above zero, the same in all rows. */
function maximumIn({ header, rows }: Roster, after: number): number | undefined {
  const fitting = header.flatMap((_, i) => {
    const values = new Set(rows.map((row) => pointsIn(row[i])));
    return i > after && values.size === 1 && !values.has(undefined) && rows.length > 1 ? [i] : [];
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}
