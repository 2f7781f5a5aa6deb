/** The published schema of a record, compiled once. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { StudentRecord } from '../../helpers/report/record.ts';

const validate = new Ajv({ allErrors: true }).compile<StudentRecord>(
  JSON.parse(readFileSync('helpers/report/record.schema.json', 'utf8')) as object,
);

/** What is wrong with a record by the schema; empty when nothing is. */
export function schemaErrors(record: unknown): string[] {
  return validate(record)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}
