/**
 * Texts that are no sign of copying when two submissions share them: the lessons' hand-outs and starters, the tracked
 * examples (the obvious solution of each lab), common snippets, and the material in the course's own folder.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { LabDefinition } from '../../lab/lab-definition.ts';
import { EVERYDAY_NAMES } from './everyday-names.ts';
import { givenOf, type Given } from './fingerprint.ts';
import { readSubmission } from '../../submission/submission.ts';
import { comparedTexts, type ComparedText } from './compared-texts.ts';
import { isCompared } from './streams.ts';

const MATERIAL = 'material';
const STARTERS = 'starters';
/** Counts for every lab: people reuse what they learned in another lab. */
const FOR_ALL = 'everyday';

export class Material {
  readonly #root: string;
  readonly #courseFolders: string[];
  readonly #starters: string[];
  #forAll: Promise<ComparedText[][]> | undefined;
  readonly #ofLab = new Map<string, Promise<Given>>();

  /**
   * @param root The project's folder.
   * @param ownLabs The course's folders (`--labs`): each may have `material/<lab>/`, `material/everyday/` and
   *   `starters/<lab>/`.
   */
  constructor(root: string, ownLabs: string[] = []) {
    this.#root = root;
    this.#starters = [root, ...ownLabs].map((folder) => path.join(folder, STARTERS));
    this.#courseFolders = [path.join(root, 'specs'), ...ownLabs].map((folder) => path.join(folder, MATERIAL));
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
    this.#forAll ??= this.#texts(FOR_ALL, [path.join(this.#root, 'docs/labs'), ...this.#examples()]);
    const own = await this.#texts(
      name,
      this.#starters.map((folder) => path.join(folder, name)),
    );
    const roles = survey.roles.map((role) => role.name);
    return givenOf([...(await this.#forAll), ...own], [...EVERYDAY_NAMES, ...roles, name]);
  }

  async #texts(name: string, more: string[]): Promise<ComparedText[][]> {
    const folders = [...this.#courseFolders.map((folder) => path.join(folder, name)), ...more];
    const isGiven = (file: string): boolean => isCompared(file) || file.endsWith('.md');
    const there = folders.filter((folder) => existsSync(folder));
    return Promise.all(there.map(async (folder) => comparedTexts((await readSubmission(folder)).texts, isGiven)));
  }

  #examples(): string[] {
    const submissions = path.join(this.#root, 'submissions');
    const examples = readdirSync(submissions).filter((name) => name.startsWith('example-'));
    const labs = (example: string): string[] =>
      readdirSync(path.join(submissions, example), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => path.join(submissions, example, name));
    return examples.sort().flatMap(labs);
  }
}
