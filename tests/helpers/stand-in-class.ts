/** A class whose labs are graded at once, by a stand-in: for tests of what a run writes, and of what the next one makes of it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { definition as another } from '../../specs/default-bridge.lab.ts';
import { definition } from '../../specs/none-network.lab.ts';
import type { GradableLab } from '../../helpers/lab/catalogue.ts';
import type { LabRecord, StudentRecord } from '../../helpers/report/record.ts';
import { failedLab, ungradedLab } from '../../helpers/report/recording.ts';
import { catalogueRubric } from '../../helpers/report/rubric/rubric.ts';
import type { Summary } from '../../helpers/report/summary.ts';
import { gradeAll, type LabGrader, type RunPlan, type RunResult } from '../../helpers/run/run.ts';

export const LAB = { ...definition, machines: 1 } as unknown as GradableLab;
export const OTHER = { ...another, machines: 1 } as unknown as GradableLab;
export const NAMES = ['alice', 'bob', 'carol', 'dora'];

/** Grades at once, and notes whom. */
export class Grader implements LabGrader {
  readonly live = false;
  readonly jobs = 1;
  readonly graded: string[] = [];
  readonly #ends: number;
  #held!: () => void;
  /** When it has begun with one that it will never end. */
  readonly held = new Promise<void>((resolve) => {
    this.#held = resolve;
  });

  constructor(ends = Infinity) {
    this.#ends = ends;
  }

  grade({ student, lab }: { student: { name: string }; lab: GradableLab }) {
    if (this.graded.length === this.#ends) {
      this.#held();
      return new Promise<never>(() => undefined);
    }
    this.graded.push(student.name);
    return Promise.resolve({ record: ungradedLab(lab, 'invalid', `it is ${student.name}'s`) });
  }
}

/** Nothing can be graded. */
export class Broken extends Grader {
  override grade({ lab }: { student: { name: string }; lab: GradableLab }) {
    return Promise.resolve({ record: failedLab(lab, 'the engine died', 1) }) as ReturnType<Grader['grade']>;
  }
}

export class StandInClass implements Disposable {
  readonly root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-run-'));
  readonly plan: RunPlan;
  /** What the runs have said. */
  readonly notes: string[] = [];
  /** How many labs the last run kept. */
  kept = 0;

  constructor() {
    const students = NAMES.map((name) => {
      const folder = path.join(this.root, 'submissions', name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, 'run.sh'), name);
      const labs = new Map([LAB, OTHER].map((lab) => [lab.name, folder]));
      return { name, labs, unknown: [] };
    });
    this.plan = {
      students,
      labs: [LAB],
      rubric: catalogueRubric([OTHER, LAB]),
      out: path.join(this.root, 'reports'),
      on: 'a test',
      program: 'the first',
      again: false,
    };
  }

  run(grader: LabGrader = new Grader(), changes: Partial<RunPlan> = {}): Promise<RunResult> {
    return gradeAll({ ...this.plan, ...changes }, grader, {
      started: () => undefined,
      finished: () => undefined,
      kept: (labs) => (this.kept = labs),
      note: (text) => this.notes.push(text),
    });
  }

  /**
   * Grades to the end.
   *
   * @returns whom the run graded.
   * @throws when the run has not one record for each student, in the plan's order.
   */
  async gradedBy(changes: Partial<RunPlan> = {}): Promise<string[]> {
    const grader = new Grader();
    const { records } = await this.run(grader, changes);
    const [wanted, got] = [changes.students ?? this.plan.students, records.map(({ student }) => student)];
    if (got.join() !== wanted.map(({ name }) => name).join()) throw new Error(`there are records of ${got.join(', ')}`);
    return grader.graded;
  }

  /** Begins a run that is killed after so many students. */
  async killedAfter(students: number): Promise<void> {
    const grader = new Grader(students);
    void this.run(grader, { again: true });
    await grader.held;
  }

  inFolder(file: string): unknown {
    return JSON.parse(readFileSync(path.join(this.plan.out, file), 'utf8'));
  }

  recordOf(student: string): StudentRecord {
    return this.inFolder(`${student}.json`) as StudentRecord;
  }

  labsOf(student: string): LabRecord[] {
    return this.recordOf(student).labs;
  }

  get summary(): Summary {
    return this.inFolder('summary.json') as Summary;
  }

  /** The lines of gradebook.csv. */
  get gradebook(): string[] {
    return readFileSync(path.join(this.plan.out, 'gradebook.csv'), 'utf8').trim().split('\r\n');
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true });
  }
}
