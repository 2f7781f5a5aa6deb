/** `npm run explain`: shows the evidence for one verdict, from the reports. Nothing is graded. */
import path from 'node:path';
import { UsageError } from '../base/failure.ts';
import { instead } from '../base/near.ts';
import { explanationOf, type Found } from '../report/explanation.ts';
import { readRecordOf } from '../report/read-records.ts';
import type { StudentRecord } from '../report/record.ts';
import { parsedArguments } from './arguments.ts';
import { endWith, EXIT } from './end.ts';

const USAGE = `usage: npm run explain -- STUDENT CRITERION [options]

Shows all that is known of one verdict: the rule, the points and how they came about, every piece of evidence, what kept
it from being judged, and where and when it was judged.

  --out DIR            where the reports are (reports)
  --lab LAB            which lab's, when several have a criterion of that name
  --help

exit codes: 0 explained, 2 wrong usage`;

const OPTIONS = {
  out: { type: 'string' },
  lab: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

function main(argv: string[]): Promise<number> {
  const { values, positionals } = parsedArguments({ args: argv, allowPositionals: true, options: OPTIONS }, USAGE);
  if (values.help === true) {
    console.log(USAGE);
    return Promise.resolve(EXIT.done);
  }
  const [student, criterion, ...more] = positionals;
  if (student === undefined || criterion === undefined || more.length > 0)
    throw new UsageError(`name one student and one criterion\n\n${USAGE}`);
  const record = readRecordOf(path.resolve(values.out ?? 'reports'), student);
  const screen = { colours: process.stdout.isTTY && process.env['NO_COLOR'] === undefined };
  console.log(explanationOf(find(record, criterion, values.lab), screen));
  return Promise.resolve(EXIT.done);
}

function find(record: StudentRecord, id: string, labName: string | undefined): Found {
  const names = record.labs.map(({ lab }) => lab);
  if (labName !== undefined && !names.includes(labName))
    throw new UsageError(`the record has no lab "${labName}"; ${instead(labName, names, 'there are')}`);
  const labs = record.labs.filter(({ lab }) => labName === undefined || lab === labName);
  const found = labs.flatMap((lab) =>
    lab.criteria.filter((criterion) => criterion.id === id).map((criterion) => ({ record, lab, criterion })),
  );
  if (found.length > 1)
    throw new UsageError(
      `${found.map(({ lab }) => lab.lab).join(' and ')} both have a criterion ${id}: say which with --lab`,
    );
  if (found[0] !== undefined) return found[0];
  const ids = [...new Set(labs.flatMap(({ criteria }) => criteria.map((each) => each.id)))];
  const unjudged = labs.filter(({ criteria }) => criteria.length === 0);
  throw new UsageError(
    [
      `there is no verdict on "${id}" for this student`,
      ...(ids.length > 0 ? [instead(id, ids, 'there are')] : []),
      ...unjudged.map(
        ({ lab, status, message }) => `${lab} is ${status} as a whole${message === undefined ? '' : `: ${message}`}`,
      ),
    ].join('; '),
  );
}

await endWith(main);
