/**
 * Shows on standard error what a run is doing: a line for each finished lab, and in a terminal also a line that is updated.
 * When many labs cannot be graded for one reason (the engine went away), the reason is said once.
 */
import type { Progress } from '../run/run.ts';
import type { LabRecord } from '../report/record.ts';
import { inert, oneLine } from '../base/inert.ts';

export interface ProgressScreen {
  isTTY: boolean;
  write(text: string): void;
}

const CLEAR_LINE = '\r\u001b[2K';

/** How many of the labs that could not be graded for one reason are named. */
const MOST_NAMED = 5;

export class ProgressLines implements Progress {
  readonly #screen: ProgressScreen;
  readonly #total: number;
  readonly #shown: (record: LabRecord) => LabRecord;
  readonly #active = new Set<string>();
  /** The labs that could not be graded, by the reason. */
  readonly #unjudged = new Map<string, string[]>();
  #done = 0;

  /** @param shown Reduces a record to what students may see, because they may read this output, too. */
  constructor(screen: ProgressScreen, total: number, shown: (record: LabRecord) => LabRecord) {
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

  note(text: string): void {
    this.#line(text);
  }

  end(): void {
    for (const [, [first = '', ...more]] of this.#unjudged) {
      if (more.length === 0) continue;
      const named = more.length > MOST_NAMED ? [...more.slice(0, MOST_NAMED), '…'] : more;
      this.#line(`${more.length} more could not be graded for the same reason as ${first}: ${named.join(', ')}`);
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
    const active = inert([...this.#active].join(', '));
    this.#screen.write(`${CLEAR_LINE}grading ${active.length > 60 ? `${active.slice(0, 60)}…` : active}`);
  }
}
