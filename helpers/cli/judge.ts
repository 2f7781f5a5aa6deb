/** `npm run judge`: judges kept surveys again by the present rules, and says which students' results change. Needs no engine. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../base/failure.ts';
import { instead } from '../base/near.ts';
import { Judge } from '../judge/judge.ts';
import { loadCatalogue, type GradableLab } from '../lab/catalogue.ts';
import { say } from '../machine/setup/say.ts';
import { ChosenFormats } from '../report/formats/chosen.ts';
import { needFolder, takeFolder } from '../report/folder-lock.ts';
import { readRecords } from '../report/read-records.ts';
import { isComplete, type StudentRecord } from '../report/record.ts';
import { surveyFile } from '../report/report-name.ts';
import { misfitOf, remarkOnNone } from '../report/rubric/apply.ts';
import { changesCsv, changesOf, classSummary, signed, type Change } from '../report/rubric/changes.ts';
import { loadRubric } from '../report/rubric/load.ts';
import { remarksOnOverrides } from '../report/rubric/overrides.ts';
import type { Rubric } from '../report/rubric/rubric.ts';
import { inert } from '../report/terminal.ts';
import { judgeAgain, type JudgedAgain, type NotJudged } from '../run/judge-again.ts';
import type { Survey } from '../survey/facts.ts';
import { readSurvey } from '../survey/survey-file.ts';
import { parsedArguments } from './arguments.ts';
import type { CourseFiles } from './course.ts';
import { withCourseOf } from './options.ts';
import { endWith, EXIT } from './end.ts';
import { pointsLine, scoredBy, scoredClass, writeAnew } from './rescore.ts';

const USAGE = `usage: npm run judge -- REPORTS [student …] [options]

Judges the surveys that are kept in a folder of reports again, by the rules that there are now, and prints what changes for
whom. Nothing is deployed, and no engine is needed. The records, pages and the class's files in REPORTS are written anew,
and judged-again.csv says what changed.

  --lab LAB            judge this lab only; may be given several times
  --labs DIR           a folder with the course's own topologies, <lab>.yaml, and its rubric.yaml; may be given
                       several times
  --rubric FILE        points, due dates, hints and what students may see (rubric.yaml of --labs)
  --course FILE        the course file (course.yaml beside the folder of submissions, if its reports are in REPORTS)
  --overrides FILE     points that somebody gives by hand (overrides.yaml there)
  --dry-run            write nothing, only print
  --help

exit codes: 0 judged, 2 wrong usage, 3 something could not be judged, and no student is at fault`;

const OPTIONS = {
  lab: { type: 'string', multiple: true },
  labs: { type: 'string', multiple: true },
  rubric: { type: 'string' },
  course: { type: 'string' },
  overrides: { type: 'string' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

interface Options extends CourseFiles {
  submissions: string;
  reports: string;
  students: string[];
  labs: string[];
  ownLabs: string[];
  rubric?: string;
  dryRun: boolean;
}

async function main(argv: string[]): Promise<number> {
  const options = parse(argv);
  if (options === undefined) {
    console.log(USAGE);
    return EXIT.done;
  }
  const { reports, ownLabs } = options;
  const catalogue = await loadCatalogue(ownLabs);
  const rubric = loadRubric(options, catalogue);
  needFolder(reports);
  await using held = options.dryRun ? undefined : await takeFolder(reports, 'npm run judge');
  const before = readRecords(reports);
  const chosen = chosenOf(options, catalogue, before);
  const results = await judgeThose(before, chosen, reports);
  const judged = results.reduce((sum, each) => sum + each.judged, 0);
  const notJudged = results.flatMap((each) => each.notJudged);
  if (judged === 0 && !notJudged.some(({ failed }) => failed)) throw new UsageError(nothingJudged(reports, notJudged));
  for (const { record } of results) needFit(record, rubric);
  const judgedNow = results.map(({ record }) => record);
  const after = scoredClass(judgedNow, rubric, before);
  for (const text of remarksOnOverrides(after, rubric)) say(text);
  const remark = remarkOnNone(before, rubric);
  if (remark !== undefined) say(remark);
  const changes = changesOf(before, after);
  print(changes, notJudged, `${count(judged, 'survey')} judged again, ${scoredBy(rubric)}`);
  if (!options.dryRun) await write(after, changes, rubric, reports);
  if (notJudged.some(({ failed }) => failed)) return EXIT.infrastructure;
  return results
    .flatMap(({ record }) => (chosen.students.has(record.student) ? [record] : []))
    .every((record) => isComplete(record))
    ? EXIT.done
    : EXIT.infrastructure;
}

function parse(argv: string[]): Options | undefined {
  const { values: typed, positionals } = parsedArguments(
    { args: argv, allowPositionals: true, options: OPTIONS },
    USAGE,
  );
  if (typed.help === true) return undefined;
  const [reports, ...students] = positionals;
  if (reports === undefined) throw new UsageError(`name the folder with the reports\n\n${USAGE}`);
  const { values, ...files } = withCourseOf(path.resolve(reports), typed);
  return {
    ...files,
    submissions: path.resolve(files.course?.values['submissions']?.toString() ?? 'submissions'),
    reports: path.resolve(reports),
    students,
    labs: typed.lab ?? [],
    ownLabs: (values.labs ?? []).map((folder) => path.resolve(folder)),
    ...(values.rubric !== undefined && { rubric: path.resolve(values.rubric) }),
    dryRun: typed['dry-run'] ?? false,
  };
}

interface Chosen {
  students: Set<string>;
  labs: Map<string, GradableLab>;
}

/** @throws {UsageError} when a student or a lab that is named does not exist. */
function chosenOf(
  { students, labs, reports }: Options,
  catalogue: Map<string, GradableLab>,
  records: StudentRecord[],
): Chosen {
  const there = records.map(({ student }) => student);
  for (const student of students)
    if (!there.includes(student))
      throw new UsageError(`there is no record of "${student}" in ${reports}; ${instead(student, there, 'there are')}`);
  for (const lab of labs)
    if (!catalogue.has(lab))
      throw new UsageError(`there is no lab "${lab}"; ${instead(lab, [...catalogue.keys()], 'the labs are')}`);
  return {
    students: new Set(students.length > 0 ? students : there),
    labs: labs.length === 0 ? catalogue : new Map([...catalogue].filter(([name]) => labs.includes(name))),
  };
}

/** @returns a result for every record. For students who are not chosen, it is the unchanged record. */
async function judgeThose(
  records: StudentRecord[],
  { students, labs }: Chosen,
  reports: string,
): Promise<JudgedAgain[]> {
  using judge = new Judge();
  const results: JudgedAgain[] = [];
  for (const record of records)
    results.push(
      students.has(record.student)
        ? await judgeAgain(judge, record, labs, (...of) => keptSurvey(reports, ...of))
        : { record, judged: 0, notJudged: [] },
    );
  return results;
}

async function keptSurvey(reports: string, record: StudentRecord, lab: string): Promise<Survey | undefined> {
  const file = path.join(reports, surveyFile(record.student, lab));
  if (!existsSync(file)) return undefined;
  const kept = await readSurvey(file);
  if (kept.lab !== lab) throw new UsageError(`${file} is a survey of ${kept.lab}: move it away, or grade again`);
  const { run } = record.labs.find((each) => each.lab === lab) ?? {};
  // A run that was ended may have written its survey, but not its record.
  return kept.startedAt === (run?.startedAt ?? record.startedAt) ? kept.survey : undefined;
}

function nothingJudged(reports: string, notJudged: NotJudged[]): string {
  const why = notJudged.map((each) => `\n  ${lineOf(each)}`).join('');
  return `nothing in ${reports} can be judged again; \`npm run grade\` keeps a survey of every lab that it grades${inert(why)}`;
}

/** @throws {UsageError} when a lab that was not judged again was graded by rules that have changed since. */
function needFit(record: StudentRecord, rubric: Rubric): void {
  const misfit = misfitOf(record, rubric);
  if (misfit !== undefined) throw new UsageError(`the record of ${record.student} cannot be scored: ${misfit}`);
}

function print(changes: Change[], notJudged: NotJudged[], title: string): void {
  console.log(`${title}\n`);
  const different = changes.filter(
    ({ effect, moved, turned, late }) => effect !== 'unchanged' || moved.length + turned.length + late.length > 0,
  );
  for (const change of different) {
    console.log(inert(pointsLine(change)));
    for (const line of criterionLines(change)) console.log(inert(`    ${line}`));
  }
  if (different.length > 0) console.log('');
  if (notJudged.length > 0) console.log('not judged again:');
  for (const each of notJudged) console.log(inert(`  ${lineOf(each)}`));
  console.log(`${notJudged.length > 0 ? '\n' : ''}${classSummary(changes)}`);
}

/** Lists the criteria whose verdict changed, and then those of which only the points changed. */
function criterionLines({ turned, moved }: Change): string[] {
  const isTurned = (lab: string, criterion: string): boolean =>
    turned.some((each) => each.lab === lab && each.criterion === criterion);
  return [
    ...turned.map(
      ({ lab, criterion, before, after, by }) => `${lab} ${criterion}: ${before} -> ${after} (${signed(by)})`,
    ),
    ...moved
      .filter(({ lab, criterion }) => !isTurned(lab, criterion))
      .map(({ lab, criterion, by }) => `${lab} ${criterion}: ${signed(by)}`),
  ];
}

function lineOf({ student, lab, why }: NotJudged): string {
  return `${student}  ${lab}: ${why}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

async function write(records: StudentRecord[], changes: Change[], rubric: Rubric, reports: string): Promise<void> {
  const changed = { file: 'judged-again.csv', text: changesCsv(changes) };
  const all = await writeAnew(records, { from: reports, out: reports, order: rubric.labs.keys(), changed });
  const { env, stdout, stderr } = process;
  const pages = new ChosenFormats(['json', 'html'], {
    out: reports,
    env,
    now: new Date(),
    rosters: [],
    stdout,
    stderr,
  });
  await pages.write(all);
  console.log(`\nreports: ${path.join(path.relative(process.cwd(), reports), 'index.html')}`);
}

await endWith(main);
