/** What was typed after `npm run self-test`: labs as plain words, and what npm kept for itself. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../base/failure.ts';
import { instead } from '../base/near.ts';
import { quoted } from '../machine/ssh/quote.ts';
import type { Options } from './options.ts';

/** The options that npm could keep, because it has no such options of its own. */
const OURS = ['lab', 'labs', 'host', 'accept-host-key', 'restore', 'submissions', 'student'];

/**
 * Without a `--` before them, npm keeps options for itself: it tells their values in the environment, if they were written with
 * `=`, and otherwise hands the values on as plain words.
 *
 * @returns the labs that npm kept.
 * @throws {UsageError} when it kept another option.
 */
export function keptByNpm(env: NodeJS.ProcessEnv): string[] {
  const valueOf = (option: string): string | undefined => env[`npm_config_${option.replaceAll('-', '_')}`];
  const kept = OURS.filter((option) => valueOf(option) !== undefined && option !== 'lab');
  if (kept.length > 0)
    throw new UsageError(
      `npm kept ${kept.map((option) => `--${option}`).join(' and ')} for itself: put -- before the options, as in npm run self-test -- --${kept[0]!} …`,
    );
  // npm separates several values by an empty line; `true` stands for one that came as a plain word.
  return (valueOf('lab') ?? '').split('\n').filter((lab) => lab !== '' && lab !== 'true');
}

/** Takes plain words for labs where there are labs of that name. @throws {UsageError} for a word that is nothing. */
export function withPlainLabs(options: Options, known: string[]): Options {
  const labs = options.students.filter((word) => known.includes(word));
  const students = options.students.filter((word) => !known.includes(word));
  const stranger = students.find((word) => !existsSync(path.join(options.submissions, word)));
  if (stranger !== undefined && !options.submissionsGiven)
    throw new UsageError(
      `there is no lab "${stranger}", and no such student in ${options.submissions}; ${instead(stranger, known, 'the labs are')}`,
    );
  return { ...options, students, labs: [...new Set([...options.labs, ...labs])] };
}

/**
 * The command that judges what self-test cannot: a fresh machine judges everything of a student's files. Without those, what runs
 * is disturbed for a moment where that is all it takes.
 */
export function commandForTheRest(
  { submissions, submissionsGiven, students, student, ownLabs, host }: Options,
  labs: { name: string; survey: { application?: unknown } }[],
): string {
  const relative = (folder: string): string => path.relative(process.cwd(), folder) || '.';
  const hasFiles = submissionsGiven || students.length > 0;
  const isApplication = labs.every(({ survey }) => survey.application !== undefined);
  const place = host.kind === 'ssh' ? host.url : 'local';
  return quoted([
    ...['npm', 'run', 'grade', '--', ...students],
    ...labs.flatMap(({ name }) => ['--lab', name]),
    ...ownLabs.flatMap((folder) => ['--labs', relative(folder)]),
    ...(hasFiles || isApplication ? [] : ['--submissions', 'DIR']),
    ...(submissionsGiven ? ['--submissions', relative(submissions)] : []),
    ...(student === undefined ? [] : ['--student', student]),
    ...(hasFiles || !isApplication ? [] : ['--host', place, '--live', '--allow-disturb']),
  ]);
}
