/**
 * A class: how many submissions a minute are graded, with so many at a time, beside how many the machine deploys and
 * removes in the same fresh lab hosts, as many at a time, without judging anything.
 */
import { deploy } from '../helpers/deploy/deploy.ts';
import { deploymentOf } from '../helpers/submission/deployment.ts';
import { Class, LAB } from './lib/class.ts';
import { succeed } from './lib/command.ts';
import { goal, heading, line, load, percent, seconds } from './lib/figures.ts';
import { benchOptions } from './lib/options.ts';
import { freshHosts, prepared, type Prepared } from './lib/prepared.ts';
import { timed } from './lib/rounds.ts';
import { readSubmission } from '../helpers/submission/submission.ts';

/** Of what the machine can deploy and remove. */
const GOAL = 0.7;

interface Measured {
  jobs: number;
  /** Milliseconds for all of them. */
  graded: number;
  deployed: number;
}

export async function run(): Promise<void> {
  const { students, jobs: numbers } = benchOptions();
  const from = await prepared();
  using all = new Class(students);
  // Fills caches.
  await succeed(all.command(1, all.students.slice(0, 1)));
  const measured: Measured[] = [];
  for (const jobs of numbers) {
    const deployed = await timed(() => deployAndRemove(from, all, jobs));
    console.error(`  ${jobs} at a time: deployed and removed in ${seconds(deployed)}`);
    const graded = await timed(() => succeed(all.command(jobs)));
    console.error(`  ${jobs} at a time: graded in ${seconds(graded)}`);
    measured.push({ jobs, graded, deployed });
  }
  print(students, measured);
}

/** Every submission on a fresh lab host, some at a time; ends when the last lab host is gone. */
async function deployAndRemove(from: Prepared, all: Class, jobs: number): Promise<void> {
  await using hosts = freshHosts(from, all.students.length);
  const waiting = [...all.students];
  const work = async (): Promise<void> => {
    for (let student = waiting.shift(); student !== undefined; student = waiting.shift()) {
      const submission = await readSubmission(all.submissionOf(student));
      const deployment = deploymentOf(submission);
      if (deployment.how === 'none') throw new Error(deployment.reason);
      const host = await hosts.take();
      const { exitCode, output } = await deploy(host, deployment, submission, LAB);
      hosts.release(host);
      if (exitCode !== 0) throw new Error(`the submission was not deployed:\n${output}`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
}

function print(students: number, measured: Measured[]): void {
  const perMinute = (ms: number): string => `${((students * 60_000) / ms).toFixed(1)}/min`;
  heading(`A class of ${students} submissions of ${LAB} (${load()})`);
  for (const { jobs, graded, deployed } of measured) {
    line(`deployed and removed, ${jobs} at a time`, perMinute(deployed), `${seconds(deployed)} in all`);
    line(`graded, ${jobs} at a time`, perMinute(graded), `${seconds(graded)} in all`);
  }
  heading('Ratios');
  for (const { jobs, graded, deployed } of measured) line(`${jobs} at a time`, percent(deployed / graded));
  const best = (figure: 'graded' | 'deployed'): number => Math.min(...measured.map((each) => each[figure]));
  const reached = best('deployed') / best('graded');
  goal('graded of deployed, each at its best', percent(reached), `≥ ${percent(GOAL)}`, reached >= GOAL);
}
