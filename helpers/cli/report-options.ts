/** The command line of `npm run report`. */
import path from 'node:path';
import { UsageError } from '../base/failure.ts';
import type { CourseFiles } from './course.ts';
import { optional } from '../run/options.ts';
import { number } from '../run/values.ts';
import { parsedArguments } from './arguments.ts';
import { FORMATS_USAGE, formatNames, withCourseOf } from './options.ts';

export const USAGE = `usage: npm run report -- [REPORTS] [student …] [options]

Writes reports from the records in a folder (reports). Nothing is graded, and no engine is needed. Points, due dates and what is
hidden stay as they were when the records were scored. With --rubric or --own-points they are scored again, and what changes
for whom is printed.

  --format NAME,…      report formats (json,html); gradebook.csv and summary.json are always written:
${FORMATS_USAGE}
  --roster FILE        a gradebook, grade export or worksheet of the learning platform, as CSV, for --format canvas or
                       moodle: it is filled in; may be given several times
  --lab LAB            of a worksheet of one assignment: it is about this lab; may be given several times
  --out DIR            where reports are written (where the records are)
  --rubric FILE        score the records again by this rubric
  --course FILE        score them again as the course file says (course.yaml beside the folder of submissions, if its reports
                       are in REPORTS)
  --overrides FILE     give points by hand (overrides.yaml there)
  --own-points         score the records again by the labs’ own points
  --labs DIR           a folder with the course's own topologies, <lab>.yaml; may be given several times
  --min-score PERCENT  exit 1 when a student is below
  --details            every student's criteria in the terminal
  --help

exit codes: 0 written, 1 below --min-score, 2 wrong usage, 3 a record has something that could not be graded`;

const OPTIONS = {
  format: { type: 'string' },
  roster: { type: 'string', multiple: true },
  lab: { type: 'string', multiple: true },
  out: { type: 'string' },
  rubric: { type: 'string' },
  course: { type: 'string' },
  overrides: { type: 'string' },
  'own-points': { type: 'boolean' },
  labs: { type: 'string', multiple: true },
  'min-score': { type: 'string' },
  details: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export interface ReportOptions extends CourseFiles {
  /** Where students write. */
  submissions: string;
  /** Files that the course names as rosters. */
  courseRosters: string[];
  /** The folder with the records. */
  from: string;
  /** Whom formats about what a run graded are about; empty means everybody. */
  students: string[];
  out: string;
  formats: string[];
  rosters: string[];
  labs: string[];
  ownLabs: string[];
  rubric?: string;
  ownPoints: boolean;
  minScore?: number;
  details: boolean;
}

/** @returns the options; undefined when the user asked only for the usage. */
export function parseReportOptions(argv: string[]): ReportOptions | undefined {
  const { values: typed, positionals } = parsedArguments(
    { args: argv, allowPositionals: true, options: OPTIONS },
    USAGE,
  );
  if (typed.help === true) return undefined;
  if (typed.rubric !== undefined && typed['own-points'] === true)
    throw new UsageError('--rubric scores by a file, and --own-points by none: leave one of them out');
  const [from = 'reports', ...students] = positionals;
  const { values, ...files } = withCourseOf(path.resolve(from), typed);
  return {
    ...files,
    submissions: path.resolve(files.course?.values['submissions']?.toString() ?? 'submissions'),
    courseRosters: typed.roster === undefined ? (values.roster ?? []) : [],
    from: path.resolve(from),
    students,
    out: path.resolve(typed.out ?? from),
    formats: formatNames(values.format),
    rosters: (typed.roster ?? []).map((file) => path.resolve(file)),
    labs: typed.lab ?? [],
    ownLabs: (values.labs ?? []).map((folder) => path.resolve(folder)),
    ...optional('rubric', values.rubric === undefined ? undefined : path.resolve(values.rubric)),
    ownPoints: typed['own-points'] ?? false,
    ...optional('minScore', number('--min-score', values['min-score'], { from: 0, to: 100, whole: false })),
    details: values.details ?? false,
  };
}
