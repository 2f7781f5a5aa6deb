/** The command line of `npm run grade`. */
import path from 'node:path';
import { FORMATS } from '../report/formats/chosen.ts';
import { readRoster, type Roster } from '../report/formats/roster.ts';
import { DEFAULT_GENERATION, GENERATIONS } from '../machine/setup/generations.ts';
import { MOST_JOBS, optional, runOptions, type GradeOptions, type RunOptions } from '../run/options.ts';
import { number, oneOf } from '../run/values.ts';
import { EGRESS } from '../machine/lab-host/disposable/bounds.ts';
import { parsedArguments, type Bare } from './arguments.ts';
import { withCourse, type CourseFiles } from './course.ts';

export interface Options extends RunOptions, CourseFiles {
  /** Files that the course names as rosters. */
  courseRosters: string[];
  /** Names of report formats. */
  formats: string[];
  /** Files that a learning platform exported. */
  rosters: string[];
  minScore?: number;
  details: boolean;
  /** Print where the time went. */
  timings: boolean;
  /** Say on standard error what is asked of engines and agents, and how long it takes. */
  verbose: boolean;
}

/** A line for each report format. */
export const FORMATS_USAGE = Object.entries(FORMATS)
  .map(([name, { about }]) => `                         ${name.padEnd(17)}${about}`)
  .join('\n');

export const USAGE = `usage: npm run grade -- [student …] [options]

  --lab LAB            grade this lab only; may be given several times
  --labs DIR           a folder with the course's own topologies, <lab>.yaml, and its rubric.yaml; may be given
                       several times
  --rubric FILE        points, due dates, hints and what students may see (rubric.yaml of --labs)
  --course FILE        what the course decides once: labs, rubric, groups, due dates, options (course.yaml beside the
                       folder of submissions)
  --overrides FILE     points that somebody gives by hand, with reasons (overrides.yaml there)
  --submissions DIR    where the submissions are (submissions): a folder, or an archive as a learning platform hands it out
  --folder NAME=LAB    what a folder or archive of another name is: a lab, or none; may be given several times
  --student NAME       whose submission it is, when DIR is a single one
  --out DIR            where reports are written (reports)
  --jobs N             this many lab hosts at a time (two per core, with 2 GiB for each)
  --queue redis://HOST[:PORT]     let workers grade, on as many machines as you like: npm run worker -- --queue …
  --host disposable    a fresh machine per lab of each student (default)
  --host local         this machine's Docker: the submission's commands run here, as you
  --host ssh://USER@HOST[:PORT]   a remote machine's
  --accept-host-key    trust a remote machine that known_hosts does not have, for this run
  --live               deploy nothing: grade what runs on the host, and change nothing there
  --allow-disturb      with --live: pause, restart and readdress what runs, for the rules that need it
  --restore            first put back, without asking, what an earlier run with --allow-disturb changed before it was killed
  --engine VERSION     the lab hosts' Docker Engine: ${GENERATIONS.join(', ')} (${DEFAULT_GENERATION})
  --registry-mirror URL   what lab hosts ask for images before Docker Hub, http(s)://HOST[:PORT]
  --images REGISTRY|DIR   where prepared images of lab hosts are taken from instead of making them: npm run images -- --help
  --egress none|build|all   how far what submissions start gets out: nowhere, not even names are resolved (none), or to
                       public addresses: steps of builds (build), or everything (all; --egress alone means this)
  --runtime NAME       the container runtime that runs lab hosts, of those that this machine’s engine knows
  --no-foreign-images  submissions may use and build on the course's own images only
  --format NAME,…      report formats (json,html); json, gradebook.csv and summary.json are always written:
${FORMATS_USAGE}
  --roster FILE        a gradebook, grade export or worksheet of the learning platform, as CSV, for --format canvas or
                       moodle: it is filled in; may be given several times
  --again              grade also what is unchanged since it was graded under the same rules
  --min-score PERCENT  exit 1 when a graded student is below
  --details            every student's criteria in the terminal, however many students
  --timings            print where the time went, too, in a table for each lab
  --verbose            say on standard error what is asked of engines and probe agents, and how long it takes
  --keep               leave the lab host of each graded lab running, and say how to enter and remove it
  --help

exit codes: 0 graded, 1 below --min-score, 2 wrong usage, 3 something could not be graded, which is not the students' fault`;

/** Those options of `npm run grade` that are about grading, in the form that parseArgs takes. */
export const GRADING = {
  lab: { type: 'string', multiple: true },
  labs: { type: 'string', multiple: true },
  rubric: { type: 'string' },
  course: { type: 'string' },
  overrides: { type: 'string' },
  submissions: { type: 'string' },
  student: { type: 'string' },
  folder: { type: 'string', multiple: true },
  out: { type: 'string' },
  jobs: { type: 'string' },
  queue: { type: 'string' },
  host: { type: 'string' },
  live: { type: 'boolean' },
  'allow-disturb': { type: 'boolean' },
  restore: { type: 'boolean' },
  'accept-host-key': { type: 'boolean' },
  engine: { type: 'string' },
  'registry-mirror': { type: 'string' },
  images: { type: 'string' },
  egress: { type: 'string' },
  runtime: { type: 'string' },
  'no-foreign-images': { type: 'boolean' },
  keep: { type: 'boolean' },
  again: { type: 'boolean' },
} as const;

/** Of these, the options that may stand alone. */
export const BARE: Bare = { egress: { means: 'all', values: [...EGRESS] } };

const ALL = {
  ...GRADING,
  format: { type: 'string' },
  roster: { type: 'string', multiple: true },
  'min-score': { type: 'string' },
  details: { type: 'boolean' },
  timings: { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @returns the options; undefined when the user asked only for the usage. */
export function parseOptions(argv: string[]): Options | undefined {
  const { values: typed, positionals } = parsedArguments(
    { args: argv, allowPositionals: true, options: ALL },
    USAGE,
    BARE,
  );
  if (typed.help === true) return undefined;
  const { values, course, overrides, found } = withCourse(typed, ALL, checksOf(ALL));
  return {
    ...runOptions({ ...gradeOptions(values), students: positionals }),
    ...optional('course', course),
    ...optional('overrides', overrides),
    found,
    // A roster of the course is for those formats that fill one in, if they are asked for.
    courseRosters: typed.roster === undefined ? (values.roster ?? []) : [],
    formats: formatNames(values.format),
    rosters: (typed.roster ?? []).map((file) => path.resolve(file)),
    ...optional('minScore', number('--min-score', values['min-score'], { from: 0, to: 100, whole: false })),
    details: values.details ?? false,
    timings: values.timings ?? false,
    verbose: values.verbose ?? false,
  };
}

type Values = ReturnType<typeof parsedArguments<{ args: string[]; options: typeof GRADING }>>['values'];

/** @param values Some or all options that are for grading, as they were typed. */
export function gradeOptions(values: Values): GradeOptions {
  const { lab, labs, folder, jobs, ...same } = values;
  return {
    ...same,
    labs: lab,
    ownLabs: labs,
    folders: folder,
    jobs: number('--jobs', jobs, { from: 1, to: MOST_JOBS, whole: true }),
    allowDisturb: values['allow-disturb'],
    acceptHostKey: values['accept-host-key'],
    registryMirror: values['registry-mirror'],
    foreignImages: values['no-foreign-images'] === true ? false : undefined,
  };
}

/**
 * The course's options under those that were typed, for a command about finished reports. A course file that is found, and
 * not named, is that of these reports only if it, or netgrade, has them there.
 *
 * @param reports The folder with the records.
 */
export function withCourseOf<V extends Partial<Record<string, unknown>>>(
  reports: string,
  typed: V,
): { values: V } & CourseFiles {
  const found = withCourse(typed, ALL, checksOf(ALL));
  const out = path.resolve(String(found.course?.values['out'] ?? 'reports'));
  if (out === reports || typed['course'] !== undefined) return found;
  const overrides = typed['overrides'];
  return { values: typed, found: [], ...(typeof overrides === 'string' && { overrides: path.resolve(overrides) }) };
}

/** Checks of single options, for messages that say the line of a course file. */
function checksOf(options: Record<string, unknown>): Record<string, (text: string) => unknown> {
  const checks: Record<string, (text: string) => unknown> = {
    format: formatNames,
    host: (text) => runOptions({ host: text }),
    jobs: (text) => number('jobs', text, { from: 1, to: MOST_JOBS, whole: true }),
    engine: (text) => oneOf('engine', text, GENERATIONS),
    egress: (text) => oneOf('egress', text, EGRESS),
    'registry-mirror': (text) => runOptions({ registryMirror: text }),
    'min-score': (text) => number('min-score', text, { from: 0, to: 100, whole: false }),
  };
  return Object.fromEntries(Object.entries(checks).filter(([name]) => name in options));
}

/** @param text As after `--format`; if there is nothing, the formats for people. */
export function formatNames(text = 'json,html'): string[] {
  return text.split(',').map((name) => oneOf('--format', name, Object.keys(FORMATS)));
}

/** The rosters that were typed, and those of the course. */
export function rostersOf({ rosters, courseRosters }: Pick<Options, 'rosters' | 'courseRosters'>): Roster[] {
  return [...rosters.map(readRoster), ...courseRosters.map((file) => ({ ...readRoster(file), ofCourse: true }))];
}
