/**
 * The faults that tests/e2e/faults.test.ts causes, and what is expected to come of each; docs/faults.md shows the same
 * table. In each, anna is graded already, bert is being graded, carl waits; see scene.ts.
 */

/** What comes of a fault; the columns of the table. */
export interface Outcome {
  /** Exit code of the run, or the signal that ended it. */
  exit: string;
  /** What becomes of bert's lab. */
  bert: string;
  /** What the instructor reads of it: a part of the sentence in bert's record, or on the screen if there is none. */
  says: string;
  /** What becomes of carl, in the same run. */
  carl: string;
  /** Anna's record after the next run: the same to the letter. */
  anna: string;
  /** Whom the next run grades; then everybody has 100 points. */
  next: string;
  /** What of the run is still there after the next one. */
  left: string;
  /** A container, a network and a volume of somebody else. */
  others: string;
}

export interface Fault {
  name: string;
  /** How the test causes it. */
  done: string;
  expected: Outcome;
}

export const COLUMNS: Record<keyof Outcome, string> = {
  exit: 'exit',
  bert: 'bert',
  says: 'what is said',
  carl: 'carl',
  anna: 'anna',
  next: 'next run grades',
  left: 'left behind',
  others: 'others’ things',
};

/** Whatever happens, this is the same. */
const ALWAYS = { anna: 'unchanged', left: 'nothing', others: 'untouched' };
const NOBODY = '–';

/** One lab is lost, the run goes on. */
function costs(says: string): Outcome {
  return { ...ALWAYS, exit: '3', bert: 'error', says, carl: '100', next: 'bert' };
}

/** The run ends early: whoever is not graded is graded next time. */
function ends(exit: string, says: string, bert = 'error', carl = bert): Outcome {
  return { ...ALWAYS, exit, bert, says, carl, next: 'bert, carl' };
}

/** Nothing comes of it. */
function nothing(says = ''): Outcome {
  return { ...ALWAYS, exit: '0', bert: '100', says, carl: '100', next: NOBODY };
}

/** A class that was graded is graded again, and that is interrupted: everybody keeps what was finished. */
function again(signal: string, done: string, exit: string, says = 'Stopped: 1 of 3 graded'): Fault {
  return {
    name: `a finished class is graded again (\`--again\`): ${signal}`,
    done,
    expected: { ...ALWAYS, exit, bert: '100', says, carl: '100', next: NOBODY },
  };
}

export const FAULTS = {
  grader: {
    name: 'the grader is killed',
    done: 'kill -9 of its process',
    expected: ends('SIGKILL', '', 'no record'),
  },
  graderMemory: {
    name: 'the grader is out of memory',
    done: 'a control group of one page: the kernel ends it when it asks for another one',
    expected: ends('SIGKILL', '', 'no record'),
  },
  judge: {
    name: 'the judge process (Jest) is killed, or out of memory, once',
    done: 'kill -9, as the kernel does it, while it judges',
    expected: nothing('judged at the second try: the judge process was lost: it ended (SIGKILL)'),
  },
  judgeTwice: {
    name: 'the same, twice in a row for one lab',
    done: 'kill -9, and of the one that replaces it',
    expected: costs('the judge process was lost: it ended (SIGKILL)'),
  },
  labHost: {
    name: 'a lab host dies',
    done: 'docker kill',
    expected: costs('the probe agent on the lab host is gone'),
  },
  labHostEngine: {
    name: 'a lab host’s dockerd is killed',
    done: 'kill -9 in the lab host',
    expected: costs('the probe agent on the lab host is gone'),
  },
  engine: {
    name: 'the grading host’s dockerd dies',
    done: 'the grader’s way to it (a socket of the test’s) is cut and stays closed',
    expected: ends('3', 'the Docker Engine of this machine does not answer any more (its socket is gone)'),
  },
  engineHangs: {
    name: 'the grading host’s dockerd hangs',
    done: 'that way stays open, and nothing comes through it any more',
    expected: ends('3', 'the Docker Engine of this machine does not answer any more (no answer in'),
  },
  reportsDisk: {
    name: 'the disk of the reports is full',
    done: '--out on a file system of 256 KiB, filled up by the test',
    expected: ends('3', 'none-network.json.gz could not be written: no space is left on the disk of', 'no record'),
  },
  classDisk: {
    name: 'the disk of the reports is full when the class’s files are written',
    done: '--out on a file system of 2 MiB, with room for records and not for pages',
    expected: { ...nothing('could not be written: no space is left on the disk of'), exit: '3' },
  },
  temporaryDisk: {
    name: 'the disk for temporary files is full',
    done: 'TMPDIR on a file system of 8 MiB, filled up by the test',
    expected: nothing(),
  },
  againInterrupted: again('Ctrl-C', 'SIGINT, as the terminal and npm send it', '130'),
  againTerminated: again('SIGTERM', 'kill', '143'),
  againKilled: again('SIGKILL', 'kill -9', 'SIGKILL', ''),
  oneStudent: {
    name: 'one student of a finished class is graded again',
    done: 'the student’s name and `--again`',
    expected: nothing(),
  },
  oneLab: {
    name: 'another lab of one student is graded into a finished class',
    done: 'the student’s name and `--lab`',
    expected: nothing(),
  },
  olderRecord: {
    name: 'a record of another version is among the reports',
    done: 'a file with another schemaVersion, which the next run finds as it was',
    expected: nothing('its schemaVersion is 0, and this version of netgrade reads 1; the file is kept'),
  },
  engineInUse: {
    name: 'with `--host local`: this machine’s dockerd is killed',
    done: 'kill -9, on a machine of the test’s; the next run starts it again',
    expected: ends('3', 'the engine did not answer'),
  },
  poolsInUse: {
    name: 'with `--host local`: this machine’s address pools are used up',
    done: 'networks are made until the engine refuses',
    expected: costs('all predefined address pools have been fully subnetted'),
  },
  interruptedInUse: interrupted('Ctrl-C', 'SIGINT', ends('130', 'Stopped: 1 of 3 graded', 'no record')),
  endedInUse: interrupted('the run is ended', 'SIGTERM', ends('143', 'Stopped: 1 of 3 graded', 'no record')),
  killedInUse: interrupted('the grader is killed', 'kill -9', ends('SIGKILL', '', 'no record')),
  twoRuns: {
    name: 'two runs at once into one folder of reports',
    done: 'another `npm run grade`, of all three, while the first one, of anna and bert, is at bert’s',
    expected: nothing('is in use by process'),
  },
  containersEnd: {
    name: 'containers of a submission end while it is looked at',
    done: 'two loops of `docker run --rm`, which bert’s script leaves running',
    expected: nothing(),
  },
  containersInUse: {
    name: 'with `--host local`: containers of others come and go',
    done: 'two loops of `docker run --rm`, from the middle of bert’s lab to the end',
    expected: nothing(),
  },
  clockForwards: {
    name: 'the clock jumps by a day',
    done: 'Date.now() of the grader and its judge, from the middle of bert’s lab on',
    expected: nothing(),
  },
  clockBackwards: {
    name: 'the clock jumps back by a day',
    done: 'the same',
    expected: nothing(),
  },
  registryHangs: registry('hangs', 'accepts every question and answers none', 'nothing came from its registry for'),
  registryHalfSends: registry('breaks off', 'sends half of a layer and closes the connection, each time'),
  registryLimits: registry('wants less to do', 'answers 429 Too Many Requests'),
  registryAway: registry('is out of order', 'answers 503'),
  registryResets: registry('resets every connection', 'a TCP RST instead of an answer'),
  registryWrong: registry('sends something else', 'a layer whose digest is another one'),
} satisfies Record<string, Fault>;

/** Bert's script has built images and moved a name of somebody else's; somebody else builds the same image meanwhile. */
function interrupted(what: string, done: string, expected: Outcome): Fault {
  return {
    name: `with \`--host local\`: ${what}, after the submission has built images`,
    done: `${done}, while somebody else builds images, too`,
    expected,
  };
}

/** All of these in one run, which a student called bert takes part in for each; carl needs nothing of it. */
function registry(what: string, done: string, says = 'could not be downloaded'): Fault {
  return {
    name: `a registry ${what}`,
    done: `a mirror (--registry-mirror) of the test’s ${done}`,
    expected: costs(says),
  };
}

export type FaultName = keyof typeof FAULTS;
