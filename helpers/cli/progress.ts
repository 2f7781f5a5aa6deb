/**
 * Shows on standard error what a run is doing: a line for each finished lab, and in a terminal also a line that is updated.
 * When many labs cannot be graded for one reason (the engine went away), the reason is said once.
 */
import type { Progress } from '../run/run.ts';
import type { LabRecord } from '../report/record.ts';
import { oneLine } from '../base/inert.ts';
import { notHandedInText } from '../report/terminal.ts';
import { cut } from '../run/watch/text.ts';

export interface ProgressScreen {
  isTTY: boolean;
  /** How wide it is now, where that is known. */
  columns?(): number | undefined;
  write(text: string): void;
}

const CLEAR_LINE = '\r\u001b[2K';

/** In characters, where the width is not known. */
const USUAL_WIDTH = 80;

/** From the first of them, nobody knows yet how long a lab takes here. */
const LEAST_DONE = 3;

/** How many of the labs that could not be graded for one reason are named. */
const MOST_NAMED = 5;

export class ProgressLines implements Progress {
  readonly #screen: ProgressScreen;
  readonly #total: number;
  readonly #shown: (record: LabRecord) => LabRecord;
  readonly #active = new Set<string>();
  /** The labs that could not be graded, by the reason. */
  readonly #unjudged = new Map<string, string[]>();
  /** Who has not handed in a lab, by the lab. */
  readonly #missing = new Map<string, string[]>();
  readonly #now: () => number;
  #done = 0;
  #toGrade = 0;
  #graded = 0;
  #begun = 0;

  /** @param shown Reduces a record to what students may see, because they may read this output, too. */
  constructor(
    screen: ProgressScreen,
    total: number,
    shown: (record: LabRecord) => LabRecord,
    now: () => number = () => performance.now(),
  ) {
    this.#now = now;
    this.#screen = screen;
    this.#total = total;
    this.#shown = shown;
  }

  started(student: string, lab: string): void {
    this.#active.add(`${student} ${lab}`);
    this.#status();
  }

  finished(student: string, graded: LabRecord): void {
    const record = this.#shown(graded);
    this.#done++;
    this.#active.delete(`${student} ${record.lab}`);
    if (record.status === 'missing' && record.message === notHandedInText(record.lab)) {
      this.#missing.set(record.lab, [...(this.#missing.get(record.lab) ?? []), student]);
      this.#status();
      return;
    }
    if (record.status !== 'missing') this.#graded++;
    if (record.status === 'error' && this.#isKnown(record.message ?? '', `${student} ${record.lab}`)) {
      this.#status();
      return;
    }
    const outcome = record.status === 'graded' ? `${record.score}/${record.maxScore}` : record.status;
    const message = record.status === 'graded' ? '' : `: ${record.message ?? ''}`;
    this.#line(
      `[${this.#done}/${this.#total}] ${student}  ${record.lab}  ${outcome}  ${(record.durationMs / 1000).toFixed(1)} s${message}`,
    );
  }

  kept(labs: number): void {
    this.#done += labs;
    const what =
      labs === this.#total ? (labs === 1 ? 'it is' : `all ${labs} labs are`) : `${labs} of ${this.#total} labs are`;
    this.#line(`${what} unchanged since graded, and kept; --again grades them again`);
  }

  begins(labs: number): void {
    this.#toGrade = labs;
    this.#begun = this.#now();
  }

  note(text: string): void {
    this.#line(text);
  }

  end(): void {
    for (const [, [first = '', ...more]] of this.#unjudged) {
      if (more.length === 0) continue;
      const named = more.length > MOST_NAMED ? [...more.slice(0, MOST_NAMED), '…'] : more;
      this.#line(`${more.length} more could not be graded for the same reason as ${first}: ${named.join(', ')}`);
    }
    for (const same of Map.groupBy(this.#missing, ([, students]) => JSON.stringify(students)).values()) {
      const students = same[0]![1];
      const named = students.length > MOST_NAMED ? [...students.slice(0, MOST_NAMED), '…'] : students;
      const who = `${students.length > 1 ? `${students.length} students: ` : ''}${named.join(', ')}`;
      this.#line(`${same.map(([lab]) => lab).join(', ')}: not handed in by ${who}`);
    }
    if (this.#screen.isTTY) this.#screen.write(CLEAR_LINE);
  }

  /** Whether this reason was said already. */
  #isKnown(reason: string, lab: string): boolean {
    const labs = this.#unjudged.get(reason);
    if (labs === undefined) this.#unjudged.set(reason, [lab]);
    else labs.push(lab);
    return labs !== undefined;
  }

  #line(text: string): void {
    this.#screen.write(`${this.#screen.isTTY ? CLEAR_LINE : ''}${oneLine(text)}\n`);
    this.#status();
  }

  #status(): void {
    if (!this.#screen.isTTY || this.#active.size === 0) return;
    // The last column stays free: some terminals begin a new line there.
    const width = (this.#screen.columns?.() ?? USUAL_WIDTH) - 1;
    const left = this.#timeLeft();
    const end = left === '' ? '' : `  (${left})`;
    const active = `grading ${oneLine([...this.#active].join(', '))}`;
    this.#screen.write(`${CLEAR_LINE}${cut(active, Math.max(0, width - end.length))}${end}`);
  }

  /** By how long those took that are graded; empty as long as that says little. */
  #timeLeft(): string {
    const left = this.#toGrade - this.#graded;
    if (this.#graded < LEAST_DONE || left <= 0) return '';
    const seconds = ((this.#now() - this.#begun) / this.#graded / 1000) * left;
    return seconds < 90
      ? `about ${Math.max(10, Math.ceil(seconds / 10) * 10)} s left`
      : `about ${Math.round(seconds / 60)} min left`;
  }
}
