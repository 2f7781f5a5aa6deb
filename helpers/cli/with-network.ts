/** The command that grades those again whose work needs something from the network, and nobody else. */
import path from 'node:path';
import { NOT_DOWNLOADED } from '../base/docker/download-failure.ts';
import { DEFAULT_GENERATION } from '../machine/setup/generations.ts';
import { quoted } from '../machine/ssh/quote.ts';
import type { StudentRecord } from '../report/record.ts';
import type { RunOptions } from '../run/options.ts';

/**
 * @param records What the run was asked for.
 * @param options Those of the run.
 * @returns a sentence with the command; undefined when nobody needs it, or this run had a way out already.
 */
export function withNetwork(
  records: StudentRecord[],
  {
    egress,
    host,
    queue,
    submissions,
    out,
    engine,
  }: Pick<RunOptions, 'egress' | 'host' | 'queue' | 'submissions' | 'out' | 'engine'>,
): string | undefined {
  if (egress !== 'none' || host.kind !== 'disposable' || queue !== undefined) return undefined;
  const labs = new Set<string>();
  const students = records.filter((record) => {
    const needing = record.labs.filter(
      ({ status, message = '' }) => status === 'error' && message.includes(NOT_DOWNLOADED),
    );
    for (const { lab } of needing) labs.add(lab);
    return needing.length > 0;
  });
  if (students.length === 0) return undefined;
  const place = (option: string, folder: string, usual: string): string[] =>
    folder === path.resolve(usual) ? [] : [option, path.relative(process.cwd(), folder) || '.'];
  const words = [
    ...['npm', 'run', 'grade', '--', '--egress', 'all'],
    ...[...labs].flatMap((lab) => ['--lab', lab]),
    ...place('--submissions', submissions, 'submissions'),
    ...place('--out', out, 'reports'),
    ...(engine === DEFAULT_GENERATION ? [] : ['--engine', engine]),
    ...students.map(({ student }) => student),
  ];
  const many = students.length === 1 ? '1 of them needs' : `${students.length} of them need`;
  return `${many} something from the network. With a way out to public addresses for what they start: ${quoted(words)}`;
}
