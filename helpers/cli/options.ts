/** The command line of `npm run grade`. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import os from 'node:os';
import { UsageError } from '../base/failure.ts';
import { roomFor } from '../machine/lab-host/disposable/bounds.ts';
import { FORMATS } from '../report/formats/chosen.ts';
import { withoutPassword } from '../run/queue/address.ts';
import { DEFAULT_GENERATION, GENERATIONS, type Generation } from '../machine/setup/generations.ts';
import { number, oneOf } from './values.ts';

/** Which machines are graded on. */
export type HostChoice = { kind: 'disposable' } | { kind: 'local' } | { kind: 'ssh'; url: string };

export interface Options {
  students: string[];
  labs: string[];
  /** Folders with topologies of the course's own. */
  ownLabs: string[];
  /** The rubric's file, if it was named. */
  rubric?: string;
  /** A folder of reports: nothing is graded, its records are scored again. */
  rescore?: string;
  submissions: string;
  /** Whether the user said where they are. */
  submissionsGiven: boolean;
  out: string;
  jobs: number;
  /** The Redis whose workers grade, instead of this machine. */
  queue?: string;
  engine: Generation;
  /** What the lab hosts' engines ask before Docker Hub: a URL. */
  registryMirror?: string;
  /** Whether what a submission starts on a fresh machine gets out to the network. */
  egress: boolean;
  /** What runs fresh machines, instead of the engine's default container runtime. */
  runtime?: string;
  /** Whether submissions may use images that are not the course's own. */
  foreignImages: boolean;
  host: HostChoice;
  /** Nothing is deployed: what runs on the host is graded. */
  live: boolean;
  allowDisturb: boolean;
  acceptHostKey: boolean;
  /** Names of report formats. */
  formats: string[];
  /** Files that a learning platform exported. */
  rosters: string[];
  minScore?: number;
  student?: string;
  details: boolean;
  /** Print where the time went. */
  timings: boolean;
  /** Log what is asked of engines and agents. */
  verbose: boolean;
  /** Leave the lab hosts running. */
  keep: boolean;
}

export const USAGE = `usage: npm run grade -- [student …] [options]

  --lab LAB            grade this lab only; may be given several times
  --labs DIR           a folder with the course's own topologies, <lab>.yaml, and its rubric.yaml; may be given
                       several times
  --rubric FILE        points, due dates, hints and what students may see (rubric.yaml of --labs)
  --rescore DIR        grade nothing: score the records in DIR by another rubric, and say who gains and loses what
  --submissions DIR    where the submissions are (submissions)
  --student NAME       whose submission it is, when DIR is a single one
  --out DIR            where reports are written (reports; with --rescore, where they are)
  --jobs N             this many lab hosts at a time (two per core, with 2 GiB for each)
  --queue redis://HOST[:PORT]     let workers grade, on as many machines as you like: npm run worker -- --queue …
  --host disposable    a fresh machine per lab of each student (default)
  --host local         this machine's Docker: the submission's commands run here, as you
  --host ssh://USER@HOST[:PORT]   a remote machine's
  --accept-host-key    trust a remote machine that known_hosts does not have, for this run
  --live               deploy nothing: grade what runs on the host, and change nothing there
  --allow-disturb      with --live: pause, restart and readdress what runs, for the rules that need it
  --engine VERSION     the lab hosts' Docker Engine: ${GENERATIONS.join(', ')} (${DEFAULT_GENERATION})
  --registry-mirror URL   what lab hosts ask for images before Docker Hub, http(s)://HOST[:PORT]
  --egress             let what submissions start get out to the network (not even names are resolved otherwise)
  --runtime NAME       the container runtime that runs lab hosts, of those that this machine’s engine knows
  --no-foreign-images  submissions may use and build on the course's own images only
  --format NAME,…      report formats (json,html); json, gradebook.csv and summary.json are always written:
${Object.entries(FORMATS)
  .map(([name, { about }]) => `                         ${name.padEnd(13)}${about}`)
  .join('\n')}
  --roster FILE        a gradebook, grade export or worksheet of the learning platform, as CSV, for --format canvas or
                       moodle: it is filled in; may be given several times
  --min-score PERCENT  exit 1 when a graded student is below
  --details            every student's criteria in the terminal, however many students
  --timings            print where the time went, too, in a table for each lab
  --verbose            say on standard error what is asked of engines and probe agents, and how long it takes
  --keep               leave the lab host of each graded lab running, and say how to enter and remove it
  --help

exit codes: 0 graded, 1 below --min-score, 2 wrong usage, 3 something could not be graded, which is not the students' fault`;

const OF_RESCORING = ['rescore', 'rubric', 'labs', 'out', 'format', 'min-score', 'details', 'verbose'];

/** @returns undefined when only the usage was asked for. */
export function parseOptions(argv: string[]): Options | undefined {
  const { values, positionals } = parse(argv);
  if (values.help === true) return undefined;
  if (values.rescore !== undefined) refuseForRescoring(values, positionals);
  const host = hostOf(values.host ?? 'disposable');
  const live = values.live ?? false;
  if (values.queue !== undefined) refuseForQueue(values.queue, host, values.jobs);
  refuseElsewhere(values, host);
  if (values.keep === true) refuseToKeep(values, host);
  if (values['no-foreign-images'] === true && host.kind !== 'disposable')
    throw new UsageError(
      '--no-foreign-images is for fresh machines; it cannot be enforced on another machine’s engine',
    );
  if (live && host.kind === 'disposable')
    throw new UsageError('--live looks at what runs on a machine: say on which, with --host local or --host ssh://…');
  if (values['allow-disturb'] === true && !live)
    throw new UsageError('--allow-disturb goes with --live; what the grader deploys itself may always be disturbed');
  return {
    students: positionals,
    labs: values.lab ?? [],
    ownLabs: (values.labs ?? []).map((folder) => path.resolve(folder)),
    submissionsGiven: values.submissions !== undefined,
    submissions: path.resolve(values.submissions ?? 'submissions'),
    out: path.resolve(values.out ?? values.rescore ?? 'reports'),
    ...optional('rubric', resolved(values.rubric)),
    ...optional('rescore', resolved(values.rescore)),
    jobs: jobsOf(values.jobs),
    ...optional('queue', values.queue),
    host,
    live,
    allowDisturb: values['allow-disturb'] ?? false,
    acceptHostKey: values['accept-host-key'] ?? false,
    engine: engineOf(values.engine),
    ...optional('registryMirror', mirrorOf(values['registry-mirror'])),
    egress: values.egress ?? false,
    ...optional('runtime', values.runtime),
    foreignImages: values['no-foreign-images'] !== true,
    formats: (values.format ?? 'json,html').split(',').map((name) => oneOf('--format', name, Object.keys(FORMATS))),
    rosters: (values.roster ?? []).map((file) => path.resolve(file)),
    ...optional('minScore', number('--min-score', values['min-score'], { from: 0, to: 100, whole: false })),
    ...optional('student', values.student),
    details: values.details ?? false,
    timings: values.timings ?? false,
    verbose: values.verbose ?? false,
    keep: values.keep ?? false,
  };
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        lab: { type: 'string', multiple: true },
        labs: { type: 'string', multiple: true },
        rubric: { type: 'string' },
        rescore: { type: 'string' },
        submissions: { type: 'string' },
        student: { type: 'string' },
        out: { type: 'string' },
        jobs: { type: 'string' },
        queue: { type: 'string' },
        host: { type: 'string' },
        live: { type: 'boolean' },
        'allow-disturb': { type: 'boolean' },
        'accept-host-key': { type: 'boolean' },
        engine: { type: 'string' },
        'registry-mirror': { type: 'string' },
        egress: { type: 'boolean' },
        runtime: { type: 'string' },
        'no-foreign-images': { type: 'boolean' },
        format: { type: 'string' },
        roster: { type: 'string', multiple: true },
        'min-score': { type: 'string' },
        details: { type: 'boolean' },
        timings: { type: 'boolean' },
        verbose: { type: 'boolean' },
        keep: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

/** Rescoring deals with all records of a folder, or the class's gradebook would be of a part of it; and with no engine. */
function refuseForRescoring(values: Record<string, unknown>, students: string[]): void {
  if (students.length > 0)
    throw new UsageError(`--rescore scores everybody whose record is there; leave out ${students.join(', ')}`);
  const strange = Object.keys(values).filter((option) => !OF_RESCORING.includes(option));
  if (strange.length > 0)
    throw new UsageError(
      `--rescore grades nothing, so it does not go with --${strange.join(', --')}; it takes ${OF_RESCORING.map((option) => `--${option}`).join(', ')}`,
    );
}

/** What is said of fresh machines is said where they are started: by this command, or by each worker. */
function refuseElsewhere(values: Record<string, unknown>, { kind }: HostChoice): void {
  if (kind === 'disposable' && values['queue'] === undefined) return;
  const ofFreshMachines = ['registry-mirror', 'egress', 'runtime'].find((option) => values[option] !== undefined);
  if (ofFreshMachines !== undefined)
    throw new UsageError(
      `--${ofFreshMachines} is for the fresh machines that this command starts; another machine’s engine has its own settings, and each worker its own --${ofFreshMachines}`,
    );
}

/** Only a fresh machine is there for one lab: what a lab leaves on another machine would be in the way of the next. */
function refuseToKeep(values: Record<string, unknown>, { kind }: HostChoice): void {
  if (values['queue'] !== undefined)
    throw new UsageError('--keep leaves lab hosts on this machine; with --queue they are on the workers’ machines');
  if (kind !== 'disposable')
    throw new UsageError(
      `--keep leaves fresh machines running; on --host ${kind}, start the submission there by hand, and look at it with --live or npm run self-test`,
    );
}

/** Workers take fresh machines, as many at a time as each of them was started with. */
function refuseForQueue(queue: string, { kind }: HostChoice, jobs: string | undefined): void {
  withoutPassword(queue);
  if (kind !== 'disposable')
    throw new UsageError(`--queue grades on fresh machines; it does not go with --host ${kind}`);
  if (jobs !== undefined)
    throw new UsageError('how many labs at a time is each worker’s own --jobs; leave it out beside --queue');
}

const MOST_JOBS = 64;

/** @returns how many lab hosts at a time; as many as this machine has room for if nothing was said. */
export function jobsOf(text: string | undefined): number {
  const said = number('--jobs', text, { from: 1, to: MOST_JOBS, whole: true });
  return said ?? Math.min(MOST_JOBS, roomFor({ cores: os.availableParallelism(), memory: os.totalmem() }));
}

export function engineOf(text: string | undefined): Generation {
  return oneOf('--engine', text ?? DEFAULT_GENERATION, GENERATIONS);
}

/** As Docker takes it in `registry-mirrors` (Engine 20.10 to 28): a scheme and a host, nothing else. */
export function mirrorOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href;
  if (isPlain) return url.origin;
  throw new UsageError(`--registry-mirror takes http://HOST[:PORT] or https://HOST[:PORT]; it is "${text}"`);
}

function resolved(file: string | undefined): string | undefined {
  return file === undefined ? undefined : path.resolve(file);
}

function hostOf(text: string): HostChoice {
  if (text === 'disposable' || text === 'local') return { kind: text };
  if (text.startsWith('ssh://')) return { kind: 'ssh', url: text };
  throw new UsageError(`--host "${text}" is not one of: disposable, local, ssh://user@host[:port]`);
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}
