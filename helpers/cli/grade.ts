/** `npm run grade`: prepares what is missing, grades, writes reports, prints what students and instructors read. */
import path from 'node:path';
import { loadCatalogue } from '../lab/catalogue.ts';
import { gradeAll, type LabGrader } from '../run/run.ts';
import { programDigest } from '../run/program.ts';
import { ReportFolder } from '../report/files.ts';
import { takeFolder } from '../report/folder-lock.ts';
import { ChosenFormats } from '../report/formats/chosen.ts';
import { isComplete, type StudentRecord } from '../report/record.ts';
import { belowText, classText } from '../report/class-text.ts';
import { runTimes } from '../report/summary.ts';
import { inert, studentText } from '../report/terminal.ts';
import { timingsText } from '../report/timings.ts';
import { loadRubric, remarksOn } from '../report/rubric/load.ts';
import type { Rubric } from '../report/rubric/rubric.ts';
import { say } from '../machine/setup/say.ts';
import { refuseFound } from './course.ts';
import { endWith, EXIT, exitCodeOf } from './end.ts';
import { gradedOn } from '../run/options.ts';
import { parseOptions, rostersOf, USAGE, type Options } from './options.ts';
import { ProgressLines } from './progress.ts';
import { Interruption } from './interruption.ts';
import { Removal } from './removal.ts';
import { logToScreen } from './verbose.ts';
import { withNetwork } from './with-network.ts';
import { creditedFor } from '../submission/groups.ts';
import { findWork, type Work } from '../run/work.ts';

/** With more students than this, the terminal shows only one line for each. The reports have the rest. */
const MOST_IN_DETAIL = 5;

let formats: ChosenFormats | undefined;

async function main(argv: string[]): Promise<number> {
  const options = parseOptions(argv);
  if (options === undefined) {
    console.log(USAGE);
    return EXIT.done;
  }
  if (options.verbose) logToScreen();
  const chosen = new ChosenFormats(options.formats, {
    out: options.out,
    ...(options.labs.length > 0 && { labs: options.labs }),
    env: process.env,
    now: new Date(),
    rosters: rostersOf(options),
    stdout: process.stdout,
    stderr: process.stderr,
  });
  formats = chosen;
  const catalogue = await loadCatalogue(options.ownLabs);
  const rubric = loadRubric(options, catalogue);
  const work = await findWork(options, catalogue, rubric.groups);
  if (work.isOneStudents) refuseFound(options);
  return gradeThose(work, options, rubric, chosen);
}

async function gradeThose(work: Work, options: Options, rubric: Rubric, chosen: ChosenFormats): Promise<number> {
  const names = work.students.map(({ name }) => name);
  const labs = work.labs.map(({ name }) => name);
  chosen.checkFor(names.length, labs);
  const everybody = options.students.length === 0 && options.student === undefined;
  for (const remark of everybody ? remarksOn(rubric, work.students.flatMap(creditedFor)) : []) say(remark);
  await using held = await takeFolder(options.out, 'npm run grade');
  return await gradeWith(work, options, rubric, chosen);
}

async function gradeWith(work: Work, options: Options, rubric: Rubric, chosen: ChosenFormats): Promise<number> {
  // Only now, because it takes time to load what speaks to engines, and the usage does not need it.
  const { openGrader } = await import('../run/graders.ts');
  const grader = await openGrader(work, options, () => {
    chosen.getReady();
  });
  await using removal = new Removal(grader);
  const interruption = new Interruption((signal) => {
    const first = options.allowDisturb ? 'putting back what ran here, and ' : '';
    say(`${signal}: ${first}removing what this run has made …`);
    void removal.begin();
  });
  const progress = new ProgressLines(
    {
      isTTY: process.stderr.isTTY && !options.verbose,
      columns: () => process.stderr.columns,
      write: (text) => process.stderr.write(text),
    },
    work.students.length * work.labs.length,
    (lab) => chosen.printableLab(lab),
  );
  const prepared = performance.now(); // since this process began
  const conditions = { on: gradedOn(options), program: await programDigest() };
  const plan = { ...options, ...work, ...conditions, rubric, stopping: interruption.signal };
  const { records, all, pending, graded, asked } = await gradeAll(plan, grader, progress).catch((error: unknown) => {
    sayKept(grader);
    throw error;
  });
  progress.end();
  const gradedAt = performance.now();
  // The results are shown already while the last lab hosts are being removed.
  const removed = removal.begin();
  const { exitCode } = interruption;
  if (exitCode === undefined) {
    print(records, options, chosen);
    await chosen.write(records, all);
  } else await chosen.writeOfFolder(all, pending);
  const reported = performance.now();
  await removed;
  sayKept(grader);
  const times = runTimes([0, prepared, gradedAt, reported, performance.now()], grader.removals);
  await new ReportFolder(options.out).writeRun(times);
  if (exitCode !== undefined) {
    const stopped = `Stopped: ${graded} of ${asked} graded`;
    say(`${stopped}; ${options.again ? 'earlier results of the others stay' : 'the same command continues'}`);
    chosen.failed(stopped);
    return exitCode;
  }
  if (options.timings) console.log(`\n${timingsText(records, times)}`);
  return nothingHandedIn(work, options, chosen) ? EXIT.usage : exitCodeOf(records, options.minScore);
}

/** When nobody has handed in anything at all, most likely the folder is a wrong one, or it is too early: says so. */
function nothingHandedIn({ students, labs }: Work, options: Options, chosen: ChosenFormats): boolean {
  const [first] = students;
  if (first?.nothing === undefined || !students.every(({ nothing }) => nothing !== undefined)) return false;
  const what = labs.map(({ name }) => name).join(', ');
  const reason = `nothing is handed in for ${what}: ${first.nothing}. These are no points, but a step that is to be done: hand in a Compose file or a script (docs/submissions.md)`;
  say(reason);
  chosen.failed(reason);
  return true;
}

function sayKept({ kept = [] }: LabGrader): void {
  for (const text of kept) console.error(`\n${inert(text)}`);
}

function print(records: StudentRecord[], options: Options, chosen: ChosenFormats): void {
  const { details, formats: names, out, minScore } = options;
  const screen = { colours: process.stdout.isTTY && process.env['NO_COLOR'] === undefined };
  const shown = details || records.length <= MOST_IN_DETAIL ? records : [];
  for (const record of shown) console.log(`\n${studentText(chosen.printable(record), screen)}`);
  const all = records.map((record) => chosen.printable(record));
  if (records.length > 1)
    console.log(`\n${classText(all, { ...screen, width: process.stdout.isTTY ? process.stdout.columns : Infinity })}`);
  const below = belowText(records, minScore, (record) => chosen.printable(record));
  if (below !== '') console.log(`\n${below}`);
  const first = names.includes('html') ? 'index.html' : '';
  console.log(`\nreports: ${path.join(path.relative(process.cwd(), out), first) || '.'}`);
  const unjudged = records.filter((record) => !isComplete(record));
  if (unjudged.length > 0) {
    console.log(
      `${unjudged.length} of ${records.length} could not be graded completely, which is not the students’ fault; run the same command again to grade only those.`,
    );
    const again = withNetwork(unjudged, options);
    if (again !== undefined) console.log(inert(again));
  }
}

await endWith(main, (reason) => formats?.failed(reason));
