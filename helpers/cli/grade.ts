/** `npm run grade`: prepares what is missing, grades, writes reports, prints what students and instructors read. */
import path from 'node:path';
import { loadCatalogue } from '../lab/catalogue.ts';
import { gradeAll } from '../run/run.ts';
import { ReportFolder } from '../report/files.ts';
import { ChosenFormats } from '../report/formats/chosen.ts';
import { isComplete, type StudentRecord } from '../report/record.ts';
import { readRoster } from '../report/formats/roster.ts';
import { runTimes } from '../report/summary.ts';
import { inert, studentText } from '../report/terminal.ts';
import { timingsText } from '../report/timings.ts';
import { loadRubric, remarksOn } from '../report/rubric/load.ts';
import type { Rubric } from '../report/rubric/rubric.ts';
import { say } from '../machine/setup/say.ts';
import { endWith, EXIT } from './end.ts';
import { gradedOn } from '../run/options.ts';
import { parseOptions, USAGE, type Options } from './options.ts';
import { ProgressLines } from './progress.ts';
import { Removal } from './removal.ts';
import { logToScreen } from './verbose.ts';
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
    env: process.env,
    now: new Date(),
    rosters: options.rosters.map(readRoster),
    stdout: process.stdout,
    stderr: process.stderr,
  });
  formats = chosen;
  const catalogue = await loadCatalogue(options.ownLabs);
  const rubric = loadRubric(options, catalogue);
  const records = await (options.rescore === undefined
    ? gradeThose(findWork(options, catalogue), options, rubric, chosen)
    : rescoreThose(options.rescore, options, rubric, chosen));
  if (!records.every(isComplete)) return EXIT.infrastructure;
  return belowMinScore(records, options.minScore) ? EXIT.belowMinScore : EXIT.done;
}

async function rescoreThose(
  from: string,
  options: Options,
  rubric: Rubric,
  chosen: ChosenFormats,
): Promise<StudentRecord[]> {
  // Only now, because it takes time to load what checks records, and grading does not need it.
  const { rescore } = await import('./rescore.ts');
  const { out } = options;
  const check = (students: number, labs: string[]): void => {
    chosen.checkFor(students, labs);
  };
  const records = await rescore({ from, out, rubric, check });
  await present(records, options, chosen);
  return records;
}

async function gradeThose(
  work: Work,
  options: Options,
  rubric: Rubric,
  chosen: ChosenFormats,
): Promise<StudentRecord[]> {
  const names = work.students.map(({ name }) => name);
  const labs = work.labs.map(({ name }) => name);
  chosen.checkFor(names.length, labs);
  const everybody = options.students.length === 0 && options.student === undefined;
  for (const remark of everybody ? remarksOn(rubric, names) : []) say(inert(remark));
  return gradeWith(work, options, rubric, chosen);
}

async function gradeWith(
  { students, labs }: Work,
  options: Options,
  rubric: Rubric,
  chosen: ChosenFormats,
): Promise<StudentRecord[]> {
  // Only now, because it takes time to load what speaks to engines, and neither the usage nor rescoring needs it.
  const { openGrader } = await import('../run/graders.ts');
  const grader = await openGrader({ students, labs }, options, () => {
    chosen.getReady();
  });
  await using removal = new Removal(grader);
  const sayKept = (): void => {
    for (const text of grader.kept ?? []) console.error(`\n${inert(text)}`);
  };
  const stopping = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    say(`${signal}: removing what this run has made …`);
    sayKept();
    void removal.begin().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  // Not `once`, because one Ctrl-C sends the signal twice: from the terminal and from npm.
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const progress = new ProgressLines(
    { isTTY: process.stderr.isTTY && !options.verbose, write: (text) => process.stderr.write(text) },
    students.length * labs.length,
    (lab) => chosen.printableLab(lab),
  );
  const prepared = performance.now(); // since this process began
  const plan = { ...options, on: gradedOn(options), students, labs, rubric };
  const records = await gradeAll(plan, grader, progress).catch((error: unknown) => {
    sayKept();
    throw error;
  });
  progress.end();
  const graded = performance.now();
  // The results are shown already while the last lab hosts are being removed.
  const removed = removal.begin();
  if (stopping.signal.aborted) await removed; // and then the process ends
  await present(records, options, chosen);
  const reported = performance.now();
  await removed;
  sayKept();
  const times = runTimes([0, prepared, graded, reported, performance.now()], grader.removals);
  await new ReportFolder(options.out).writeRun(times);
  if (options.timings) console.log(`\n${timingsText(records, times)}`);
  return records;
}

async function present(records: StudentRecord[], options: Options, chosen: ChosenFormats): Promise<void> {
  print(records, options, chosen);
  await chosen.write(records);
}

function print(
  records: StudentRecord[],
  { details, formats: names, out, rescore }: Options,
  chosen: ChosenFormats,
): void {
  const screen = { colours: process.stdout.isTTY && process.env['NO_COLOR'] === undefined };
  const shown = details || (rescore === undefined && records.length <= MOST_IN_DETAIL) ? records : [];
  for (const record of shown) console.log(`\n${studentText(chosen.printable(record), screen)}`);
  const first = names.includes('html') ? 'index.html' : '';
  console.log(`\nreports: ${path.join(path.relative(process.cwd(), out), first) || '.'}`);
  const unjudged = records.filter((record) => !isComplete(record));
  if (unjudged.length > 0) {
    const next =
      rescore === undefined
        ? 'run the same command again to grade only those'
        : 'grade again, then score by this rubric';
    console.log(
      `${unjudged.length} of ${records.length} could not be graded completely, which is not the students’ fault; ${next}.`,
    );
  }
}

function belowMinScore(records: StudentRecord[], minScore: number | undefined): boolean {
  return minScore !== undefined && records.some(({ score, maxScore }) => score * 100 < minScore * maxScore);
}

await endWith(main, (reason) => formats?.failed(reason));
