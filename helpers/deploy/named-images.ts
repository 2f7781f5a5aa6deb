/**
 * Which images a submission's files name literally, so that they can be pulled before its time limit begins. An image
 * that is missed (e.g. a name in a variable) is pulled by the deployment itself; one too many costs a download. Images
 * that the submission builds itself are left out: no registry has them.
 */
import path from 'node:path';
import { mapping, readCompose } from '../submission/compose-file.ts';
import { dockerCommands } from '../submission/shell.ts';
import type { TextFile } from '../submission/submission.ts';
import { valuesOf } from './script-needs.ts';

/** Words that may stand before a verb: `docker image build` is `docker build`. */
const GROUPS = ['container', 'image', 'buildx', 'builder'];
/** At most so many images are pulled for a submission. */
const MOST_IMAGES = 20;
const DOCKERFILE = /(^|\.)dockerfile(\.|$)/i;
const YAML = /\.ya?ml$/i;
const SCRIPT = /\.sh$/i;
/** [registry/]repository[:tag][@digest], as Docker takes it. */
const REFERENCE =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;
/** Options of `docker run` and `docker create` that take no value (Docker 20.10 to 28). */
const SWITCHES =
  /^(-[ditPq]+|--(detach|disable-content-trust|init|interactive|no-healthcheck|oom-kill-disable|privileged|publish-all|quiet|read-only|rm|sig-proxy|tty|use-api-socket))$/;

/** The images that a text names: those that it needs, and those that it builds itself. */
interface Named {
  needed: string[];
  own: string[];
}

/** @returns each image once, with its tag or digest; without either, with `latest`, as Docker does. */
export function imagesNamedIn(files: Pick<TextFile, 'file' | 'text'>[]): string[] {
  const named = files.map(namedIn);
  const own = new Set(named.flatMap((each) => each.own).flatMap(wholeName));
  const needed = new Set(named.flatMap((each) => each.needed).flatMap(wholeName));
  return [...needed.difference(own)].slice(0, MOST_IMAGES);
}

function namedIn({ file, text }: Pick<TextFile, 'file' | 'text'>): Named {
  const name = path.posix.basename(file);
  if (DOCKERFILE.test(name)) return { needed: imagesOfDockerfile(text), own: [] };
  if (YAML.test(name)) return namedInCompose(text);
  return SCRIPT.test(name) ? namedInScript(text) : { needed: [], own: [] };
}

/** @returns the images that a submission makes itself, each once and with its tag. */
export function imagesMadeBy(files: Pick<TextFile, 'file' | 'text'>[]): string[] {
  return [...new Set(files.flatMap((file) => namedIn(file).own).flatMap(wholeName))];
}

function wholeName(reference: string): string[] {
  const match = REFERENCE.exec(reference);
  if (match === null || reference === 'scratch') return [];
  return [match[1] === undefined && match[2] === undefined ? `${reference}:latest` : reference];
}

/** The images that a Dockerfile's stages start from, except other stages. ARGs before the first stage are replaced. */
function imagesOfDockerfile(text: string): string[] {
  const args = new Map<string, string>();
  const stages = new Set<string>();
  const images: string[] = [];
  for (const line of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const arg = /^\s*ARG\s+(\w+)=["']?([^\s"']*)/i.exec(line);
    if (arg !== null && stages.size === 0 && images.length === 0) args.set(arg[1] ?? '', arg[2] ?? '');
    const from = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line);
    if (from === null) continue;
    const image = (from[1] ?? '').replace(/\$\{?(\w+)\}?/g, (whole, name: string) => args.get(name) ?? whole);
    if (!stages.has(image.toLowerCase())) images.push(image);
    if (from[2] !== undefined) stages.add(from[2].toLowerCase());
  }
  return images;
}

/** The images that a Compose file names. If a service is built, its `image` is the name of the result. */
function namedInCompose(text: string): Named {
  const services = Object.values(mapping(readCompose(text)['services'])).map((service) => {
    const { image, build } = mapping(service);
    const called = typeof image === 'string' ? [image] : [];
    if (build === undefined) return { needed: called, own: [] };
    const { dockerfile_inline: inline } = mapping(build);
    return { needed: typeof inline === 'string' ? imagesOfDockerfile(inline) : [], own: called };
  });
  return { needed: services.flatMap(({ needed }) => needed), own: services.flatMap(({ own }) => own) };
}

function namedInScript(text: string): Named {
  const commands = dockerCommands(text).map((words) => {
    const withoutGroup = GROUPS.includes(words[0] ?? '') ? words.slice(1) : words;
    return { verb: withoutGroup[0] ?? '', rest: withoutGroup.slice(1) };
  });
  return {
    needed: commands.flatMap(({ verb, rest }) => {
      if (verb === 'pull') return rest.filter((word) => !word.startsWith('-')).slice(0, 1);
      return verb === 'run' || verb === 'create' ? imageOfRun(rest) : [];
    }),
    own: commands.flatMap(({ verb, rest }) => {
      if (verb === 'build') return [...valuesOf(rest, '-t'), ...valuesOf(rest, '--tag')];
      return verb === 'tag' || verb === 'commit' || verb === 'import' ? rest.slice(-1) : [];
    }),
  };
}

/**
 * The image in the words of `docker run`: the first word that is neither an option nor an option's value. `-dit` are
 * three options without a value; `-p80:80` has its value in the same word.
 */
function imageOfRun(words: string[]): string[] {
  let isValue = false;
  for (const word of words) {
    if (!isValue && !word.startsWith('-')) return [word];
    isValue =
      !isValue && !word.includes('=') && !SWITCHES.test(word) && /^(--.+|-[a-zA-Z]|-[ditPq]+[a-zA-Z])$/.test(word);
  }
  return [];
}
