/** `npm run report`: writes reports from finished records, without an engine. With a rubric, it scores them again first. */
import path from 'node:path';
import { UsageError } from '../base/failure.ts';
import { instead } from '../base/near.ts';
import { loadCatalogue } from '../lab/catalogue.ts';
import { belowText } from '../report/class-text.ts';
import { needFolder, takeFolder } from '../report/folder-lock.ts';
import { ChosenFormats } from '../report/formats/chosen.ts';
import { readRecords } from '../report/read-records.ts';
import { isComplete, labsOf, type StudentRecord } from '../report/record.ts';
import { labsIn } from '../report/recording.ts';
import { loadRubric } from '../report/rubric/load.ts';
import { catalogueRubric, type Rubric } from '../report/rubric/rubric.ts';
import { studentText } from '../report/terminal.ts';
import { say } from '../machine/setup/say.ts';
import { endWith, EXIT, exitCodeOf } from './end.ts';
import { rostersOf } from './options.ts';
import { parseReportOptions, USAGE, type ReportOptions } from './report-options.ts';
import { rescore, writeAnew, type Rescored } from './rescore.ts';

let formats: ChosenFormats | undefined;

async function main(argv: string[]): Promise<number> {
  const options = parseReportOptions(argv);
  if (options === undefined) {
    console.log(USAGE);
    return EXIT.done;
  }
  const { from, out, labs, students } = options;
  const { env, stdout, stderr } = process;
  const place = { out, env, now: new Date(), rosters: rostersOf(options), stdout, stderr };
  const chosen = new ChosenFormats(options.formats, { ...place, ...(labs.length > 0 && { labs }) });
  formats = chosen;
  const catalogue = await loadCatalogue(options.ownLabs);
  needFolder(from);
  await using held = await takeFolder(out, 'npm run report');
  const check = (records: StudentRecord[]): void => {
    const named = namedIn(records, options);
    chosen.checkFor(named.length, labsOf(named, catalogue.keys()));
  };
  const rubric = rubricOf(options, catalogue);
  const { records, all } =
    rubric === undefined
      ? await asScored(options, catalogue.keys(), check)
      : await rescore({ from, out, rubric, check });
  const named = namedIn(records, { from, students, labs: [] });
  print(named, options, chosen);
  const below = belowText(named, options.minScore, (record) => chosen.printable(record));
  if (below !== '') console.log(`\n${below}`);
  await chosen.write(named, all);
  return exitCodeOf(named, options.minScore);
}

/** @returns undefined when points stay as they are. */
function rubricOf(options: ReportOptions, catalogue: Awaited<ReturnType<typeof loadCatalogue>>): Rubric | undefined {
  const { rubric, ownPoints } = options;
  if (ownPoints) return catalogueRubric(catalogue.values());
  const { from, course, overrides, found } = options;
  if (rubric === undefined && course === undefined && overrides === undefined) return undefined;
  const loaded = loadRubric(options, catalogue);
  const isChosen = course === undefined ? rubric !== undefined : !found.includes(course.file);
  const other = isChosen || rubric !== course?.values['rubric'] ? undefined : anotherOf(readRecords(from), loaded);
  if (other === undefined) return loaded;
  const scored = `the records were scored by ${other}`;
  if (overrides !== undefined && !found.includes(overrides))
    throw new UsageError(`${scored}: say --rubric FILE beside --overrides, so that they keep it`);
  const files = found.map((file) => path.basename(file)).join(' and ');
  say(`${scored}, and keep it: ${files} changed nothing; to score them again, say --rubric FILE, or --own-points`);
  return undefined;
}

/** The file by which records were scored, if it is none of those by which they would be scored now. */
function anotherOf(records: StudentRecord[], { stamp }: Rubric): string | undefined {
  const files = records.flatMap(labsIn).flatMap(({ rubric }) => rubric?.file ?? []);
  return files.find((file) => file !== stamp?.file && file !== stamp?.course?.file);
}

async function asScored(
  { from, out }: ReportOptions,
  order: Iterable<string>,
  check: (records: StudentRecord[]) => void,
): Promise<Rescored> {
  const records = readRecords(from);
  check(records);
  return { records, all: await writeAnew(records, { from, out, order }) };
}

/** @throws {UsageError} when a student or a lab that is named has no record. */
function namedIn(
  records: StudentRecord[],
  { from, students, labs }: Pick<ReportOptions, 'from' | 'students' | 'labs'>,
) {
  const there = records.map(({ student }) => student);
  for (const student of students)
    if (!there.includes(student))
      throw new UsageError(`there is no record of "${student}" in ${from}; ${instead(student, there, 'there are')}`);
  const graded = labsOf(records);
  for (const lab of labs)
    if (!graded.includes(lab))
      throw new UsageError(`no record in ${from} has the lab "${lab}"; ${instead(lab, graded, 'there are')}`);
  return students.length === 0 ? records : records.filter(({ student }) => students.includes(student));
}

function print(records: StudentRecord[], { details, out, formats: names }: ReportOptions, chosen: ChosenFormats): void {
  const screen = { colours: process.stdout.isTTY && process.env['NO_COLOR'] === undefined };
  for (const record of details ? records : []) console.log(`\n${studentText(chosen.printable(record), screen)}`);
  console.log(
    `\nreports: ${path.join(path.relative(process.cwd(), out), names.includes('html') ? 'index.html' : '') || '.'}`,
  );
  const unjudged = records.filter((record) => !isComplete(record));
  if (unjudged.length === 0) return;
  console.log(
    `${unjudged.length} of ${records.length} could not be graded completely, which is not the students’ fault; grade again, then write the reports again.`,
  );
}

await endWith(main, (reason) => formats?.failed(reason));
