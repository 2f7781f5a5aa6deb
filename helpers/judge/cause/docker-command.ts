/** A `docker` command of a script, as far as a sentence about it needs to understand it. */

export interface DockerCommand {
  /** `compose`, `network`, `image` …; empty for a container's own verbs. */
  group: string;
  verb: string;
  words: string[];
}

const GROUPS = ['network', 'volume', 'image', 'builder', 'buildx', 'system', 'swarm', 'service', 'stack', 'node'];
/** What stands after `docker compose` and its options, some of which have values. */
const COMPOSE_VERBS =
  /^(up|down|rm|stop|kill|build|run|start|restart|pause|ps|logs|exec|attach|pull|config|create|watch|wait|port|top)$/;

/** @returns undefined when the command does not call Docker. */
export function dockerCommand(command: string): DockerCommand | undefined {
  const all = command.split(/\s+/);
  const at = all.findIndex((word) => /^(?:.*\/)?docker(?:-compose)?$/.test(word));
  if (at < 0) return undefined;
  const words = all.slice(at + 1);
  if (all[at]!.endsWith('-compose') || words.find((word) => !word.startsWith('-')) === 'compose')
    return { group: 'compose', verb: words.find((word) => COMPOSE_VERBS.test(word)) ?? '', words };
  const plain = words.filter((word) => !word.startsWith('-') && word !== 'container');
  const [first = '', second = ''] = plain;
  return GROUPS.includes(first) ? { group: first, verb: second, words } : { group: '', verb: first, words };
}

/** Whether it makes or starts containers. */
export function starts({ group, verb }: DockerCommand): boolean {
  return ['', 'compose'].includes(group) && ['run', 'up', 'start', 'create', 'restart'].includes(verb);
}

/** Whether it stops or removes containers. */
export function ends({ group, verb }: DockerCommand): boolean {
  if (group === 'system') return verb === 'prune';
  return ['', 'compose'].includes(group) && ['rm', 'down', 'stop', 'kill', 'prune'].includes(verb);
}

/** Whether it removes something, so that it fails where there is nothing to remove. */
export function cleansUp(command: DockerCommand): boolean {
  return ends(command) || ['rm', 'remove', 'prune', 'rmi', 'leave'].includes(command.verb);
}

/** Whether it stays with the containers that it starts, as long as they run. */
export function staysInForeground(command: DockerCommand): boolean {
  if (!['run', 'up'].includes(command.verb)) return false;
  return !command.words.some((word) => /^-[a-zA-Z]*d[a-zA-Z]*$|^--detach(=true)?$|^--wait$/.test(word));
}
