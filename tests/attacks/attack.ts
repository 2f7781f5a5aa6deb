/**
 * What an attack on the grader is: a submission, and what has to come of it. Attacks are written by programs and not kept
 * as files, because much of what they hand in cannot be kept in git: links, pipes, strange names, very many files.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LabRecord } from '../../helpers/report/record.ts';

/** What an attack aims at on the grading machine; see tests/helpers/attacked.ts. */
export interface Targets {
  /** A folder beside the submissions, with a file `secret.txt` and a script `secret.sh`. */
  folder: string;
  /** An address of the grading machine at which something of ours listens, as `host:port`. */
  listener: string;
}

/** How a lab may end. */
export interface Outcome {
  status: LabRecord['status'];
  /** Criteria that fail; all others are passed, or skipped for one of these. */
  fails?: readonly string[];
  /** In the record: its message, or what its criteria say. */
  says?: RegExp;
  /** Where there is more than one outcome: when it is this one, and why that is right, too. */
  because?: string;
}

export interface Attack {
  /** The student is called so. */
  name: string;
  /** A sentence for docs/security.md: what it does, and what comes of it. */
  shows: string;
  lab: string;
  /** It uses up whatever it is given: without the lab hosts' bounds it would use up the machine. */
  heavy?: true;
  /** @param folder The lab's folder; it is there and empty. */
  write: (folder: string, targets: Targets) => void;
  /** One of these. */
  outcomes: readonly [Outcome, ...Outcome[]];
  /** Nowhere in its record: the attack has had its way then. */
  never?: RegExp;
}

/** What an attack leaves wherever it gets to; it is looked for on the grading machine afterwards. */
export const MARK = 'netgrade-was-here';

/** What a script prints of an attempt that came off; see `attempts`. */
export const GOT_THROUGH = /\bgot through\b/;

/** The name of the environment variable of the grader's that no record may have the value of. */
export const SECRET_VARIABLE = 'NETGRADE_TEST_SECRET';

/** Files by name. */
export function files(contents: Record<string, string | Buffer>): Attack['write'] {
  return (folder) => {
    for (const [name, content] of Object.entries(contents)) put(path.join(folder, name), content);
  };
}

export function put(file: string, content: string | Buffer): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  if (file.endsWith('.sh')) chmodSync(file, 0o755);
}

/** Several writers, one after the other. */
export function together(...writers: Attack['write'][]): Attack['write'] {
  return (folder, targets) => {
    for (const write of writers) write(folder, targets);
  };
}

/** Seconds; an attack is given as long as an honest deployment of the lab takes on a busy machine. */
export function within(seconds: number): Attack['write'] {
  return files({ 'submission.yaml': `timeout: ${seconds}\n` });
}

/** All that the lab `none-network` asks for. */
export const ISOLATED = 'docker run -dit --network none --name isolated alpine ash\n';
/** A container that ends at once, and a script that fails: then the record has the last 4,000 characters it printed. */
export const ENDED = 'docker run --network none --name isolated alpine true\nexit 3\n';
/** What comes of `ENDED`, or of no container at all, in `none-network`. */
export const NOT_RUNNING = ['containers-running'] as const;
/** What comes of `attempts`, when each of them is stopped. */
export const STOPPED = [{ status: 'graded', fails: NOT_RUNNING, says: /\] stopped/ }] as const;

/**
 * A script that tries one command after the other and says of each whether it got through. It fails in the end, so that the
 * record shows what was printed.
 *
 * @param commands By a word for each, commands for `bash -c`.
 * @param end What the script does last; by default it starts a container that does not stay.
 */
export function attempts(commands: Record<string, string>, end = ENDED): string {
  const lines = Object.entries(commands).map(([word, command]) => `try ${word} ${quoted(command)}`);
  const attempt = `try() {
  if said=$(timeout 20 bash -c "$2" 2>&1 </dev/null); then echo "[$1] got through: \${said:0:100}"
  else echo "[$1] stopped: $(tail -c 130 <<< "$said" | tr '\\n' ' ')"; fi
}
`;
  return `#!/bin/bash\n${attempt}${lines.join('\n')}\n${end}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
