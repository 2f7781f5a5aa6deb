/** `npm run self-test`: watches the student's own Docker, and shows which rules pass while they work on them. */
import { reasonOf, UsageError } from '../base/failure.ts';
import { loadCatalogue, type GradableLab } from '../lab/catalogue.ts';
import { Judge } from '../judge/judge.ts';
import { say } from '../machine/setup/say.ts';
import { liveDeployment } from '../submission/deployment.ts';
import { readSubmission } from '../submission/submission.ts';
import { wantedBy } from '../run/grade-lab.ts';
import type { Student } from '../submission/find.ts';
import { guessedLab } from '../run/watch/guess.ts';
import type { WatchedLab } from '../run/watch/rejudge.ts';
import { Shown } from '../run/watch/shown.ts';
import { unseen, type WatchState } from '../run/watch/state.ts';
import { watch, type Engine, type Watch, type Watched } from '../run/watch/watch.ts';
import { parsedArguments } from './arguments.ts';
import { endWith, EXIT } from './end.ts';
import { openHosts } from '../run/hosts.ts';
import { parseOptions, type Options } from './options.ts';
import { commandForTheRest, keptByNpm, withPlainLabs } from './self-test-arguments.ts';
import { logToFile } from './verbose.ts';
import { findWork } from '../run/work.ts';

const USAGE = `usage: npm run self-test -- [LAB …] [student] [options]

Watches what runs in Docker, changes nothing, and shows which rules pass; Ctrl-C leaves. Without a lab, it is guessed from
what runs.

  --lab LAB            the same as LAB: what you are working on; may be given several times
  --labs DIR           a folder with the course's own topologies, <lab>.yaml; may be given several times
  --host local         this machine's Docker (default)
  --host ssh://USER@HOST[:PORT]   a remote machine's
  --accept-host-key    trust a remote machine that known_hosts does not have, for this run
  --restore            first put back, without asking, what a run of \`npm run grade -- --live --allow-disturb\` changed
                       before it was killed
  --submissions DIR    where your files are, for roles of submission.yaml and answers
  --student NAME       whose they are, when DIR is a single submission
  --verbose            write what is asked of Docker into a file; its name is said at the end
  --help

exit codes: 0 you left, 2 wrong usage, 3 Docker cannot be reached, or is gone for good`;

/** The options of `npm run grade` that are allowed here; see options.ts. */
const OPTIONS = {
  lab: { type: 'string', multiple: true },
  labs: { type: 'string', multiple: true },
  host: { type: 'string' },
  'accept-host-key': { type: 'boolean' },
  restore: { type: 'boolean' },
  submissions: { type: 'string' },
  student: { type: 'string' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What the container is called from which self-test looks: `docker ps` shows it. */
const PROBE_NAME = 'netgrade-self-test';

const LEAVING: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

async function main(argv: string[]): Promise<number> {
  const options = selfTestOptions(argv);
  if (options === undefined) {
    console.log(USAGE);
    return EXIT.done;
  }
  if (!options.verbose) return selfTest(options);
  using logged = logToFile();
  try {
    return await selfTest(options);
  } finally {
    console.error(`netgrade: what was asked of Docker is in ${logged.file}`);
  }
}

async function selfTest(typed: Options): Promise<number> {
  const catalogue = await loadCatalogue(typed.ownLabs);
  const options = withPlainLabs(typed, [...catalogue.keys()]);
  const isNamed = options.labs.length > 0 || options.students.length > 0 || options.submissionsGiven;
  await watchUntilLeft(
    options,
    isNamed ? await named(options, catalogue) : (engine) => guessed(options, catalogue, engine),
  );
  return EXIT.done;
}

async function named(options: Options, catalogue: Map<string, GradableLab>): Promise<Watched> {
  const work = await findWork(options, catalogue);
  const [student] = work.students;
  if (student === undefined) throw new UsageError('there is nothing to watch: name the lab');
  const running = work.labs.filter(({ machines }) => machines !== 0);
  if (running.length === 0)
    throw new UsageError(
      `nothing runs for ${work.labs.map(({ name }) => name).join(', ')} that could be watched: only answers are handed in`,
    );
  const labs = await Promise.all(running.map((lab) => watchedLab(lab, student)));
  return { labs, rest: commandForTheRest(options, running) };
}

async function guessed(
  options: Options,
  catalogue: Map<string, GradableLab>,
  { host, events, tell }: Engine,
): Promise<Watched> {
  const possible = [...catalogue.values()].filter(({ machines = 1 }) => machines === 1);
  const { lab, because } = await guessedLab(host, events, possible, tell);
  const watched = await watchedLab(lab, { name: '', labs: new Map(), unknown: [] });
  return {
    labs: [watched],
    rest: commandForTheRest(options, [lab]),
    guessed: `It seems to be ${lab.name}, by ${because}. Another one: npm run self-test -- LAB`,
  };
}

/** The options of `grade --live`. */
function selfTestOptions(argv: string[]): Options | undefined {
  if (argv.includes('--allow-disturb'))
    throw new UsageError(
      'self-test changes nothing on the machine, so it takes no --allow-disturb; `npm run grade -- --live --allow-disturb` judges the rest, once',
    );
  const { values } = parsedArguments({ args: argv, allowPositionals: true, options: OPTIONS }, USAGE);
  if (values.help === true) return undefined;
  if (values.host === 'disposable')
    throw new UsageError('self-test watches a machine that is there: use --host local or --host ssh://…');
  const kept = keptByNpm(process.env);
  if (kept.length > 0) say(`npm kept --lab for itself; it was meant: npm run self-test -- ${kept.join(' ')}`);
  return parseOptions(['--host', 'local', '--live', ...kept.map((lab) => `--lab=${lab}`), ...argv]);
}

async function watchedLab(lab: GradableLab, student: Student): Promise<WatchedLab> {
  const folder = student.labs.get(lab.name);
  const deployment = liveDeployment(folder === undefined ? undefined : await readSubmission(folder), wantedBy(lab));
  if (deployment.how === 'none') throw new UsageError(deployment.reason);
  return { lab, folder, deployment };
}

async function watchUntilLeft(options: Options, watched: Watch['watched']): Promise<void> {
  using judge = new Judge();
  if (typeof watched !== 'function') judge.getReady(watched.labs[0]!.lab); // while the engine is asked
  await using hosts = await openHosts(options, 1, PROBE_NAME);
  const leaving = new AbortController();
  const leave = (): void => {
    leaving.abort();
  };
  // Not `once`, because one Ctrl-C sends the signal twice: from the terminal and from npm.
  for (const signal of LEAVING) process.on(signal, leave);
  process.stdout.on('error', leave); // the terminal, or the program that reads the pipe, is gone
  const where = options.host.kind === 'ssh' ? options.host.url : 'this machine';
  using shown = new Shown(process, unseen([], where), leave);
  const show = (state: WatchState): void => {
    if (!leaving.signal.aborted) shown.show(state);
  };
  try {
    await watch({ hosts, judge, watched, where, show, leaving: leaving.signal });
    shown.end('You have left self-test.');
  } catch (error) {
    shown.end(`Self-test has ended: ${reasonOf(error)}.`);
    throw error;
  }
}

await endWith(main);
