/**
 * The body of a request as the engine will read it. Go's encoding/json takes a key in any case for a field's name, and
 * where a key comes twice it merges the two; JSON.parse does neither. What is read otherwise here than there would be a
 * way around every rule, so keys are compared as Go folds them, and a body with one key twice is no body.
 */

export type Json = null | boolean | number | string | Json[] | Fields;

const MOST_DEPTH = 60;
/** Maps for Go: their keys are somebody's own words, are taken as they are, and may differ in their case alone. */
const MAPS = ['labels', 'driveropts', 'options', 'config', 'annotations'];

/** An object's fields, found by names in any case; those of a map by their very names. */
export class Fields {
  readonly #values = new Map<string, Json>();
  readonly #isMap: boolean;

  constructor(isMap = false) {
    this.#isMap = isMap;
  }

  /** @throws when the key is there, or would be the same field for Go. */
  add(key: string, value: Json): void {
    const name = this.#nameOf(key);
    if (this.#values.has(name)) throw new Error(`the key "${key}" comes twice`);
    this.#values.set(name, value);
  }

  get(name: string): Json | undefined {
    return this.#values.get(this.#nameOf(name));
  }

  #nameOf(key: string): string {
    return this.#isMap ? key : folded(key);
  }

  /** Names, folded where Go would, with their values. */
  entries(): [string, Json][] {
    return [...this.#values];
  }
}

/** As Go compares names: simple case folding, by which ſ is an s and the Kelvin sign a k. */
export function folded(key: string): string {
  return key.toUpperCase().toLowerCase();
}

/** What the engine's client leaves at nothing: null, "", 0, false, and what is empty. */
export function isNothing(value: Json | undefined): boolean {
  if (value instanceof Fields) return value.entries().length === 0;
  return value === undefined || value === null || value === '' || value === 0 || value === false || isEmpty(value);
}

function isEmpty(value: Json): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** An array's elements. What is no array is one of them: Docker takes `"CapAdd": "NET_ADMIN"` for a list (StrSlice). */
export function listOf(value: Json | undefined): Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** A field of what may be an object. */
export function fieldOf(value: Json | undefined, name: string): Json | undefined {
  return value instanceof Fields ? value.get(name) : undefined;
}

/** @throws when it is no JSON, or can be read in two ways. */
export function readBody(text: string): Json {
  JSON.parse(text); // what follows may rely on its form
  const reader = new Reader(text);
  return reader.value('', 0);
}

const TOKEN = /\s*("(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+)/sy;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  #next(): string {
    TOKEN.lastIndex = this.#at;
    const match = TOKEN.exec(this.#text);
    this.#at = TOKEN.lastIndex;
    return match?.[1] ?? '';
  }

  #peek(): string {
    const at = this.#at;
    const token = this.#next();
    this.#at = at;
    return token;
  }

  /** @param name The folded key under which it stands. */
  value(name: string, depth: number): Json {
    if (depth > MOST_DEPTH) throw new Error('it is nested too deeply');
    const token = this.#next();
    if (token === '{') return this.#object(MAPS.includes(name), depth);
    if (token === '[') return this.#array(name, depth);
    return JSON.parse(token) as Json;
  }

  #object(isMap: boolean, depth: number): Fields {
    const fields = new Fields(isMap);
    if (this.#peek() === '}') this.#next();
    else
      do {
        const key = JSON.parse(this.#next()) as string;
        this.#next(); // the colon
        fields.add(key, this.value(folded(key), depth + 1));
      } while (this.#next() === ',');
    return fields;
  }

  #array(name: string, depth: number): Json[] {
    const items: Json[] = [];
    if (this.#peek() === ']') this.#next();
    else
      do items.push(this.value(name, depth + 1));
      while (this.#next() === ',');
    return items;
  }
}
