/** The identifiers by which Moodle, and lists exported from it, know a student. */
import { csvCell } from '../../csv.ts';
import { FULL_NAME } from './columns.ts';
import { column, type Key, type Roster } from '../roster.ts';

/** The identifiers of a grade import, best first, and what exports call them. */
export const IDENTIFIERS: Record<string, string[]> = {
  username: [
    'username',
    'anmeldename',
    'nom d’utilisateur',
    "nom d'utilisateur",
    'nombre de usuario',
    'gebruikersnaam',
  ],
  useremail: [
    'useremail',
    'email address',
    'email',
    'e-mail-adresse',
    'e-mail',
    'adresse de courriel',
    'dirección de correo',
    'e-mailadres',
    'indirizzo email',
    'endereço de email',
    'endereço de e-mail',
    'adres e-mail',
    'адрес электронной почты',
    'メールアドレス',
  ],
  useridnumber: [
    'useridnumber',
    'id number',
    'idnumber',
    'id-nummer',
    'numéro d’identification',
    "numéro d'identification",
    'número de id',
    'codice identificativo',
    'número de identificação',
    'numer id',
    'idナンバー',
  ],
  userid: ['userid', 'user id'],
};

/** The columns of names, in the same languages as a worksheet's. */
const FIRST_NAME = ['first name', 'vorname', 'prénom', 'nombre', 'nome', 'voornaam', 'imię', 'имя', '名'];
const LAST_NAME = [
  ...['last name', 'surname', 'nachname', 'nom', 'nom de famille', 'apellido(s)', 'apellidos', 'cognome', 'sobrenome'],
  ...['apelido', 'achternaam', 'nazwisko', 'фамилия', '姓'],
];

export function hasIdentifier(roster: Roster): boolean {
  return Object.values(IDENTIFIERS).some((names) => column(roster, ...names) !== undefined);
}

/** What a student's folder may be called: any identifier, or the full name. */
export function keysOf(roster: Roster): Key[] {
  const byColumn = (names: string[], of = (cell: string): string => cell): Key[] => {
    const index = column(roster, ...names);
    return index === undefined ? [] : [{ name: roster.header[index]!, of: (row) => of(row[index]!) }];
  };
  const [first, last] = [column(roster, ...FIRST_NAME), column(roster, ...LAST_NAME)];
  return [
    ...Object.values(IDENTIFIERS).flatMap((names) => byColumn(names)),
    ...byColumn(['identifier']),
    ...byColumn(FULL_NAME),
    ...(first === undefined || last === undefined
      ? []
      : [{ name: 'first and last name', of: (row: string[]) => `${row[first]!} ${row[last]!}` }]),
  ];
}

/**
 * Whether a text can identify somebody in an import. Moodle allows only some characters in a user name, and a text that
 * a spreadsheet takes for a formula cannot be written unchanged. One row with an unknown identifier cancels the whole
 * import.
 */
export function canIdentify(text: string, kind: string): boolean {
  if (text === '' || text === '-' || csvCell(text) !== text) return false;
  return kind === 'username' ? /^[a-z0-9_.@-]+$/i.test(text) : true;
}
