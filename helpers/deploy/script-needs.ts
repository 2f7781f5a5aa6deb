/**
 * What a script of `docker` commands will create, as far as the script says it literally. Names in variables are known
 * only when the script runs: the gate sees these.
 */
import { dockerCommands } from '../submission/shell.ts';
import { noNeeds, portsIn, type Needs } from './needs.ts';

export function needsOfScript(script: string): Needs {
  const needs = noNeeds();
  for (const words of dockerCommands(script)) note(words, needs);
  return needs;
}

function note(words: string[], needs: Needs): void {
  const [group = '', verb = '', ...rest] = words;
  if (group === 'network' && verb === 'create') {
    needs.networks.push(...rest.slice(-1).filter(isName));
    needs.subnets.push(...valuesOf(rest, '--subnet'));
  } else if (group === 'network' && (verb === 'connect' || verb === 'disconnect')) {
    needs.touches.push(...plain(rest).slice(1)); // the container; the network stays as it is
  } else if (group === 'volume' && verb === 'create') needs.volumes.push(...rest.slice(-1).filter(isName));
  else if ((group === 'network' || group === 'volume') && (verb === 'rm' || verb === 'remove'))
    needs.touches.push(...plain(rest));
  else if (group === 'container') noteContainer(verb, rest, needs);
  else noteContainer(group, words.slice(1), needs);
}

const CHANGES = ['rm', 'stop', 'start', 'restart', 'kill', 'pause', 'unpause', 'rename', 'update'];

function noteContainer(verb: string, words: string[], needs: Needs): void {
  if (verb === 'run' || verb === 'create') {
    needs.containers.push(...valuesOf(words, '--name').filter(isName));
    needs.ports.push(...[...valuesOf(words, '-p'), ...valuesOf(words, '--publish')].flatMap(portsIn));
  } else if (CHANGES.includes(verb)) needs.touches.push(...plain(words));
}

/** The values of an option, as `--name x` and as `--name=x`. */
export function valuesOf(words: string[], option: string): string[] {
  return words.flatMap((word, i) => {
    if (word === option) return words.slice(i + 1, i + 2);
    return word.startsWith(`${option}=`) ? [word.slice(option.length + 1)] : [];
  });
}

function plain(words: string[]): string[] {
  return words.filter(isName);
}

/** Whether Docker allows the word as a name: it is not an option or a variable. */
function isName(word: string): boolean {
  return /^[a-zA-Z0-9][\w.-]*$/.test(word);
}
