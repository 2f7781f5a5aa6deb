/**
 * Reads records back from a reports folder. Files may have been changed: whatever is not a record is named and refused.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { UsageError, reasonOf } from '../base/failure.ts';
import { byName } from '../base/similar-name.ts';
import { near } from '../base/near.ts';
import { isRecordFile } from './files.ts';
import { needFolder } from './folder-lock.ts';
import type { StudentRecord } from './record.ts';
import { studentFile } from './report-name.ts';
import schema from './record.schema.json' with { type: 'json' };

/** A file that has a record's name, and is none that this version reads. */
export interface Unread {
  file: string;
  /** A clause. */
  why: string;
}

/** @returns every record in the folder, by the students' names, and the files that look like one. */
export function readClass(folder: string): { records: StudentRecord[]; unread: Unread[] } {
  const records: StudentRecord[] = [];
  const unread: Unread[] = [];
  for (const file of recordFilesIn(folder)) {
    try {
      records.push(readRecord(folder, file));
    } catch (error) {
      unread.push({ file, why: reasonOf(error) });
    }
  }
  return { records: records.sort((a, b) => byName(a.student, b.student)), unread };
}

/**
 * @returns every record in the folder, by the students' names.
 * @throws {UsageError} when there is none, or a file is broken.
 */
export function readRecords(folder: string): StudentRecord[] {
  const { records, unread } = readClass(folder);
  if (unread[0] !== undefined) throw new UsageError(`${unread[0].why}; move it away`);
  if (records.length === 0) throw new UsageError(`there are no records in ${folder}; \`npm run grade\` writes some`);
  return records;
}

/** @throws {UsageError} when there is none of this student; the message names similar or all students. */
export function readRecordOf(folder: string, student: string): StudentRecord {
  const file = studentFile(student, 'json');
  const files = recordFilesIn(folder);
  if (files.includes(file)) return readRecord(folder, file);
  const students = files.map((each) => path.basename(each, '.json'));
  const likely = near(student, students);
  throw new UsageError(
    `there is no record of "${student}" in ${folder}; ${likely.length > 0 ? `did you mean ${likely.join(' or ')}?` : `there are ${students.length > 0 ? students.join(', ') : 'none at all: grade first'}`}`,
  );
}

function recordFilesIn(folder: string): string[] {
  needFolder(folder);
  return readdirSync(folder).filter(isRecordFile).sort();
}

function readRecord(folder: string, file: string): StudentRecord {
  const where = path.join(path.relative(process.cwd(), folder), file);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  } catch (error) {
    throw new UsageError(`${where} cannot be read as a record: ${reasonOf(error)}`);
  }
  const wrong = whyNoRecord(content);
  if (wrong !== undefined) throw new UsageError(`${where} is not a record: ${wrong}`);
  const record = content as StudentRecord;
  const expected = studentFile(record.student, 'json');
  if (file !== expected)
    throw new UsageError(`${where} is a record of "${record.student}", whose file would be ${expected}`);
  return record;
}

const SCHEMA_VERSION = 1;
// The schema itself is right: tests check it.
const validate = new Ajv({ validateSchema: false }).compile(schema);

/** What keeps something from being a student’s record; undefined when nothing does. */
export function whyNoRecord(content: unknown): string | undefined {
  if (validate(content)) return undefined;
  const said = (content as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof said === 'number' && said !== SCHEMA_VERSION)
    return `its schemaVersion is ${said}, and this version of netgrade reads ${SCHEMA_VERSION}`;
  const [error] = validate.errors ?? [];
  return `${error?.instancePath === '' ? 'it' : (error?.instancePath ?? 'it')} ${error?.message ?? 'does not fit the schema'}`;
}
