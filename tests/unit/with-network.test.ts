/** The command for those whose work needs something from the network. */
import { expect, test } from '@jest/globals';
import { withNetwork } from '../../helpers/cli/with-network.ts';
import { NOT_DOWNLOADED } from '../../helpers/base/docker/download-failure.ts';
import type { StudentRecord } from '../../helpers/report/record.ts';
import { runOptions } from '../../helpers/run/options.ts';

const record = (student: string, message: string, status = 'error'): StudentRecord =>
  ({ student, labs: [{ lab: 'netflix', status, message }] }) as unknown as StudentRecord;
const RECORDS = [
  record('alice', `${NOT_DOWNLOADED}: pip`),
  record("Bob O'Hara", `${NOT_DOWNLOADED}: apt`),
  record('carol', 'a lab host was lost'),
  record('dora', '', 'graded'),
];

test('names those students and their labs, and the folders that were named', () => {
  const options = runOptions({ submissions: 'class/2026', labs: ['netflix', 'sandbox'] });
  expect(withNetwork(RECORDS, options)).toBe(
    String.raw`2 of them need something from the network. With a way out to public addresses for what they start: npm run grade -- --egress all --lab netflix --submissions class/2026 alice 'Bob O'\''Hara'`,
  );
});

test.each([
  ['nobody needs it', [RECORDS[2]!], {}],
  ['there was a way out', RECORDS, { egress: true }],
  ['another machine was used', RECORDS, { host: 'local' }],
])('says nothing when %s', (_, records, given) => {
  expect(withNetwork(records, runOptions(given))).toBeUndefined();
});
