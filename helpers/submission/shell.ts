/**
 * The commands in a shell script, as far as they can be read without running it. Comments, and texts that are only printed or
 * written into a file, are none. What depends on a condition counts as if it were run.
 */

import { split } from './shell-words.ts';

/** Words that stand before a command without being one (POSIX shell, Bash). */
const RESERVED = ['if', 'then', 'elif', 'else', 'do', 'while', 'until', '!', '{', '}', 'time', 'function', 'coproc'];
/** Programs that run the command in their arguments; and those of their options that have a value. */
const WRAPPERS: Partial<Record<string, string[]>> = {
  sudo: ['-u', '-g', '-h', '-p', '-C', '-D', '-R', '-T', '-U'],
  exec: ['-a'],
  env: ['-u', '-C', '-S'],
  nohup: [],
  command: [],
  builtin: [],
  nice: ['-n'],
  timeout: ['-s', '-k', '--signal', '--kill-after'],
  stdbuf: ['-i', '-o', '-e'],
  setsid: [],
};
/** Programs whose arguments are only words to them, also where one of these is the name of another program. */
const ONLY_WORDS =
  /^(echo|printf|cat|grep|egrep|which|type|hash|man|info|apt|apt-get|yum|dnf|apk|brew|snap|pip3?|npm|curl|wget|systemctl|service|usermod|groupadd|gpasswd|newgrp|alias|unalias|trap|read|test|\[|\[\[|:|logger|export|local|declare|readonly|cd|mkdir|rm|cp|mv|ls|pgrep|pkill|killall|git)$/;
const ASSIGNMENT = /^([A-Za-z_]\w*)\+?=(.*)$/s;
const DECLARES = ['export', 'local', 'declare', 'readonly', 'typeset'];
const VARIABLE = /^\$(?:(\w+)|\{(\w+)(?::?-([^}]*))?\})$/;
const SHELLS = /^(ba|da|z|k)?sh$/;
/** Commands in texts in commands: `bash -c "…"`, `eval "…"`. */
const DEEPEST = 3;
/** Of a variable's value, so much is read: a value that is long, and used often, must not be as long as both together. */
const LONGEST_VALUE = 200;
const MOST_WORDS = 12;
/** Options of `docker` itself that have a value (Docker 20.10 to 28). */
const DOCKER_VALUES = ['--config', '-c', '--context', '-H', '--host', '-l', '--log-level', '--tlscacert', '--tlscert', '--tlskey']; // prettier-ignore

/** @returns the words of each command, without what stands before it (`sudo`, `if`, `NAME=value`) and without redirections. */
export function commandsIn(script: string): string[][] {
  return readCommands(script, new Map(), 0);
}

/**
 * The words of each `docker` command after `docker` and its own options. `docker-compose up` is the same as
 * `docker compose up`.
 */
export function dockerCommands(script: string): string[][] {
  return commandsIn(script).flatMap((words) => {
    const [program = ''] = words;
    if (ONLY_WORDS.test(baseName(program))) return [];
    const at = words.findIndex((word) => /^[@-]*(docker|docker-compose)$/.test(baseName(word)));
    if (at < 0) return [];
    const rest = words.slice(at + 1);
    return [baseName(words[at]!).endsWith('docker-compose') ? ['compose', ...rest] : afterOptions(rest, DOCKER_VALUES)];
  });
}

/** @returns the words from the first on that is neither an option nor its value. @param values Options that have a value. */
export function afterOptions(words: string[], values: string[]): string[] {
  let i = 0;
  while (words[i]?.startsWith('-')) i += values.includes(words[i]!) ? 2 : 1;
  return words.slice(i);
}

function baseName(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1);
}

function readCommands(script: string, variables: Map<string, string>, depth: number): string[][] {
  return split(script).flatMap((words) => {
    const command = bare(words, variables);
    const [program = '', ...rest] = command;
    const inner = depth < DEEPEST ? textRun(baseName(program), rest) : undefined;
    if (inner !== undefined) return readCommands(inner, variables, depth + 1);
    return command.length === 0 ? [] : [command];
  });
}

/** The text that a command runs as commands, if it is one of `eval` and `bash -c`. */
function textRun(program: string, words: string[]): string | undefined {
  if (program === 'eval') return words.join(' ');
  if (!SHELLS.test(program)) return undefined;
  const at = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  return at < 0 ? undefined : words[at + 1];
}

/** @param variables What was assigned above; what this command assigns is added. */
function bare(words: string[], variables: Map<string, string>): string[] {
  let rest = words.flatMap((word) => expanded(word, variables));
  for (;;) {
    const [first = ''] = rest;
    const assigned = ASSIGNMENT.exec(first);
    const options = Object.hasOwn(WRAPPERS, baseName(first)) ? WRAPPERS[baseName(first)] : undefined;
    if (RESERVED.includes(first)) rest = rest.slice(1);
    else if (assigned !== null) {
      const value = assigned[2]!.slice(0, LONGEST_VALUE).split(/\s+/);
      const words = value.flatMap((word) => expanded(word, variables));
      variables.set(assigned[1]!, words.join(' ').slice(0, LONGEST_VALUE));
      rest = rest.slice(1);
    } else if (DECLARES.includes(first)) rest = afterOptions(rest.slice(1), []);
    else if (options !== undefined) {
      if (first === 'command' && /^-[vV]$/.test(rest[1] ?? '')) return []; // asks whether there is such a program
      const inner = afterOptions(rest.slice(1), options);
      rest = baseName(first) === 'timeout' ? inner.slice(1) : inner;
    } else return rest;
  }
}

/** The words that a word stands for, if it is a variable whose value is known. */
function expanded(word: string, variables: Map<string, string>): string[] {
  const match = VARIABLE.exec(word);
  if (match === null) return [word];
  const value = variables.get(match[1] ?? match[2] ?? '') ?? match[3];
  if (value === undefined) return [word];
  const words = value.slice(0, LONGEST_VALUE).split(/\s+/);
  return words.filter((each) => each !== '').slice(0, MOST_WORDS);
}
