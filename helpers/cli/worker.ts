/** `npm run worker`: grades on this machine what `npm run grade -- --queue` puts into the queue on any machine. */
import path from 'node:path';
import { InfrastructureError, UsageError } from '../base/failure.ts';
import { loadCatalogue } from '../lab/catalogue.ts';
import { openHosts } from '../run/hosts.ts';
import { LocalGrader } from '../run/local-grader.ts';
import { runOptions, type RunOptions } from '../run/options.ts';
import { withoutPassword } from '../run/queue/address.ts';
import { versionOf } from '../run/queue/version.ts';
import { connect } from '../run/queue/redis.ts';
import { LabWorker } from '../run/queue/worker.ts';
import { say } from '../machine/setup/say.ts';
import { parsedArguments } from './arguments.ts';
import { endWith, EXIT } from './end.ts';
import { BARE, gradeOptions } from './options.ts';
import { readSubmission } from '../submission/submission.ts';
import { logToScreen } from './verbose.ts';

const USAGE = `usage: npm run worker -- --queue redis://HOST[:PORT] [options]

Grades what \`npm run grade -- --queue …\` hands in, until Ctrl-C: then it finishes the labs that it has begun. After
a second Ctrl-C other workers grade those.

  --queue URL          redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE], or rediss://… over TLS
  --jobs N             this many lab hosts at a time (two per core, with 2 GiB for each)
  --engine VERSION     as with npm run grade; a worker takes the labs of graders with the same
  --registry-mirror URL   as with npm run grade
  --images REGISTRY|DIR   as with npm run grade
  --egress none|build|all   as with npm run grade
  --runtime NAME       as with npm run grade
  --no-foreign-images  as with npm run grade; a worker takes the labs of graders with the same
  --labs DIR           a course's own topologies, as with npm run grade; may be given several times
  --verbose            as with npm run grade
  --help

exit codes: 0 you left, 2 wrong usage, 3 this machine is out of order`;

const SAME_QUESTION_MS = 1000;

/** A submission by which this machine is tested. A machine that works grades it quickly, with all points. */
const EXAMPLE = {
  lab: 'none-network',
  folder: path.resolve(import.meta.dirname, '../../submissions/example-good/none-network'),
};

const OPTIONS = {
  queue: { type: 'string' },
  jobs: { type: 'string' },
  engine: { type: 'string' },
  'registry-mirror': { type: 'string' },
  images: { type: 'string' },
  egress: { type: 'string' },
  runtime: { type: 'string' },
  'no-foreign-images': { type: 'boolean' },
  labs: { type: 'string', multiple: true },
  verbose: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

interface WorkerChoice {
  queue: string;
  /** The options by which it grades, on fresh machines. */
  run: RunOptions;
  verbose: boolean;
}

async function main(argv: string[]): Promise<number> {
  const options = optionsIn(argv);
  if (options === undefined) {
    console.log(USAGE);
    return EXIT.done;
  }
  if (options.verbose) logToScreen();
  const { queue, run } = options;
  const { jobs, engine, ownLabs, foreignImages } = run;
  const [catalogue, version] = await Promise.all([loadCatalogue(ownLabs), versionOf(engine, ownLabs, foreignImages)]);
  const redis = await connect(queue);
  await using grader = new LocalGrader(await openHosts(run, Number.POSITIVE_INFINITY), {
    live: false,
    jobs,
    ownLabs,
  });
  await using worker = await LabWorker.start(redis, {
    version,
    jobs,
    grade: async (lab, folder) => {
      const known = catalogue.get(lab);
      if (known === undefined) throw new InfrastructureError(`this worker has no lab "${lab}"`);
      return grader.gradeSubmission(known, await readSubmission(folder));
    },
    outOfOrder: async () => {
      say('several labs in a row could not be graded: checking whether this machine is the cause …');
      const { record } = await grader.gradeSubmission(
        catalogue.get(EXAMPLE.lab)!,
        await readSubmission(EXAMPLE.folder),
      );
      return record.status === 'graded' ? undefined : (record.message ?? record.status);
    },
    done: ({ student, lab }, { record }, final) => {
      const outcome = record.status === 'graded' ? `${record.score}/${record.maxScore}` : record.status;
      const next = final ? '' : ', to be tried once more';
      say(`${student}  ${lab}  ${outcome}${next}  ${(record.durationMs / 1000).toFixed(1)} s`);
    },
  });
  say(`waiting for labs at ${withoutPassword(queue)}, ${jobs} at a time (${version.about}); Ctrl-C ends`);
  const why = await Promise.race([worker.outOfOrder, left()]);
  if (why === undefined) return EXIT.done;
  say(`this machine is out of order, and takes no more labs: ${why}`);
  return EXIT.infrastructure;
}

function optionsIn(argv: string[]): WorkerChoice | undefined {
  const {
    queue,
    verbose = false,
    help,
    ...given
  } = parsedArguments({ args: argv, options: OPTIONS }, USAGE, BARE).values;
  if (help === true) return undefined;
  if (queue === undefined) throw new UsageError(`say where the queue is, with --queue\n\n${USAGE}`);
  withoutPassword(queue);
  return { queue, run: runOptions(gradeOptions(given)), verbose };
}

/** Resolves at the first Ctrl-C (or SIGTERM); at the second, the process ends at once. */
function left(): Promise<undefined> {
  return new Promise((resolve) => {
    let asked: number | undefined;
    const leave = (signal: NodeJS.Signals): void => {
      // One Ctrl-C sends the signal twice: from the terminal and from npm.
      if (asked !== undefined && performance.now() - asked < SAME_QUESTION_MS) return;
      if (asked !== undefined) process.exit(signal === 'SIGINT' ? 130 : 143);
      asked = performance.now();
      say('finishing the labs that have begun; Ctrl-C once more ends at once …');
      resolve(undefined);
    };
    process.on('SIGINT', leave).on('SIGTERM', leave);
  });
}

await endWith(main);
