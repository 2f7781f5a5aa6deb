/**
 * What is given out, and what everybody knows: no sign of copying. The lessons' hand-outs, the tracked examples (one obvious
 * solution of each lab), everyday snippets, and what the course itself names in its own folder.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { LabDefinition } from '../grading/lab-definition.ts';
import { SPECS } from '../grading/catalogue.ts';
import { EVERYDAY_NAMES } from './everyday-names.ts';
import { givenOf, type Given } from './fingerprint.ts';
import { readTexts, type TextFile } from './read-texts.ts';
import { isCompared } from './streams.ts';

const ROOT = path.dirname(SPECS);
const MATERIAL = 'material';
/** Given for every lab: people use again in one what they have learned in another. */
const FOR_ALL = 'everyday';

export class Material {
  readonly #courseFolders: string[];
  #forAll: Promise<TextFile[]> | undefined;
  readonly #ofLab = new Map<string, Promise<Given>>();

  /** @param ownLabs The course's folders (`--labs`): each may have `material/<lab>/` and `material/everyday/`. */
  constructor(ownLabs: string[] = []) {
    this.#courseFolders = [SPECS, ...ownLabs].map((folder) => path.join(folder, MATERIAL));
  }

  /** What is given for a lab; found once. */
  of(lab: Pick<LabDefinition, 'name' | 'survey'>): Promise<Given> {
    const known = this.#ofLab.get(lab.name);
    if (known !== undefined) return known;
    const given = this.#find(lab);
    this.#ofLab.set(lab.name, given);
    return given;
  }

  async #find({ name, survey }: Pick<LabDefinition, 'name' | 'survey'>): Promise<Given> {
    this.#forAll ??= this.#texts(FOR_ALL, [
      path.join(ROOT, 'docs/labs'),
      ...examples().map((example) => path.join(ROOT, 'submissions', example)),
    ]);
    const own = await this.#texts(name, [path.join(ROOT, 'tests/corpus', name, 'handout')]);
    const roles = survey.roles.map((role) => role.name);
    return givenOf([...(await this.#forAll), ...own], [...EVERYDAY_NAMES, ...roles, name]);
  }

  async #texts(name: string, more: string[]): Promise<TextFile[]> {
    const folders = [...this.#courseFolders.map((folder) => path.join(folder, name)), ...more];
    const isGiven = (file: string): boolean => isCompared(file) || file.endsWith('.md');
    return (await Promise.all(folders.map((folder) => readTexts(folder, isGiven)))).flat();
  }
}

function examples(): string[] {
  return readdirSync(path.join(ROOT, 'submissions')).filter((name) => name.startsWith('example-'));
}
