/** What a student's script does with Docker, as far as it can be read. Scripts that it calls count as parts of it. */
import path from 'node:path';
import { afterOptions, commandsIn, dockerCommands } from './shell.ts';
import type { Text } from './tree.ts';

export interface ScriptFacts {
  /** It starts containers that are to stay. */
  starts: boolean;
  /** It starts containers with Compose, or prepares with Compose what it starts itself. */
  callsCompose: boolean;
  /** It makes something with Docker: containers, networks, images. */
  makes: boolean;
  /** The networks and volumes that it makes, by name, and the images that it builds. */
  prepares: string[];
  /** What its commands of Docker name: networks, images, options, anything. */
  names: string[];
  /** The files that it calls, relative to the lab's folder. */
  calls: string[];
}

const NOTHING: ScriptFacts = { starts: false, callsCompose: false, makes: false, prepares: [], names: [], calls: [] };
/** Options of `docker compose` itself that have a value (Compose 2.26 to 2.40). */
const COMPOSE_VALUES = ['-f', '--file', '-p', '--project-name', '--project-directory', '--env-file', '--profile', '--ansi', '--parallel', '--progress']; // prettier-ignore
const COMPOSE_STARTS = ['up', 'start', 'run', 'create', 'restart', 'watch', 'scale'];
const COMPOSE_PREPARES = ['build', 'pull'];
const DETACHED = /^(-[a-zA-Z]*d[a-zA-Z]*|--detach(=true)?)$/;
const CALLED = /\.(sh|bash)$/i;
const MAKEFILES = ['Makefile', 'makefile', 'GNUmakefile'];

/**
 * @param file Relative to the lab's folder. Nothing is known of a script that is not among the texts, because it is too large.
 * @param texts The submission's.
 */
export function scriptFacts(file: string, texts: Text[]): ScriptFacts {
  return withCalled(file, new Map(texts.map((each) => [each.file, each.text])), new Set());
}

function withCalled(file: string, texts: Map<string, string>, seen: Set<string>): ScriptFacts {
  const text = texts.get(file);
  if (text === undefined || seen.has(file)) return NOTHING;
  seen.add(file);
  const own = factsOf(text, file, texts);
  const called = own.calls.map((each) => withCalled(each, texts, seen));
  return {
    starts: own.starts || called.some(({ starts }) => starts),
    callsCompose: own.callsCompose || called.some(({ callsCompose }) => callsCompose),
    makes: own.makes || called.some(({ makes }) => makes),
    prepares: [...own.prepares, ...called.flatMap(({ prepares }) => prepares)],
    names: [...own.names, ...called.flatMap(({ names }) => names)],
    calls: [...own.calls, ...called.flatMap(({ calls }) => calls)],
  };
}

function factsOf(text: string, file: string, texts: Map<string, string>): ScriptFacts {
  const commands = dockerCommands(text);
  const verbs = commands.filter(([first]) => first === 'compose').map(composeVerb);
  const starts = verbs.some(startsThere) || commands.some(isStart);
  const prepares = commands.flatMap(preparedBy);
  return {
    starts,
    callsCompose: verbs.some(startsThere) || (starts && verbs.some((verb) => COMPOSE_PREPARES.includes(verb))),
    makes:
      starts || prepares.length > 0 || commands.some(([first]) => ['build', 'buildx', 'run'].includes(first ?? '')),
    prepares,
    names: commands.flatMap((words) => words.map((word) => word.replace(/^--?[\w-]+=/, ''))),
    calls: callsOf(text, path.posix.dirname(file), texts),
  };
}

function composeVerb([, ...words]: string[]): string {
  return afterOptions(words, COMPOSE_VALUES)[0] ?? '';
}

/** A verb in a variable that is not known, such as `"$@"`, may be any. */
function startsThere(verb: string): boolean {
  return COMPOSE_STARTS.includes(verb) || verb.startsWith('$');
}

/** `docker run --rm` without `--detach` only tries something out. */
function isStart(words: string[]): boolean {
  const [verb = '', ...rest] = words[0] === 'container' ? words.slice(1) : words;
  if (verb === 'run') return rest.some((word) => DETACHED.test(word)) || !rest.includes('--rm');
  if (verb === 'create' || verb === 'start') return true;
  return (verb === 'stack' && rest[0] === 'deploy') || (verb === 'service' && rest[0] === 'create');
}

function preparedBy([group = '', verb = '', ...rest]: string[]): string[] {
  if ((group === 'network' || group === 'volume') && verb === 'create') return rest.slice(-1);
  if (group !== 'build' && !(['image', 'buildx'].includes(group) && verb === 'build')) return [];
  const words = [verb, ...rest];
  return words.filter((_, i) => ['-t', '--tag'].includes(words[i - 1] ?? ''));
}

function callsOf(text: string, directory: string, texts: Map<string, string>): string[] {
  return commandsIn(text).flatMap((words) => {
    const names = words[0] === 'make' ? MAKEFILES : words.filter((word) => CALLED.test(word));
    return names.flatMap((name) => {
      // `"$DIR/up.sh"`: which folder that is cannot be read, but most likely it is the script's own.
      const places = [path.posix.join(directory, name), path.posix.join(directory, path.posix.basename(name))];
      return places.find((place) => texts.has(place)) ?? [];
    });
  });
}
