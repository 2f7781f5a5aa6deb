/** Scripts: each command is a stream of its own, so that their order does not matter. */
import { nameToken, tokensOf, type Names, type Stream, type Token } from './tokens.ts';

/** Options of docker whose value is a name that the author chooses. */
const NAMES = ['--name', '--network', '--net', '--network-alias', '--net-alias', '--alias', '--hostname', '-h', '-t'];
NAMES.push('--tag', '--subnet');
/** How many of them stand at the end of `docker network …` and `docker volume …`. */
const NAMES_AT_THE_END: Record<string, number> = { create: 1, connect: 2, disconnect: 2, rm: 100, inspect: 100 };
const PLAIN_NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u;
const ASSIGNMENT = /^(?:(?:export|local|readonly|declare)\s+)?([A-Za-z_]\w*)=/;
const VARIABLE = /\$\{?([A-Za-z_]\w*)/g;
const LOOP = /^for\s+(\w+)\s+in\b/;
const FUNCTION = /^(?:function\s+)?([\w-]+)\s*\(\)/;

/** @param names Collects the names that are chosen here, and knows the names that are to be recognised. */
export function streamsOfScript(text: string, names: Names): Stream[] {
  return commandsOf(text).map((command) => streamOf(command, names));
}

function streamOf(command: string, names: Names): Stream {
  const variables = [...command.matchAll(VARIABLE), ...[ASSIGNMENT, LOOP, FUNCTION].map((each) => each.exec(command))];
  for (const found of variables) names.note(found?.[1] ?? '', false);
  const words = command.split(/\s+/).flatMap((word) => {
    const [, option, value] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
    return option === undefined ? [word] : [option, value ?? ''];
  });
  const places = placesOfNames(words);
  return words.flatMap((word, i): Token[] => {
    if (!places.has(i)) return tokensOf(word, names);
    if (PLAIN_NAME.test(word) || word.includes('/')) names.note(word, true);
    return [nameToken(word)];
  });
}

/** The positions of the words in a docker command that are names chosen by its author. */
function placesOfNames(words: string[]): Set<number> {
  const places = new Set<number>();
  const docker = words.findIndex((word) => word === 'docker' || word === 'podman');
  if (docker < 0) return places;
  for (const [i, word] of words.entries()) if (i > docker && NAMES.includes(words[i - 1] ?? '') && word) places.add(i);
  const [group = '', verb = ''] = words.slice(docker + 1);
  if (group !== 'network' && group !== 'volume') return places;
  const redirected = words.findIndex((word) => /^\d?[<>]/.test(word));
  const plain = words.slice(0, redirected < 0 ? undefined : redirected).flatMap((word, i) => {
    return i > docker + 2 && word !== '' && !word.startsWith('-') ? [i] : [];
  });
  for (const i of plain.slice(Math.max(0, plain.length - (NAMES_AT_THE_END[verb] ?? 0)))) places.add(i);
  return places;
}

/** Without comments and quotation marks, in one line each. */
function commandsOf(script: string): string[] {
  const commands: string[] = [];
  let command = '';
  let quote = '';
  const text = script.replace(/\r/g, '');
  const end = (): void => {
    if (command.trim() !== '') commands.push(command.trim());
    command = '';
  };
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '\\' && quote !== "'") {
      const next = text[++i] ?? '';
      command += next === '\n' ? ' ' : next;
    } else if (quote !== '') {
      if (char === quote) quote = '';
      else command += char;
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '#' && /^$|\s$/.test(command.slice(-1))) {
      const newline = text.indexOf('\n', i);
      i = (newline < 0 ? text.length : newline) - 1;
    } else if (char === '\n' || char === ';' || char === '|' || char === '&') end();
    else command += char;
  }
  end();
  return commands;
}
