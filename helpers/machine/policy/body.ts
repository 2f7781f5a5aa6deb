/**
 * Reads the body of a request exactly as the engine will. Go's encoding/json ignores the case of field names and merges
 * keys that come twice; JSON.parse does neither. Every difference would be a way around the policy. So keys are
 * compared as Go folds them, and a body in which a key comes twice is refused.
 */

export type Json = null | boolean | number | string | Json[] | Fields;

const MOST_DEPTH = 60;
/** Fields that are maps in Go: their keys are free texts, are not folded, and may differ only in their case. */
const MAPS = ['labels', 'driveropts', 'options', 'config', 'annotations', 'volumes', 'tmpfs'];

/** An object's fields: found by name in any case; the entries of a map by their exact key. */
export class Fields {
  readonly #values = new Map<string, Json>();
  readonly #isMap: boolean;

  constructor(isMap = false) {
    this.#isMap = isMap;
  }

  /** @throws when there is a key already that is the same field for Go. */
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

  /** Names (folded if Go would fold them) with their values. */
  entries(): [string, Json][] {
    return [...this.#values];
  }
}

/**
 * Folds the name of a field as Go does when it compares names (Unicode's simple case folding). All fields of the engine have
 * names of ASCII letters, and just two other characters are the same as one of these: ſ is an s, and the Kelvin sign is a
 * k.
 *
 * @throws when it has any other character that is not ASCII: no field is called so.
 */
export function folded(key: string): string {
  const name = key.replaceAll('\u017F', 's').replaceAll('\u212A', 'k');
  if (!/^[\0-\x7F]*$/.test(name)) throw new Error(`the key "${key}" is not the name of a field`);
  return name.toLowerCase();
}

/** Whether a value is one that the engine's client sends for "not set": null, "", 0, false, or empty. */
export function isNothing(value: Json | undefined): boolean {
  if (value instanceof Fields) return value.entries().length === 0;
  return value === undefined || value === null || value === '' || value === 0 || value === false || isEmpty(value);
}

function isEmpty(value: Json): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** An array's elements. A single value is a list of one, because Docker accepts `"CapAdd": "NET_ADMIN"` (StrSlice). */
export function listOf(value: Json | undefined): Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** A field of a value; undefined if the value is not an object. */
export function fieldOf(value: Json | undefined, name: string): Json | undefined {
  return value instanceof Fields ? value.get(name) : undefined;
}

/** @throws when it is not JSON, is ambiguous, or has fields that the engine cannot have. */
export function readBody(text: string): Json {
  JSON.parse(text); // so that the reader below can rely on valid JSON
  const reader = new Reader(text);
  return reader.value('', 0);
}

/** Anything but a text: of one as long as a body, a pattern would need more stack than there is. */
const TOKEN = /\s*([{}[\]:,]|[^\s{}[\]:,"]+|(?="))/sy;

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
    return this.#text[this.#at] === '"' && match?.[1] === '' ? this.#string() : (match?.[1] ?? '');
  }

  /** The text that begins here, in its quotation marks. */
  #string(): string {
    const start = this.#at++;
    while (this.#text[this.#at] !== '"') this.#at += this.#text[this.#at] === '\\' ? 2 : 1;
    return this.#text.slice(start, ++this.#at);
  }

  #peek(): string {
    const at = this.#at;
    const token = this.#next();
    this.#at = at;
    return token;
  }

  /** @param name The folded key of the value. */
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
        fields.add(key, this.value(isMap ? '' : folded(key), depth + 1));
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
