/** `npm run grade`: prepares what is missing, grades, writes reports, prints what students and instructors read. */
import path from 'node:path';
import type Docker from 'dockerode';
import { InfrastructureError, UsageError, reasonOf } from '../failure.ts';
import { loadCatalogue, type GradableLab } from '../grading/catalogue.ts';
import { Judge } from '../grading/judge.ts';
import { LabHostSupply } from '../grading/lab-host-supply.ts';
import { gradeAll, isComplete } from '../grading/run.ts';
import type { LabHostImage } from '../lab-host/disposable.ts';
import { removeLeftovers } from '../lab-host/leftovers.ts';
import { ChosenFormats } from '../report/formats.ts';
import type { StudentRecord } from '../report/record.ts';
import { studentText } from '../report/terminal.ts';
import { ensureEngine } from '../setup/engine.ts';
import { ensureImages } from '../setup/images.ts';
import { say } from '../setup/say.ts';
import { findStudents, type Student } from '../submission/find.ts';
import { parseOptions, USAGE, type Options } from './options.ts';
import { ProgressLines } from './progress.ts';

const EXIT = { graded: 0, belowMinScore: 1, usage: 2, infrastructure: 3 };
/** With more students than this the terminal shows a line each; the reports have the rest. */
const MOST_IN_DETAIL = 5;

// No reaper container: lab hosts carry our own labels, and the next run removes what a killed one left.
process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';

let formats: ChosenFormats | undefined;

async function main(argv: string[]): Promise<number> {
  const options = parseOptions(argv);
  if (options === undefined) {
    console.log(USAGE);
    return EXIT.graded;
  }
  formats = new ChosenFormats(options.formats, {
    out: options.out,
    env: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
  });
  const catalogue = await loadCatalogue(options.ownLabs);
  const stranger = options.labs.find((lab) => !catalogue.has(lab));
  if (stranger !== undefined)
    throw new UsageError(`there is no lab "${stranger}"; the labs are ${[...catalogue.keys()].join(', ')}`);
  const students = findStudents(options.submissions, { ...options, knownLabs: [...catalogue.keys()] });
  formats.checkFor(students.length);
  const labs = wantedLabs(options, catalogue, students);
  const records = await gradeWith(options, students, labs);
  print(records, options);
  await formats.write(records);
  if (!records.every(isComplete)) return EXIT.infrastructure;
  return belowMinScore(records, options.minScore) ? EXIT.belowMinScore : EXIT.graded;
}

/** Those named, or else those that anybody has handed in: a course does not use every lab. */
function wantedLabs({ labs }: Options, catalogue: Map<string, GradableLab>, students: Student[]): GradableLab[] {
  const all = [...catalogue.values()];
  if (labs.length > 0) return all.filter(({ name }) => labs.includes(name));
  const handedIn = all.filter(({ name }) => students.some((student) => student.labs.has(name)));
  return handedIn.length > 0 ? handedIn : all;
}

async function gradeWith(options: Options, students: Student[], labs: GradableLab[]): Promise<StudentRecord[]> {
  using judge = new Judge(labs[0]!);
  // testcontainers takes a third of a second to load: meanwhile the engine is asked.
  const [{ DisposableLabHost }, { docker, from }] = await Promise.all([
    import('../lab-host/disposable.ts'),
    prepare(options),
  ]);
  const leftovers = removeLeftovers(docker).catch((error: unknown) => [reasonOf(error)]);
  const handedIn = students.flatMap((student) => labs.filter(({ name }) => student.labs.has(name)));
  const needed = handedIn.reduce((sum, { machines = 1 }) => sum + machines, 0);
  await using hosts = new LabHostSupply(() => DisposableLabHost.boot(docker, from), needed);
  const stop = (signal: NodeJS.Signals): void => {
    say(`${signal}: removing lab hosts …`);
    void hosts[Symbol.asyncDispose]().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const progress = new ProgressLines(
    { isTTY: process.stderr.isTTY, write: (text) => process.stderr.write(text) },
    students.length * labs.length,
  );
  const jobs = Math.min(options.jobs, Math.max(needed, 1));
  const records = await gradeAll({ ...options, students, labs, jobs }, { hosts, judge }, progress);
  progress.end();
  for (const trouble of await leftovers) say(`could not remove ${trouble}`);
  return records;
}

async function prepare({ engine }: Options): Promise<{ docker: Docker; from: LabHostImage }> {
  const docker = await ensureEngine();
  const from = await ensureImages(docker, engine);
  if (from.images === 'stand-ins') {
    say(
      'no image registry was in reach when the images were prepared: grading with offline stand-ins for nginx, python, mongo',
    );
  }
  return { docker, from };
}

function print(records: StudentRecord[], { details, out }: Options): void {
  const screen = { colours: process.stdout.isTTY && process.env['NO_COLOR'] === undefined };
  const shown = details || records.length <= MOST_IN_DETAIL ? records : [];
  for (const record of shown) console.log(`\n${studentText(record, screen)}`);
  console.log(`\nreports: ${path.relative(process.cwd(), out) || '.'}/`);
  const unjudged = records.filter((record) => !isComplete(record));
  if (unjudged.length > 0) {
    console.log(
      `${unjudged.length} of ${records.length} could not be graded completely, through no fault of theirs; run the same command again to grade only those.`,
    );
  }
}

function belowMinScore(records: StudentRecord[], minScore: number | undefined): boolean {
  return minScore !== undefined && records.some(({ score, maxScore }) => score * 100 < minScore * maxScore);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const known = error instanceof UsageError || error instanceof InfrastructureError;
  console.error(`netgrade: ${known ? reasonOf(error) : `internal error: ${(error as Error).stack ?? String(error)}`}`);
  formats?.failed(reasonOf(error));
  process.exitCode = error instanceof UsageError ? EXIT.usage : EXIT.infrastructure;
}
// Everything is written and removed: a stream that the engine left open must not keep the command from ending.
process.stdout.write('', () => process.exit());
