/** Processes of a grader that a test has started, by their exact ids. */
import { readdirSync, readFileSync } from 'node:fs';
import { until } from '../../../helpers/base/wait.ts';

const STARTED_MS = 30_000;

/** The judge process of a grader. @param not One that has ended. */
export async function judgeOf(grader: number | undefined, not?: number): Promise<number> {
  const pid = await until(STARTED_MS, () =>
    Promise.resolve(childrenOf(grader).find((each) => each !== not && isJudge(each))),
  );
  if (pid === undefined) throw new Error(`no judge process of ${String(grader)} within ${STARTED_MS} ms`);
  return pid;
}

function childrenOf(parent: number | undefined): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((pid) => parentOf(pid) === parent);
}

/** proc(5): field 4 of stat; the name before it may hold anything. */
function parentOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat === '' ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function isJudge(pid: number): boolean {
  return read(`/proc/${pid}/cmdline`).includes('judge-process.ts');
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}
