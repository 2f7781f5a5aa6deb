/**
 * Our own overhead: from the command to the first deployment, and the processor time of all that is neither Docker nor a
 * student's container.
 */
import { UsageError } from '../helpers/base/failure.ts';
import { Class } from './lib/class.ts';
import { goal, heading, line, load, median, percent, seconds } from './lib/figures.ts';
import { benchOptions } from './lib/options.ts';
import { prepared } from './lib/prepared.ts';
import { watchRun, type WatchedRun } from './lib/watched-run.ts';

export async function run(): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new UsageError('overhead counts processor time by cgroups of its own: run it as root');
  const { rounds } = benchOptions();
  const { docker } = await prepared();
  using one = new Class(1);
  const runs: WatchedRun[] = [];
  for (let round = 0; round <= rounds; round++) {
    const seen = await watchRun(docker, one.command(1));
    if (round > 0) runs.push(seen); // the first fills caches
    console.error(`  ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}: ${seconds(seen.ended)}`);
  }
  printTimes(runs);
  printShares(runs.map(sharesOf));
}

function printTimes(runs: WatchedRun[]): void {
  const of = (figure: (run: WatchedRun) => number): number => median(runs.map(figure));
  heading(`From the command to the first deployment (medians; ${load()})`);
  line('until the first lab host is asked for', seconds(of(({ asked }) => asked)));
  line('until it has booted and has the submission', seconds(of(({ asked, deploys }) => deploys - asked)));
  const deploys = of((run) => run.deploys);
  goal('both', seconds(deploys), '< 0.7 s', deploys < 700);
}

/** Milliseconds of processor time of one run. */
interface Shares {
  grader: number;
  boot: number;
  agent: number;
  containers: number;
  labEngine: number;
  engine: number;
}

function sharesOf({ grader, hosts, engine }: WatchedRun): Shares {
  const sum = (figure: 'boot' | 'agent' | 'containers' | 'engine'): number =>
    hosts.reduce((total, host) => total + host[figure], 0);
  return {
    grader,
    agent: sum('agent'),
    boot: sum('boot'),
    containers: sum('containers'),
    labEngine: sum('engine'),
    engine,
  };
}

function printShares(runs: Shares[]): void {
  const of = (figure: keyof Shares): string => seconds(median(runs.map((run) => run[figure])));
  heading('Processor time of one run (medians)');
  line('npm, grader and judge', of('grader'));
  line('probe agent and nameserver on the lab host', of('agent'));
  line('the lab host until its engine starts', of('boot'));
  line('the lab host’s engine, with Compose and builds', of('labEngine'));
  line('the student’s containers', of('containers'));
  line('this machine’s engine', of('engine'), 'with what others do on it meanwhile');
  const ours = (run: Shares): number => run.grader + run.agent + run.boot;
  const lab = (run: Shares): number => ours(run) + run.labEngine + run.containers;
  const share = median(runs.map((run) => ours(run) / (lab(run) + run.engine)));
  const strict = median(runs.map((run) => ours(run) / lab(run)));
  goal('the first three, of all', percent(share), '< 15 %', share < 0.15);
  line('the first three, without this machine’s engine', percent(strict));
}
