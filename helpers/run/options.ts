/** The options of a run: which labs of which students are graded, on which machines, and where the reports go. */
import os from 'node:os';
import path from 'node:path';
import { UsageError } from '../base/failure.ts';
import { EGRESS, roomFor, type Egress } from '../machine/lab-host/disposable/bounds.ts';
import { DEFAULT_GENERATION, GENERATIONS, type Generation } from '../machine/setup/generations.ts';
import { parseAddress } from '../machine/ssh/address.ts';
import { DEFAULT_PORT, resolveTarget } from '../machine/ssh/target.ts';
import { storeOf } from '../machine/setup/image-store.ts';
import { withoutPassword } from './queue/address.ts';
import { number, oneOf } from './values.ts';

/** The options as a script gives them; see docs/scripts.md. Each is the option of `npm run grade` with this name. */
export interface GradeOptions {
  /** Names of students. Without any, all who have handed something in. */
  students?: string[] | undefined;
  /** Names of labs. Without any, all that any student has handed in. */
  labs?: string[] | undefined;
  /** Folders with topologies of the course's own: `--labs`. */
  ownLabs?: string[] | undefined;
  rubric?: string | undefined;
  submissions?: string | undefined;
  student?: string | undefined;
  /** What folders of other names are: each `NAME=LAB`, or `NAME=none` for one that is no lab. */
  folders?: string[] | undefined;
  out?: string | undefined;
  jobs?: number | undefined;
  queue?: string | undefined;
  /** `disposable` (the default), `local` or `ssh://USER@HOST[:PORT]`. */
  host?: string | undefined;
  live?: boolean | undefined;
  allowDisturb?: boolean | undefined;
  restore?: boolean | undefined;
  acceptHostKey?: boolean | undefined;
  engine?: string | undefined;
  registryMirror?: string | undefined;
  images?: string | undefined;
  /** `none` (the default; or false) or `all` (or true). */
  egress?: boolean | string | undefined;
  runtime?: string | undefined;
  /** False is `--no-foreign-images`. */
  foreignImages?: boolean | undefined;
  keep?: boolean | undefined;
  again?: boolean | undefined;
}

/** Which machines are graded on. */
export type HostChoice = { kind: 'disposable' } | { kind: 'local' } | { kind: 'ssh'; url: string };

/** The options after they were checked, with defaults filled in. Paths are absolute. */
export interface RunOptions {
  students: string[];
  labs: string[];
  /** Folders with topologies of the course's own. */
  ownLabs: string[];
  /** The rubric's file, if it was named. */
  rubric?: string;
  submissions: string;
  /** Whether the user named the folder of submissions. */
  submissionsGiven: boolean;
  student?: string;
  /** What folders of other names are: the name of a lab, or `none`. */
  folders: ReadonlyMap<string, string>;
  out: string;
  jobs: number;
  /** The Redis whose workers grade, instead of this machine. */
  queue?: string;
  host: HostChoice;
  /** Nothing is deployed: what runs on the host is graded. */
  live: boolean;
  allowDisturb: boolean;
  /** Put back what an earlier run changed and did not put back, without asking. */
  restore: boolean;
  acceptHostKey: boolean;
  engine: Generation;
  /** The URL of a mirror that the lab hosts' engines ask before Docker Hub. */
  registryMirror?: string;
  /** The registry or folder that has the images of lab hosts. */
  images?: string;
  /** How far a submission on a fresh machine gets out. */
  egress: Egress;
  /** The container runtime that runs fresh machines, in place of the engine's default one. */
  runtime?: string;
  /** Whether submissions may use images that are not the course's own. */
  foreignImages: boolean;
  /** Whether lab hosts are left running when their lab is graded. */
  keep: boolean;
  /** Whether also what is unchanged since it was graded is graded. */
  again: boolean;
}

/** Checks the options. @throws {UsageError} when a value is wrong, or options do not go together. */
export function runOptions(given: GradeOptions): RunOptions {
  const host = hostOf(given.host ?? 'disposable');
  refuseTogether(given, host);
  if (given.out === '') throw new UsageError('--out is empty: name the folder for reports');
  return {
    students: given.students ?? [],
    labs: given.labs ?? [],
    ownLabs: (given.ownLabs ?? []).map((folder) => path.resolve(folder)),
    ...optional('rubric', given.rubric === undefined ? undefined : path.resolve(given.rubric)),
    submissions: path.resolve(given.submissions ?? 'submissions'),
    submissionsGiven: given.submissions !== undefined,
    ...optional('student', given.student),
    folders: foldersOf(given.folders ?? []),
    out: path.resolve(given.out ?? 'reports'),
    jobs: jobsOf(given.jobs),
    ...optional('queue', given.queue),
    host,
    live: given.live ?? false,
    allowDisturb: given.allowDisturb ?? false,
    restore: given.restore ?? false,
    acceptHostKey: given.acceptHostKey ?? false,
    engine: oneOf('--engine', given.engine ?? DEFAULT_GENERATION, GENERATIONS),
    ...optional('registryMirror', mirrorOf(given.registryMirror)),
    ...optional('images', imagesOf(given.images)),
    egress: egressOf(given.egress ?? false),
    ...optional('runtime', given.runtime),
    foreignImages: given.foreignImages ?? true,
    keep: given.keep ?? false,
    // Whoever wants a lab host to look into wants it graded.
    again: (given.again ?? false) || (given.keep ?? false),
  };
}

function foldersOf(said: string[]): Map<string, string> {
  return new Map(
    said.map((each) => {
      const [, name, lab] = /^(.+)=([^=]+)$/s.exec(each) ?? [];
      if (name === undefined || lab === undefined)
        throw new UsageError(`--folder takes NAME=LAB, or NAME=none for a folder that is no lab; it is "${each}"`);
      return [name, lab];
    }),
  );
}

function refuseTogether(given: GradeOptions, host: HostChoice): void {
  if (given.queue !== undefined) refuseForQueue(given.queue, host, given.jobs);
  refuseElsewhere(given, host);
  if (given.keep === true) refuseToKeep(given, host);
  if (given.foreignImages === false && host.kind !== 'disposable')
    throw new UsageError(
      '--no-foreign-images is for fresh machines; it cannot be enforced on another machine’s engine',
    );
  if (given.live === true && host.kind === 'disposable')
    throw new UsageError('--live looks at what runs on a machine: say on which, with --host local or --host ssh://…');
  if (given.restore === true && host.kind === 'disposable')
    throw new UsageError('--restore is about a machine in use: say which, with --host local or --host ssh://…');
  if (given.allowDisturb === true && given.live !== true)
    throw new UsageError('--allow-disturb goes with --live; what the grader deploys itself may always be disturbed');
}

function egressOf(given: boolean | string): Egress {
  if (typeof given === 'boolean') return given ? 'all' : 'none';
  return oneOf('--egress', given, EGRESS);
}

/** Options of fresh machines belong to the command that starts them. With a queue, that is each worker, and not this command. */
function refuseElsewhere({ queue, registryMirror, images, egress, runtime }: GradeOptions, { kind }: HostChoice): void {
  if (kind === 'disposable' && queue === undefined) return;
  const ofFreshMachines = {
    '--registry-mirror': registryMirror,
    '--images': images,
    '--egress': egress,
    '--runtime': runtime,
  };
  const option = Object.entries(ofFreshMachines).find(([, value]) => value !== undefined)?.[0];
  if (option !== undefined)
    throw new UsageError(
      `${option} is for the fresh machines that this command starts; another machine’s engine has its own settings, and each worker its own ${option}`,
    );
}

/** Only fresh machines can be kept: on a machine in use, what one lab leaves would disturb the next. */
function refuseToKeep({ queue }: GradeOptions, { kind }: HostChoice): void {
  if (queue !== undefined)
    throw new UsageError('--keep leaves lab hosts on this machine; with --queue they are on the workers’ machines');
  if (kind !== 'disposable')
    throw new UsageError(
      `--keep leaves fresh machines running; on --host ${kind}, start the submission there by hand, and look at it with --live or npm run self-test`,
    );
}

/** Workers grade on fresh machines only. How many at a time is an option of each worker. */
function refuseForQueue(queue: string, { kind }: HostChoice, jobs: number | undefined): void {
  withoutPassword(queue);
  if (kind !== 'disposable')
    throw new UsageError(`--queue grades on fresh machines; it does not go with --host ${kind}`);
  if (jobs !== undefined)
    throw new UsageError('how many labs at a time is each worker’s own --jobs; leave it out beside --queue');
}

/** More lab hosts than this at a time make no machine faster. */
export const MOST_JOBS = 64;

/** @returns how many lab hosts to use at a time. The default is as many as this machine has room for. */
function jobsOf(said: number | undefined): number {
  if (said !== undefined) return number('--jobs', String(said), { from: 1, to: MOST_JOBS, whole: true })!;
  return Math.min(MOST_JOBS, roomFor({ cores: os.availableParallelism(), memory: os.totalmem() }));
}

/** Checks a mirror's URL. Docker's `registry-mirrors` (Engine 20.10 to 28) takes a scheme and a host, and nothing else. */
function mirrorOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href;
  if (isPlain) return url.origin;
  throw new UsageError(`--registry-mirror takes http://HOST[:PORT] or https://HOST[:PORT]; it is "${text}"`);
}

/** Checks where images are taken from, so that a slip is noticed before anything is prepared. */
function imagesOf(text: string | undefined): string | undefined {
  if (text !== undefined) storeOf(text);
  return text;
}

function hostOf(text: string): HostChoice {
  if (text === 'disposable' || text === 'local') return { kind: text };
  if (text.startsWith('ssh://')) return { kind: 'ssh', url: text };
  throw new UsageError(`--host "${text}" is not one of: disposable, local, ssh://user@host[:port]`);
}

/** Whose the work on a live host is when nobody says so: of the user there; on another machine, with its name. */
export function ownerOf(host: HostChoice): string {
  const { username: userName } = os.userInfo();
  if (host.kind !== 'ssh') return userName;
  const { user, port } = resolveTarget(host.url, { home: os.homedir(), env: process.env, userName });
  return `${user}@${parseAddress(host.url).host}${port === DEFAULT_PORT ? '' : `:${port}`}`;
}

/**
 * The kind of machines that a run grades on, in words: all options that may change a verdict. A later run keeps an earlier
 * run's records only if it is the same.
 */
export function gradedOn({ host, live, ...fresh }: RunOptions): string {
  if (host.kind !== 'disposable') return `${JSON.stringify(host)}${live ? ' live' : ''}`;
  const { engine, foreignImages, egress, runtime, registryMirror } = fresh;
  return [
    engine,
    ...(foreignImages ? [] : ['without foreign images']),
    ...(egress === 'none' ? [] : [egress === 'all' ? 'with egress' : 'with egress for builds']),
    ...(runtime === undefined ? [] : [`by ${runtime}`]),
    ...(registryMirror === undefined ? [] : [`images from ${registryMirror}`]),
  ].join(' ');
}

/** An optional property, without `undefined` as its value. */
export function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}
