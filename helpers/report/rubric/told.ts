/** What a course says, in its rubric or in its course file: a key's value, and the file that it is in. */
import type { Node } from 'yaml';
import type { Mistakes, YamlFile } from '../../base/yaml-file.ts';

export interface Told {
  yaml: YamlFile;
  node: Node;
  /** The key itself, for the line in a message. */
  key?: Node;
}

/** A mapping's keys, perhaps from several files. */
export type Keys = Map<string, Told>;

/** @param allowed If given, other keys are mistakes. */
export function keysOf({ yaml, node }: Told, what: string, mistakes: Mistakes, allowed?: string[]): Keys {
  const entries = [...yaml.entries(node, what, allowed, mistakes)];
  return new Map(entries.map(([name, value]) => [name, { yaml, node: value, key: yaml.key(node, name) ?? value }]));
}

/** A name that somebody has: a student called 007 is not 7. */
export function nameIn(yaml: YamlFile, node: Node, what: string): string {
  return typeof yaml.scalar(node) === 'number' ? yaml.written(node) : yaml.text(node, what);
}
