/**
 * The report formats that `--format` takes. Each is made from finished records alone and decides no verdict; to add
 * one, add it to FORMATS. (json, gradebook.csv and summary.json are written during the run, whatever is chosen.)
 */
import { UsageError } from '../../base/failure.ts';
import { canvas } from './canvas.ts';
import { canvasFeedback } from './canvas-feedback.ts';
import { classroom50 } from './classroom50.ts';
import { comment } from './markdown.ts';
import type { Place, ReportFormat } from './format.ts';
import { isOnRunner, stopCommands } from './github/commands.ts';
import { html } from './html.ts';
import { github } from './github/format.ts';
import { gradescope } from './gradescope.ts';
import { ctrf } from './ctrf.ts';
import { junit } from './junit.ts';
import { moodleFeedback } from './moodle/feedback-files.ts';
import { moodle } from './moodle/format.ts';
import { prairielearn } from './prairielearn.ts';
import type { LabRecord, StudentRecord } from '../record.ts';
import { labView, studentView } from '../student-view.ts';

const written: ReportFormat = {
  about: 'a record per student',
  readBy: 'instructors',
  write: () => Promise.resolve(),
};

export const FORMATS: Record<string, ReportFormat> = {
  json: written,
  html,
  github,
  classroom50,
  markdown: comment,
  junit,
  ctrf,
  gradescope,
  prairielearn,
  canvas,
  'canvas-feedback': canvasFeedback,
  moodle,
  'moodle-feedback': moodleFeedback,
};

/**
 * The chosen formats of one run. Once it is constructed, a GitHub runner takes nothing that is printed for a command but
 * what a format wants it to.
 */
export class ChosenFormats {
  readonly #formats: [string, ReportFormat][];
  readonly #place: Place;

  /** @throws {UsageError} when a roster is read by none of them. */
  constructor(names: string[], place: Place) {
    this.#formats = Object.entries(FORMATS).filter(([name]) => names.includes(name));
    this.#place = place;
    if (names.includes('gradescope') && names.includes('prairielearn'))
      throw new UsageError(
        '--format gradescope and prairielearn both write results.json: choose one, or write twice with another --out',
      );
    for (const roster of place.rosters ?? []) {
      if (roster.ofCourse === true || this.#formats.some(([, format]) => format.reads?.(roster))) continue;
      throw new UsageError(
        `--roster ${roster.file} fits none of the chosen formats: canvas takes an exported gradebook (columns Student and ID), moodle an export with username, email address, ID number or Identifier`,
      );
    }
    if (isOnRunner(place.env) || this.#formats.some(([, { onRunner }]) => onRunner))
      stopCommands(place.stdout, place.stderr);
  }

  /**
   * What may be printed of a record. Where students can read the output, that is their view of the record. They can
   * read it with formats whose log is open to them, and in every CI system (nearly all of them set CI).
   */
  printable(record: StudentRecord): StudentRecord {
    return this.#openLog ? studentView(record, this.#place.now) : record;
  }

  /** The same of one lab, while others are still graded. */
  printableLab(lab: LabRecord): LabRecord {
    return this.#openLog ? labView(lab, this.#place.now) : lab;
  }

  get #openLog(): boolean {
    return Boolean(this.#place.env['CI']) || this.#formats.some(([, { openLog }]) => openLog);
  }

  /** Checks before grading whether each format can be written. @throws {UsageError} when one cannot. */
  checkFor(students: number, labs: string[]): void {
    for (const [name, format] of this.#formats) {
      if (format.ofOneStudent && students > 1)
        throw new UsageError(`--format ${name} is about one student, and there are ${students}: name one of them`);
      format.check?.(this.#place, labs);
    }
  }

  /** Loads what the formats need, before there are records. */
  getReady(): void {
    // An error shows again when the format is written.
    for (const [, format] of this.#formats) format.getReady?.().catch(() => undefined);
  }

  /**
   * @param graded What this run graded.
   * @param all All records of the reports folder.
   */
  async write(graded: StudentRecord[], all = graded): Promise<void> {
    for (const [, format] of this.#formats) await this.#write(format, format.ofThisRun ? graded : all);
  }

  /**
   * Writes what is about the whole folder. What is about this run is left out, because it was ended.
   *
   * @param pending Students of whom something is still to be graded.
   */
  async writeOfFolder(all: StudentRecord[], pending: ReadonlySet<string>): Promise<void> {
    const whole = all.filter(({ student }) => !pending.has(student));
    for (const [, format] of this.#formats)
      if (!format.ofThisRun) await this.#write(format, format.isImported ? whole : all);
  }

  async #write(format: ReportFormat, records: StudentRecord[]): Promise<void> {
    const isForStudents = format.readBy === 'students';
    const views = isForStudents ? records.map((record) => studentView(record, this.#place.now)) : records;
    await format.write(views, this.#place);
  }

  failed(reason: string): void {
    for (const [, format] of this.#formats) format.failed?.(reason, this.#place);
  }
}
