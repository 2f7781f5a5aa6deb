import { expect, test } from '@jest/globals';
import { definition } from '../../specs/none-network.lab.ts';
import type { GradableLab } from '../../helpers/lab/catalogue.ts';
import { checkedResult } from '../../helpers/run/queue/result.ts';
import { failedLab, ungradedLab } from '../../helpers/report/recording.ts';
import { ENGINE } from '../helpers/records.ts';

const LAB = definition as unknown as GradableLab;
const RECORD = failedLab(LAB, 'the engine died', 1);

test.each([
  ['graded or not', { record: RECORD, engine: ENGINE }],
  ['without an engine', { record: ungradedLab(LAB, 'invalid', 'nothing is there') }],
])('a record of the lab is taken as it is: %s', (_, result) => {
  expect(checkedResult(LAB, result)).toEqual(result);
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a text', 'all points'],
  ['no record', {}],
  ['a record with more in it', { record: { ...RECORD, grade: 'A' } }],
  ['a record of another lab', { record: { ...RECORD, lab: '../../etc/passwd' } }],
  ['a record with other criteria', { record: { ...RECORD, criteria: RECORD.criteria.slice(1) } }],
  ['one criterion twice', { record: { ...RECORD, criteria: [...RECORD.criteria, RECORD.criteria[0]] } }],
  ['a strange engine', { record: RECORD, engine: { version: 'mine' } }],
])('%s is no result', (_, result) => {
  expect(() => checkedResult(LAB, result)).toThrow('is no record of none-network');
});
