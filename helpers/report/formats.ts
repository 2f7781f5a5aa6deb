/**
 * The report formats that `--format` takes. Each is made from finished records alone and decides no verdict; to add one,
 * add it to FORMATS. (json, gradebook.csv and summary.json are written during the run, whatever is chosen.)
 */
import { UsageError } from '../failure.ts';
import { classroom50 } from './classroom50.ts';
import type { Place, ReportFormat } from './format.ts';
import { stopCommands } from './github/commands.ts';
import { html } from './html.ts';
import { github } from './github/format.ts';
import type { StudentRecord } from './record.ts';

const written: ReportFormat = { about: 'a record per student', write: () => Promise.resolve() };

export const FORMATS: Record<string, ReportFormat> = { json: written, html, github, classroom50 };

/** The chosen formats of one run. From its construction on, a GitHub runner obeys nothing that is printed. */
export class ChosenFormats {
  readonly #formats: [string, ReportFormat][];
  readonly #place: Place;
  #resume: (() => void) | undefined;

  constructor(names: string[], place: Place) {
    this.#formats = Object.entries(FORMATS).filter(([name]) => names.includes(name));
    this.#place = place;
    if (this.#formats.some(([, { onRunner }]) => onRunner)) this.#resume = stopCommands(place.stdout, place.stderr);
  }

  /** @throws {UsageError} when one of them has no room for so many students: before they are graded, not after. */
  checkFor(students: number): void {
    const narrow = students > 1 ? this.#formats.find(([, { ofOneStudent }]) => ofOneStudent) : undefined;
    if (narrow === undefined) return;
    throw new UsageError(`--format ${narrow[0]} is about one student, and there are ${students}: name one of them`);
  }

  async write(records: StudentRecord[]): Promise<void> {
    this.#resumeCommands();
    for (const [, format] of this.#formats) await format.write(records, this.#place);
  }

  failed(reason: string): void {
    this.#resumeCommands();
    for (const [, format] of this.#formats) format.failed?.(reason, this.#place);
  }

  #resumeCommands(): void {
    this.#resume?.();
    this.#resume = undefined;
  }
}
