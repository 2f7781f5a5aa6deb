/** Shows on standard error what a run is doing: a line for each finished lab, and in a terminal also a line that is updated. */
import type { Progress } from '../run/run.ts';
import type { LabRecord } from '../report/record.ts';
import { inert } from '../report/terminal.ts';

export interface ProgressScreen {
  isTTY: boolean;
  write(text: string): void;
}

const CLEAR_LINE = '\r\u001b[2K';

export class ProgressLines implements Progress {
  readonly #screen: ProgressScreen;
  readonly #total: number;
  readonly #shown: (record: LabRecord) => LabRecord;
  readonly #active = new Set<string>();
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
    const outcome = record.status === 'graded' ? `${record.score}/${record.maxScore}` : record.status;
    const message = record.status === 'graded' ? '' : `: ${record.message ?? ''}`;
    this.#line(
      `[${this.#done}/${this.#total}] ${student}  ${record.lab}  ${outcome}  ${(record.durationMs / 1000).toFixed(1)} s${message}`,
    );
  }

  kept(student: string): void {
    this.#line(`${student}  kept from the last run, which was not completed`);
  }

  end(): void {
    if (this.#screen.isTTY) this.#screen.write(CLEAR_LINE);
  }

  #line(text: string): void {
    this.#screen.write(`${this.#screen.isTTY ? CLEAR_LINE : ''}${inert(text)}\n`);
    this.#status();
  }

  #status(): void {
    if (!this.#screen.isTTY || this.#active.size === 0) return;
    const active = inert([...this.#active].join(', '));
    this.#screen.write(`${CLEAR_LINE}grading ${active.length > 60 ? `${active.slice(0, 60)}…` : active}`);
  }
}
