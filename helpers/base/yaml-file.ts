/**
 * Reads a YAML file that an instructor writes, strictly: every error is refused with the line and the reason. Aliases
 * are not followed, so a few lines cannot expand to millions.
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type YAMLMap,
} from 'yaml';
import { UsageError } from './failure.ts';
import { instead, near } from './near.ts';

/** Characters; nobody writes more by hand. */
const LONGEST = 1_000_000;

/** Mistakes at one or more lines of a file. */
class Mistake extends UsageError {
  readonly at: { file: string; line: number; reason: string }[];

  constructor(at: Mistake['at']) {
    super(at.map(({ file, line, reason }) => `${file}, line ${line}: ${reason}`).join('\n'));
    this.at = at;
  }
}

/** Collects mistakes, so that all of a file's are told at once. */
export class Mistakes {
  #at: Mistake['at'] = [];

  get count(): number {
    return this.#at.length;
  }

  /** Reads a part of a file. @returns `otherwise` when there is a mistake in it; the mistake is kept for `tell`. */
  attempt<T>(read: () => T, otherwise: T): T {
    try {
      return read();
    } catch (error) {
      this.keep(error);
      return otherwise;
    }
  }

  /** Keeps a mistake for `tell`, and throws every other error. */
  keep(error: unknown): void {
    if (!(error instanceof Mistake)) throw error;
    this.#at.push(...error.at);
  }

  /** @throws {UsageError} with all mistakes, in the order of their lines, if there are any. */
  tell(): void {
    if (this.#at.length === 0) return;
    throw new Mistake(this.#at.toSorted((a, b) => (a.file === b.file ? a.line - b.line : 0)));
  }
}

export class YamlFile {
  readonly root: Node | null;
  readonly #file: string;
  readonly #lines = new LineCounter();

  /**
   * @param file What the file is called, for messages.
   * @throws {UsageError} when it is not YAML.
   */
  constructor(text: string, file: string) {
    this.#file = file;
    if (text.length > LONGEST) throw new UsageError(`${file} is longer than ${LONGEST} characters`);
    const document = this.#parse(text);
    if (document.errors.length > 0)
      throw new Mistake(
        document.errors.map(({ linePos, message }) => ({
          file,
          line: linePos?.[0].line ?? 1,
          reason: (message.split('\n')[0] ?? '').replace(/ at line .*/, ''),
        })),
      );
    this.root = document.contents;
  }

  #parse(text: string): Document {
    try {
      return parseDocument(text, { lineCounter: this.#lines });
    } catch (error) {
      // The parser is recursive: deep nesting overflows the stack.
      if (error instanceof RangeError) throw new UsageError(`${this.#file} is nested too deeply to be read`);
      throw error;
    }
  }

  refuse(node: Node | null | undefined, reason: string): never {
    throw new Mistake([this.#at(node, reason)]);
  }

  #at(node: Node | null | undefined, reason: string): Mistake['at'][number] {
    return { file: this.#file, line: this.#lines.linePos(node?.range?.[0] ?? 0).line, reason };
  }

  /**
   * A mapping's entries.
   *
   * @param allowed If given, every other key is refused.
   * @param mistakes If given, unknown keys are noted there, and the other ones are returned.
   */
  entries(node: Node | null | undefined, what: string, allowed?: string[], mistakes?: Mistakes): Map<string, Node> {
    if (!isMap(node)) return this.refuse(node, this.#withAlias(node, `${what} must be a mapping`));
    const entries = new Map<string, Node>();
    const unknown: Mistake['at'] = [];
    for (const { key, value } of (node as YAMLMap<Node, Node | null>).items) {
      const name = nameOf(key);
      if (allowed === undefined || allowed.includes(name)) entries.set(name, value ?? key);
      else unknown.push(this.#at(key, `unknown key "${name}" in ${what}; ${instead(name, allowed, 'the keys are')}`));
    }
    if (unknown.length > 0 && mistakes === undefined) throw new Mistake(unknown);
    if (unknown.length > 0) mistakes?.keep(new Mistake(unknown));
    return entries;
  }

  /** The node of the key `name` of a mapping, for the line in an error message. */
  key(node: Node | null | undefined, name: string): Node | null | undefined {
    if (!isMap(node)) return node;
    return (node as YAMLMap<Node, Node | null>).items.find(({ key }) => nameOf(key) === name)?.key;
  }

  list(node: Node | undefined, what: string): Node[] {
    return isSeq(node) ? (node.items as Node[]) : this.refuse(node, this.#withAlias(node, `${what} must be a list`));
  }

  texts(node: Node, what: string): string[] {
    return isSeq(node) ? (node.items as Node[]).map((each) => this.text(each, what)) : [this.text(node, what)];
  }

  text(node: Node | null | undefined, what: string): string {
    const value = this.scalar(node);
    return typeof value === 'string' && value !== ''
      ? value
      : this.refuse(node, this.#withAlias(node, `${what} must be a text`));
  }

  /** A number for which `range.fits`. @param range `within` says in words what fits. */
  number(node: Node | undefined, what: string, range: { fits: (value: number) => boolean; within: string }): number {
    const value = this.scalar(node);
    return typeof value === 'number' && range.fits(value)
      ? value
      : this.refuse(node, this.#withAlias(node, `${what} must be ${range.within}`));
  }

  oneOf<T extends string>(node: Node | undefined, what: string, known: readonly T[]): T {
    const value = this.scalar(node);
    const found = known.find((each) => each === value);
    if (found !== undefined) return found;
    const [likely] = typeof value === 'string' ? near(value, known) : [];
    const hint = likely === undefined ? '' : `; did you mean ${likely}?`;
    return this.refuse(node, this.#withAlias(node, `${what} must be one of ${known.join(', ')}${hint}`));
  }

  scalar(node: Node | null | undefined): unknown {
    return isScalar(node) ? node.value : undefined;
  }

  /** A scalar as it is written in the file: 007, not 7. */
  written(node: Node): string {
    return isScalar(node) ? (node.source ?? String(node.value)) : '';
  }

  isList(node: Node | null | undefined): boolean {
    return isSeq(node);
  }

  isMapping(node: Node | null | undefined): boolean {
    return isMap(node);
  }

  #withAlias(node: Node | null | undefined, reason: string): string {
    return isAlias(node) ? `${reason}; aliases (*${node.source}) are not read here: write it out` : reason;
  }
}

/** A key as it is written: a student called 007 must not become 7. */
function nameOf(key: Node): string {
  if (!isScalar(key)) return String(key);
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}
