/**
 * Whether the cost of a student grows with the class: two submissions are graded really, then their records are repeated
 * for classes of up to 500, and everything of a run but the grading is measured, with all report formats.
 */
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BROKEN, Class } from './lib/class.ts';
import { start, succeed } from './lib/command.ts';
import { goal, heading, line, load, mebibytes, times } from './lib/figures.ts';
import { prepared } from './lib/prepared.ts';
import type { Simulated } from './lib/simulated-class.ts';

const SIZES = [50, 100, 200, 500];
/** One more student may cost so many times as much in a large class as in a small one. */
const LINEAR = 1.25;

export async function run(): Promise<void> {
  await prepared();
  using real = new Class(2);
  await gradeReally(real);
  const file = path.join(real.reports, 'recorded.json');
  writeFileSync(file, JSON.stringify(real.students.map((student) => real.record(student))));
  const program = path.join(import.meta.dirname, 'lib/simulated-class.ts');
  const measured: Simulated[] = [];
  for (const size of [SIZES[0]!, ...SIZES]) {
    const argv = [process.execPath, '--disable-warning=ExperimentalWarning', program, file, String(size)];
    measured.push(JSON.parse(await succeed(argv)) as Simulated);
  }
  print(measured.slice(1)); // the first fills caches
}

/** One good submission, one that breaks some rules. */
async function gradeReally(two: Class): Promise<void> {
  const broken = two.submissionOf(two.students[1]!);
  rmSync(broken, { recursive: true });
  cpSync(BROKEN, broken, { recursive: true });
  const { status, output } = await start(two.command(2)).ended;
  if (status !== 1) throw new Error(`one of two should have failed some rules; exit ${String(status)}:\n${output}`);
}

function print(measured: Simulated[]): void {
  const sizes = measured.map(({ students }) => String(students).padStart(6)).join(' ');
  heading(`Processor milliseconds for each student of a class (${load()})`);
  line('students', '', sizes);
  for (const [what, cost] of costs(measured[0]!)) {
    const each = measured.map((of) => (cost(of) / of.students).toFixed(2).padStart(6)).join(' ');
    // What costs next to nothing cannot be said to grow.
    const grows = growth(measured, cost) > LINEAR && cost(measured.at(-1)!) > measured.at(-1)!.students;
    line(what, '', `${each}${grows ? `   not linear: ${times(growth(measured, cost))}` : ''}`);
  }
  line('memory, at the most', '', measured.map(({ peak }) => mebibytes(peak)).join(', '));
  const reached = growth(measured, costs(measured[0]!).get(ALL)!);
  heading('Ratio');
  goal('one more in the largest class / in the smallest', times(reached), `≤ ${LINEAR}×`, reached <= LINEAR);
}

const ALL = 'all of it';

function costs({ formats }: Simulated): Map<string, (of: Simulated) => number> {
  const rows = new Map<string, (of: Simulated) => number>([['the run, without grading', ({ run }) => run]]);
  for (const name of Object.keys(formats)) rows.set(`--format ${name}`, (of) => of.formats[name] ?? NaN);
  return rows.set(ALL, (of) => Object.values(of.formats).reduce((sum, ms) => sum + ms, of.run));
}

/**
 * What one more student costs between the largest two classes, beside what one more costs between the smallest and the
 * third: what a run costs whatever its size is in neither.
 */
function growth(measured: Simulated[], cost: (of: Simulated) => number): number {
  const oneMore = (from: Simulated, to: Simulated): number => (cost(to) - cost(from)) / (to.students - from.students);
  const [small, , middle, large] = measured as [Simulated, Simulated, Simulated, Simulated];
  return oneMore(middle, large) / oneMore(small, middle);
}
