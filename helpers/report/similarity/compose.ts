/**
 * Compose files and other YAML: each service, network or volume is a stream of its own. Keys are sorted, and so are
 * lists whose order means nothing, so that a copy cannot be hidden by another order.
 */
import { parseStudentYaml } from '../../base/student-yaml.ts';
import { nameToken, tokensOf, type Names, type Stream, type Token } from './tokens.ts';

type Mapping = Record<string, unknown>;

/** Keys whose value is a name that the author chooses. */
const NAME = ['container_name', 'hostname', 'name', 'subnet'];
/** Keys under which names of services and networks stand, in a list or as keys. */
const LISTS_OF_NAMES = ['networks', 'depends_on', 'aliases', 'links', 'external_links'];
const IN_ORDER = ['command', 'entrypoint', 'test'];
/** Keys that are the same thing written in two ways: a list, or a mapping. */
const PAIRS = ['environment', 'labels', 'args', 'extra_hosts', 'sysctls', 'driver_opts'];
/** An answer with at least so many words is somebody's own wording. */
const WORDS_OF_A_SENTENCE = 8;
/** People write a few anchors and use them a few times. More aliases are an attempt to fill the memory. */
const MOST_ALIASES = 50;
/** Characters: there are many files. */
const LONGEST = 16 * 1024;

/**
 * @param names Collects the names that are chosen here, and knows the names that are to be recognised.
 * @returns undefined for what is not YAML, or no mapping.
 */
export function streamsOfYaml(text: string, names: Names): Stream[] | undefined {
  try {
    const content = contentOf(text);
    if (!isMapping(content)) return undefined;
    return isMapping(content['services']) ? compose(content, names) : Object.values(content).map((each) => plain(each));
  } catch {
    return undefined; // e.g. nested too deeply
  }

  function plain(value: unknown): Stream {
    return value === undefined ? [] : flat(value, '', names);
  }
}

/** Answers to questions. Short right answers are the same for everybody; only whole sentences are compared. */
export function streamsOfAnswers(text: string, names: Names): Stream[] {
  try {
    const content = contentOf(text);
    const sentences = isMapping(content) ? Object.values(content).filter((each) => typeof each === 'string') : [];
    return sentences.map((each) => tokensOf(each, names)).filter(({ length }) => length >= WORDS_OF_A_SENTENCE);
  } catch {
    return []; // no YAML, which the criteria on answers say
  }
}

/** @throws when it is not YAML, or too long. */
function contentOf(text: string): unknown {
  return parseStudentYaml(text, { longest: LONGEST, aliases: MOST_ALIASES, merge: true });
}

function compose(content: Mapping, names: Names): Stream[] {
  const parts = ['services', 'networks', 'volumes'].map((key) => content[key]).filter(isMapping);
  for (const name of parts.flatMap((part) => Object.keys(part))) names.note(name, true);
  const definitions = parts.flatMap((part) => Object.values(part)).filter(isMapping);
  return definitions.map((definition) => mapping(definition, 'definition', names));
}

function flat(value: unknown, key: string, names: Names): Token[] {
  if (NAME.includes(key)) return name(scalar(value), names);
  if (LISTS_OF_NAMES.includes(key)) return listOfNames(value, names);
  if (PAIRS.includes(key)) return pairs(value, names);
  if (Array.isArray(value)) {
    const items = value.map((each: unknown) => (key === 'volumes' ? volume(each, names) : flat(each, '', names)));
    return (IN_ORDER.includes(key) ? items : sorted(items)).flat();
  }
  if (isMapping(value)) return mapping(value, key, names);
  const tokens = tokensOf(scalar(value), names);
  // A build folder is not a chosen name, even if the service is called the same.
  return key === 'build' || key === 'context' ? tokens.map(({ text }) => ({ text, name: false })) : tokens;
}

function mapping(value: Mapping, key: string, names: Names): Token[] {
  const entries = Object.entries(value).map(([inner, each]): Token[] => {
    // The image of a service that is built is a name for what comes out.
    const madeUp = key === 'definition' && inner === 'image' && 'build' in value;
    return [...tokensOf(inner, names), ...(madeUp ? name(scalar(each), names) : flat(each, inner, names))];
  });
  return sorted(entries).flat();
}

function listOfNames(value: unknown, names: Names): Token[] {
  if (Array.isArray(value)) {
    return sorted(
      value.map((each: unknown) =>
        scalar(each)
          .split(':')
          .flatMap((part) => name(part, names)),
      ),
    ).flat();
  }
  if (!isMapping(value)) return name(scalar(value), names);
  const entries = Object.entries(value).map(([key, each]) => [
    ...name(key, names),
    ...(isMapping(each) ? mapping(each, '', names) : []),
  ]);
  return sorted(entries).flat();
}

function pairs(value: unknown, names: Names): Token[] {
  const lines = Array.isArray(value)
    ? value.map((each: unknown) => /^([^=:]*)[=:]?(.*)$/s.exec(scalar(each))?.slice(1) ?? [])
    : Object.entries(isMapping(value) ? value : {}).map(([key, each]) => [key, scalar(each)]);
  return sorted(lines.map(([key = '', each = '']) => [nameToken(key), ...tokensOf(each, names)])).flat();
}

function volume(value: unknown, names: Names): Token[] {
  const [, source, rest] = /^([\w-][\w.-]*)(:.*)$/s.exec(scalar(value)) ?? [];
  if (source === undefined || rest === undefined) return flat(value, '', names);
  return [...name(source, names), ...tokensOf(rest, names)];
}

function name(text: string, names: Names): Token[] {
  names.note(text, true);
  return text === '' ? [] : [nameToken(text)];
}

/** Sorts items by their words without names, so that two orders of the same items become one. */
function sorted(items: Token[][]): Token[][] {
  return items
    .map((tokens) => ({ tokens, key: tokens.map(({ text, name }) => (name ? '\0' : text)).join(' ') }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ tokens }) => tokens);
}

function scalar(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? `${value}` : '';
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
