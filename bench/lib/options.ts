/** The command line of `npm run bench`: which measurements, and how much of each. */
import { parseArgs } from 'node:util';
import { UsageError } from '../../helpers/base/failure.ts';

export interface BenchOptions {
  names: string[];
  help: boolean;
  /** Rounds that count; one more fills caches and does not. */
  rounds: number;
  /** How many submissions a class has. */
  students: number;
  /** For each of these a class is measured with so many labs at a time. */
  jobs: number[];
}

/** @throws {UsageError} */
export function benchOptions(argv = process.argv.slice(2)): BenchOptions {
  const { values, positionals } = parse(argv);
  return {
    names: positionals,
    help: values.help,
    rounds: whole('--rounds', values.rounds),
    students: whole('--students', values.students),
    jobs: values.jobs.split(',').map((each) => whole('--jobs', each)),
  };
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        rounds: { type: 'string', default: '3' },
        students: { type: 'string', default: '12' },
        jobs: { type: 'string', default: '1,2,4' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function whole(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 10_000) return number;
  throw new UsageError(`${option} takes a whole number from 1 to 10000, not "${text}"`);
}
