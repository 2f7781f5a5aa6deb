/** YAML that a student wrote, as plain values: a few lines of it cannot keep the grader busy or fill its memory. */
import { parse } from 'yaml';

/** Characters. The parser's time grows with the square of what is nested: at this length it is below a second. */
const LONGEST = 64 * 1024;
const FEW_ALIASES = 10;

export interface Latitude {
  /** Characters; 64 Ki if nothing is said. */
  longest?: number;
  /** How often something may be said again by an alias. */
  aliases?: number;
  /** Whether `<<` merges mappings, as in Compose files. */
  merge?: boolean;
}

/**
 * @returns undefined or null for an empty text. Aliases are resolved, so a value may contain itself; keys that are no
 *   scalars are left out.
 * @throws when it is not YAML, or too much of it; the message's first line says what is wrong.
 */
export function parseStudentYaml(
  text: string,
  { longest = LONGEST, aliases = FEW_ALIASES, merge = false }: Latitude = {},
): unknown {
  if (text.length > longest) throw new Error(`it is longer than ${Math.floor(longest / 1024)} KiB`);
  // As maps: for keys of an object the parser would write out whatever stands there as a key, for minutes if it is deep.
  return plain(parse(text, { maxAliasCount: aliases, logLevel: 'error', merge, mapAsMap: true }), new Map());
}

/** @param known What was made of a list or mapping already: an alias stands for the same, or for what it is part of. */
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
  // Without a prototype there is no key that means something else.
  const mapping = Object.create(null) as Record<string, unknown>;
  known.set(value, mapping);
  for (const [key, each] of entries) mapping[String(key)] = plain(each, known);
  return mapping;
}
