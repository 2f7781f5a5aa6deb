/** What a Compose file says, as far as it matters before Compose reads it. */
import { parseStudentYaml } from '../base/student-yaml.ts';

/** Compose files may use more aliases than other files of students. */
const ALIASES = 100;

/** @returns the Compose file as plain values; an empty mapping when it is no YAML: Compose will say so. */
export function readCompose(text: string): Record<string, unknown> {
  try {
    return mapping(parseStudentYaml(text, { merge: true, aliases: ALIASES }));
  } catch {
    return {};
  }
}

export function mapping(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** The names of what a Compose file takes as there: external networks and volumes, and images that it does not build. */
export function composeNeeds(text: string): string[] {
  const content = readCompose(text);
  const external = ['networks', 'volumes'].flatMap((kind) =>
    Object.entries(mapping(content[kind])).flatMap(([key, value]) => {
      const { external: isExternal, name } = mapping(value);
      if (isExternal === undefined || isExternal === false) return [];
      // `external: { name: … }` is how version 2 of the format says it.
      const called = name ?? mapping(isExternal)['name'];
      return typeof called === 'string' ? called : key;
    }),
  );
  const images = Object.values(mapping(content['services'])).flatMap((service) => {
    const { image, build } = mapping(service);
    return typeof image === 'string' && build === undefined ? [image, image.replace(/:latest$/, '')] : [];
  });
  return [...external, ...images];
}

/** Whether a text looks like a Compose file, whatever its name is. */
export function isCompose(text: string): boolean {
  return Object.keys(mapping(readCompose(text)['services'])).length > 0;
}

/** Whether it says what its project is called. */
export function saysProject(text: string): boolean {
  return typeof readCompose(text)['name'] === 'string';
}

/** Whether Compose can make a project's name of a folder's: it keeps a-z, 0-9, `_` and `-`, and begins with none of the last two. */
export function namesProject(folder: string): boolean {
  return /[a-z0-9]/.test(folder.toLowerCase());
}
