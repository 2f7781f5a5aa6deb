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

/** Characters; nobody writes more by hand. */
const LONGEST = 1_000_000;

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
    const [error] = document.errors;
    if (error !== undefined) {
      throw new UsageError(
        `${file}, line ${error.linePos?.[0].line ?? 1}: ${error.message.split('\n')[0]?.replace(/ at line .*/, '')}`,
      );
    }
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
    const line = this.#lines.linePos(node?.range?.[0] ?? 0).line;
    throw new UsageError(`${this.#file}, line ${line}: ${reason}`);
  }

  /** A mapping's entries. @param allowed If given, every other key is refused. */
  entries(node: Node | null | undefined, what: string, allowed?: string[]): Map<string, Node> {
    if (!isMap(node)) return this.refuse(node, this.#withAlias(node, `${what} must be a mapping`));
    const entries = new Map<string, Node>();
    for (const { key, value } of (node as YAMLMap<Node, Node | null>).items) {
      const name = nameOf(key);
      if (allowed !== undefined && !allowed.includes(name))
        this.refuse(key, `unknown key "${name}" in ${what}; the keys are ${allowed.join(', ')}`);
      entries.set(name, value ?? key);
    }
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
    return (
      known.find((each) => each === value) ??
      this.refuse(node, this.#withAlias(node, `${what} must be one of ${known.join(', ')}`))
    );
  }

  scalar(node: Node | null | undefined): unknown {
    return isScalar(node) ? node.value : undefined;
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
