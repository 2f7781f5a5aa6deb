/**
 * Three students, graded one after the other: anna is graded when the fault comes, bert is in the middle of it, carl
 * waits. Bert's script holds until the test lets it go on, so that "in the middle" is no matter of luck.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LabRecord, StudentRecord } from '../../../helpers/report/record.ts';
import type { Summary } from '../../../helpers/report/summary.ts';
import { until } from '../../../helpers/base/wait.ts';
import { labHostsOf } from '../engine.ts';
import { grade, startGrading, workspace, type Run, type RunningGrader, type Workspace } from '../grade.ts';

export const LAB = 'none-network';
export const STUDENTS = ['anna', 'bert', 'carl'];
export const SCRIPT = `docker run -dit --network none --name isolated alpine ash
while [ -e hold ]; do sleep 0.1; done
`;
const HELD = `/home/student/${LAB}/hold`;
const HELD_MS = 90_000;
const LOOK_MS = 5_000;

export interface SceneOptions {
  /** Where reports go, if not into the workspace. */
  out?: string;
  /** Somebody else's. */
  place?: Workspace;
  students?: string[];
}

export class Scene implements Disposable {
  readonly place: Workspace;
  readonly #isOurs: boolean;
  readonly args: string[];

  constructor({ out, place, students = STUDENTS }: SceneOptions = {}) {
    this.place = place ?? workspace();
    this.#isOurs = place === undefined;
    if (out !== undefined) this.place.out = out;
    const { submissions } = this.place;
    this.args = ['--submissions', submissions, '--out', this.place.out, '--lab', LAB, '--jobs', '1'];
    for (const student of students) this.handIn(student, SCRIPT, student === 'bert' ? { hold: '' } : {});
  }

  /** All three have been graded; then bert's script holds again. */
  static async finished(): Promise<Scene> {
    const scene = new Scene();
    const { exitCode, stderr } = await scene.next();
    if (exitCode !== 0) throw new Error(`not everybody was graded: ${stderr}`);
    scene.handIn('bert', SCRIPT, { hold: '' });
    return scene;
  }

  handIn(student: string, script: string, files: Record<string, string> = {}, lab = LAB): void {
    const folder = path.join(this.place.submissions, student, lab);
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries({ 'run.sh': script, ...files }))
      writeFileSync(path.join(folder, file), text);
  }

  start(env: Record<string, string> = {}, ...more: string[]): RunningGrader {
    return startGrading([...this.args, ...more], env);
  }

  /** Waits for bert's lab host: his container runs there, and his script holds. */
  async held(grader: RunningGrader): Promise<string> {
    const host = await until(HELD_MS, async () => {
      if (grader.process.exitCode !== null) throw new Error(`the grader ended before: ${grader.printed.stderr}`);
      const hosts = await labHostsOf(grader.process.pid, false);
      for (const id of hosts) if (await inLabHost(id, `[ -e ${HELD} ] && [ -n "$(docker ps --quiet)" ]`)) return id;
      return undefined;
    });
    if (host === undefined) throw new Error(`no lab host held within ${HELD_MS} ms: ${grader.printed.stderr}`);
    return host;
  }

  async letGo(host: string): Promise<void> {
    if (!(await inLabHost(host, `rm ${HELD}`))) throw new Error('bert’s script could not be let go on');
  }

  /** Hands in bert's lab without what makes his script hold. */
  neverHold(): void {
    rmSync(path.join(this.place.submissions, 'bert', LAB, 'hold'), { force: true });
  }

  /** Grades what is missing, with nothing in the way. */
  async next(...more: string[]): Promise<Run> {
    this.neverHold();
    return grade([...this.args, ...more]);
  }

  /** A student's record as it stands on the disk. */
  text(student: string): string | undefined {
    const file = path.join(this.place.out, `${student}.json`);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  lab(student: string): LabRecord | undefined {
    const text = this.text(student);
    return text === undefined ? undefined : (JSON.parse(text) as StudentRecord).labs.find(({ lab }) => lab === LAB);
  }

  /** In the words of the table. */
  becomes(student: string): string {
    const lab = this.lab(student);
    if (lab === undefined) return 'no record';
    return lab.status === 'graded' ? String(lab.score) : lab.status;
  }

  /** What the class's files say otherwise than the records on the disk. */
  misbooked(): string[] {
    const { out } = this.place;
    const records = STUDENTS.flatMap((student) => {
      const text = this.text(student);
      return text === undefined ? [] : [JSON.parse(text) as StudentRecord];
    });
    const summary = JSON.parse(readFileSync(path.join(out, 'summary.json'), 'utf8')) as Summary;
    const texts = ['gradebook.csv', 'index.html'].map((file) => readFileSync(path.join(out, file), 'utf8'));
    return records.flatMap(({ student, score, maxScore }) => [
      ...(summary.students.some((each) => each.student === student && each.score === score)
        ? []
        : [`summary: ${student}`]),
      // Without a total, if another lab of the class was not graded.
      ...(new RegExp(`^${student},.*,(?:${score})?,${maxScore}\\r?$`, 'm').test(texts[0]!)
        ? []
        : [`gradebook: ${student}`]),
      ...(texts[1]!.includes(student) ? [] : [`index.html: ${student}`]),
    ]);
  }

  /** Files of the reports that are no whole JSON, or not finished, and the lock of a run that has ended. */
  unfinished(): string[] {
    if (!existsSync(this.place.out)) return [];
    const isWhole = (file: string): boolean => {
      try {
        JSON.parse(readFileSync(path.join(this.place.out, file), 'utf8'));
        return true;
      } catch {
        return false;
      }
    };
    return readdirSync(this.place.out).filter((file) =>
      file.endsWith('.json') ? !isWhole(file) : file.endsWith('.tmp') || file.startsWith('.in-use'),
    );
  }

  [Symbol.dispose](): void {
    if (this.#isOurs) this.place[Symbol.dispose]();
  }
}

/** @returns whether a script ended well on a lab host. Never synchronously: an engine’s door may be in this process. */
export function inLabHost(id: string, script: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('docker', ['exec', id, 'sh', '-c', script], { timeout: LOOK_MS }, (error) => {
      resolve(error === null);
    });
  });
}
