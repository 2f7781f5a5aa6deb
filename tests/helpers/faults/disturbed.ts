/**
 * What comes of what runs on a machine in use when a run that disturbs it (--live --allow-disturb) ends in the middle;
 * docs/faults.md shows the same table. tests/e2e/disturbed.test.ts causes each.
 */

/** The columns of the table. */
export interface Disturbed {
  /** Exit code of the run, or the signal that ended it. */
  exit: string;
  /** What the run says. */
  says: string;
  /** The student's containers and networks when the run has ended. */
  then: 'as before' | 'changed';
  /** What the next start does. */
  next: string;
  /** The student's things after that. */
  after: 'as before' | 'changed';
}

export const DISTURBED_COLUMNS: Record<keyof Disturbed, string> = {
  exit: 'exit',
  says: 'what is said',
  then: 'the student’s things then',
  next: 'the next start',
  after: 'and after it',
};

interface Row {
  name: string;
  /** How the test causes it, and in the middle of what. */
  done: string;
  expected: Disturbed;
}

const GRADES = 'grades';
const OFFERS = 'offers to put it back, does so with `--restore`, and grades';

/** The run itself puts everything back before it ends. */
function ends(exit: string, says: string): Disturbed {
  return { exit, says, then: 'as before', next: GRADES, after: 'as before' };
}

/** The run cannot do anything any more. */
function isLost(exit: string, says: string, next = OFFERS): Disturbed {
  return { exit, says, then: 'changed', next, after: 'as before' };
}

export const DISTURBED = {
  nothing: { name: 'none', done: 'the run ends by itself', expected: ends('0', '100/100') },
  interrupted: {
    name: 'Ctrl-C',
    done: 'SIGINT, twice, as npm and the terminal send it, while mongo is paused',
    expected: ends('130', 'SIGINT: putting back what ran here'),
  },
  terminated: {
    name: 'the grader is asked to end',
    done: 'SIGTERM, when the networks are gone',
    expected: ends('143', 'SIGTERM: putting back what ran here'),
  },
  terminalGone: {
    name: 'the terminal is gone, e.g. because the ssh session in which the grader runs has dropped',
    done: 'SIGHUP, when the front has been stopped; and nothing can be written any more',
    expected: ends('129', ''),
  },
  refused: {
    name: 'the engine refuses a change',
    done: 'a socket of the test’s answers 500, when the networks are to be made again',
    expected: ends('3', 'refused by the test'),
  },
  killed: {
    name: 'the grader is killed',
    done: 'kill -9, when the networks are gone',
    expected: isLost('SIGKILL', ''),
  },
  killedBeforeSelfTest: {
    name: 'the same, and then comes a self-test',
    done: 'kill -9, while mongo is paused',
    expected: isLost('SIGKILL', '', 'asks in the terminal, puts it back after Enter, and watches'),
  },
  dropped: {
    name: 'with `--host ssh://…`: the connection drops',
    done: 'its sshd is killed there while mongo is paused',
    expected: ends('0', 'is again as it was before the connection was lost'),
  },
  droppedForGood: {
    name: 'the same, and the machine is out of reach until the run has ended',
    done: 'every sshd there is killed',
    expected: isLost('3', 'give the same command again with --restore'),
  },
  secondRun: {
    name: 'a second run with `--allow-disturb` begins, while the first one goes on',
    done: 'another grader, while mongo is paused',
    expected: ends('2', 'wait until it has ended'),
  },
} satisfies Record<string, Row>;

export type DisturbedName = keyof typeof DISTURBED;

/** @param seen What was seen of each; without it, what is expected. */
export function disturbedTable(seen?: Map<DisturbedName, Disturbed>): string[] {
  const columns = Object.keys(DISTURBED_COLUMNS) as (keyof Disturbed)[];
  const rows = (Object.entries(DISTURBED) as [DisturbedName, Row][]).map(([key, { name, done, expected }]) => {
    const outcome = seen === undefined ? expected : seen.get(key);
    return [name, done, ...columns.map((column) => outcome?.[column] ?? 'not seen')];
  });
  const heads = ['end', 'how it is caused', ...Object.values(DISTURBED_COLUMNS)];
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
