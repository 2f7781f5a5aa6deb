/** Texts as sequences of words; each word is marked if it is a name that its author could choose. */

export interface Token {
  text: string;
  /** Whether another author could have chosen another word: a container's name, a network, a variable, an address. */
  name: boolean;
}

/** Words that belong together and whose order means something: a command, a service, a program. */
export type Stream = Token[];

/** Characters of a word; longer ones are cut, because their beginning is enough to tell them apart. */
const LONGEST = 80;
const ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/;
/** In this order: a double slash, an address, a path, a word, and signs that mean something between words. */
const TOKENS =
  /\/\/|\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?|\.{0,2}(?:\/[\p{L}\p{N}_.-]+)+|[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*|[=|<>&+*%!@]/gu;

/** Words that mean something to Docker or a shell. They are never taken for a chosen name. */
const FIXED = new Set(
  (
    'nginx mongo alpine busybox python python3 redis httpd ubuntu debian node postgres mysql mariadb mongo-express ' +
    'adminer caddy traefik flask bridge host none default overlay docker compose network container run create connect ' +
    'bash sh ash sleep echo image build ports networks volumes services'
  ).split(' '),
);

/** The names chosen in one submission. They are collected first, so that they are known wherever they turn up. */
export class Names {
  readonly #all = new Set<string>();
  readonly #shown = new Set<string>();

  /** @param shown Of a container, network, volume or the like; not of a variable inside a program. */
  note(name: string, shown: boolean): void {
    const cut = name.slice(0, LONGEST);
    if (cut === '') return;
    if (!FIXED.has(cut) && !ADDRESS.test(cut)) this.#all.add(cut);
    if (shown) this.#shown.add(cut);
  }

  has(word: string): boolean {
    return this.#all.has(word);
  }

  /** The names of containers, networks and their subnets, volumes and images, but not of variables in programs. */
  get shown(): string[] {
    return [...this.#shown];
  }
}

/** Splits a text into words. Quotation marks, brackets, commas, colons and white space are ignored. */
export function tokensOf(text: string, names: Names): Token[] {
  if (names.has(text)) return [nameToken(text)]; // the whole of it, as `me/my-image`
  return (text.match(TOKENS) ?? []).map((word) => {
    const cut = word.slice(0, LONGEST);
    return { text: cut, name: ADDRESS.test(cut) || names.has(cut) };
  });
}

/** A word at the place of a name. A variable at such a place counts as a name, too. */
export function nameToken(text: string): Token {
  return { text: text.slice(0, LONGEST), name: true };
}
