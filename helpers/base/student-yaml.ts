/** Parses YAML that a student wrote, with limits: a few lines must not keep the grader busy or fill its memory. */
import { parse } from 'yaml';

/** Characters. The parser's time grows with the square of the nesting: at this length it is below a second. */
const LONGEST = 64 * 1024;
const FEW_ALIASES = 10;

export interface Latitude {
  /** The longest text, in characters; 64 Ki by default. */
  longest?: number;
  /** How many aliases may be used; 10 by default. */
  aliases?: number;
  /** Whether `<<` merges mappings, as in Compose files. */
  merge?: boolean;
}

/**
 * @returns plain values; undefined or null for an empty text. Aliases are resolved, so a value may contain itself. Keys
 *   that are not scalars are left out.
 * @throws when it is not YAML, or too long; the message's first line says what is wrong.
 */
export function parseStudentYaml(
  text: string,
  { longest = LONGEST, aliases = FEW_ALIASES, merge = false }: Latitude = {},
): unknown {
  if (text.length > longest) throw new Error(`it is longer than ${Math.floor(longest / 1024)} KiB`);
  // Parse mappings as Map: for an object, the parser would turn nested keys into text, which can take minutes.
  return plain(parse(text, { maxAliasCount: aliases, logLevel: 'error', merge, mapAsMap: true }), new Map());
}

/**
 * @param error What `parseStudentYaml` has thrown.
 * @returns what is wrong, and where: the first line of the parser's message. The rest is an excerpt of the file.
 */
export function whatIsWrong(error: unknown): string {
  const [first = ''] = (error as Error).message.split('\n');
  return first.trim().replace(/:$/, '').replace('; please use YAML.parseAllDocuments()', '');
}

/**
 * @param known The results for lists and mappings that were visited already: an alias may lead to one of them again.
 */
function plain(value: unknown, known: Map<unknown, unknown>): unknown {
  if (known.has(value)) return known.get(value);
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    known.set(value, list);
    for (const each of value) list.push(plain(each, known));
    return list;
  }
  if (!(value instanceof Map)) return value;
  const entries = [...(value as Map<unknown, unknown>)].filter(([key]) => typeof key !== 'object');
  // No prototype, so that keys like `__proto__` have no special meaning.
  const mapping = Object.create(null) as Record<string, unknown>;
  known.set(value, mapping);
  for (const [key, each] of entries) mapping[String(key)] = plain(each, known);
  return mapping;
}
