/**
 * Reads a rubric file. Every error in it is refused with the line and the reason, also points that do not sum to 100.
 */
import type { Node } from 'yaml';
import type { LabDefinition } from '../../lab/lab-definition.ts';
import { instead } from '../../base/near.ts';
import { hundredths } from '../whole-points.ts';
import { YamlFile } from '../../base/yaml-file.ts';
import { readExtensions } from './extensions.ts';
import {
  catalogueRubric,
  HINT_LEVELS,
  POINTS_OF_A_LAB,
  VISIBILITIES,
  type CriterionRubric,
  type HintLevel,
  type LabRubric,
  type LatePolicy,
  type Rubric,
} from './rubric.ts';
import { spanOf, timeOf } from './time.ts';

const KEYS = ['due', 'late', 'handedIn', 'extensions', 'hints', 'labs'];
const LAB_KEYS = ['due', 'late', 'hints', 'criteria'];
const CRITERION_KEYS = ['points', 'visibility', 'hints', 'hint'];
const LATE_KEYS = ['perDay', 'atMost', 'grace'];
const PERCENT = { fits: (value: number) => value > 0 && value <= 100, within: 'a percentage above 0, up to 100' };
const POINTS = {
  fits: (value: number) => value >= 0 && value <= POINTS_OF_A_LAB && hundredths(value) === value,
  within: `a number from 0 to ${POINTS_OF_A_LAB}, with at most two digits after the point`,
};

/** Settings for every lab that does not have its own. */
interface Common {
  due?: Date;
  late?: LatePolicy;
  hints: HintLevel;
}

/**
 * @param file What the file is called, for messages.
 * @returns the rubric without the times of handing in, and the name of the file that has these, as it is written there.
 * @throws {UsageError} with the line and the reason.
 */
export function parseRubric(
  text: string,
  file: string,
  catalogue: Map<string, LabDefinition>,
): { rubric: Rubric; handedIn?: string } {
  const yaml = new YamlFile(text, file);
  return new Reader(yaml, catalogue).rubric();
}

class Reader {
  readonly #yaml: YamlFile;
  readonly #catalogue: Map<string, LabDefinition>;
  readonly #own: Rubric;

  constructor(yaml: YamlFile, catalogue: Map<string, LabDefinition>) {
    this.#yaml = yaml;
    this.#catalogue = catalogue;
    this.#own = catalogueRubric(catalogue.values());
  }

  rubric(): { rubric: Rubric; handedIn?: string } {
    const yaml = this.#yaml;
    const top = yaml.entries(yaml.root, 'a rubric', KEYS);
    const handedIn = top.has('handedIn') ? yaml.text(top.get('handedIn'), 'handedIn') : undefined;
    const common = this.#common(top, { hints: 'nudge' });
    const named = top.has('labs') ? yaml.entries(top.get('labs'), 'labs') : new Map<string, Node>();
    for (const name of named.keys()) this.#check(name, [...this.#catalogue.keys()], 'lab', top.get('labs'));
    const labs = new Map([...this.#catalogue.keys()].map((name) => [name, this.#lab(name, named.get(name), common)]));
    this.#checkLate(top, named, labs, handedIn !== undefined);
    const extensions = readExtensions(yaml, top.get('extensions'), labs);
    return { rubric: { labs, extensions, handedIn: new Map() }, ...(handedIn === undefined ? {} : { handedIn }) };
  }

  #common(keys: Map<string, Node>, otherwise: Common): Common {
    const due = keys.has('due') ? this.#time(keys.get('due'), 'due') : otherwise.due;
    const late = keys.has('late') ? this.#late(keys.get('late')) : otherwise.late;
    return {
      ...(due === undefined ? {} : { due }),
      ...(late === undefined ? {} : { late }),
      hints: keys.has('hints') ? this.#yaml.oneOf(keys.get('hints'), 'hints', HINT_LEVELS) : otherwise.hints,
    };
  }

  #lab(name: string, node: Node | undefined, common: Common): LabRubric {
    const yaml = this.#yaml;
    const own = this.#own.labs.get(name)!.criteria;
    const keys = node === undefined ? new Map<string, Node>() : yaml.entries(node, `the lab ${name}`, LAB_KEYS);
    const { due, late, hints } = this.#common(keys, common);
    const listed = keys.get('criteria');
    const named = listed === undefined ? new Map<string, Node>() : yaml.entries(listed, 'criteria');
    for (const id of named.keys()) this.#check(id, [...own.keys()], `criterion of ${name}`, listed);
    const criteria = new Map(
      [...own].map(([id, criterion]) => [id, this.#criterion(id, named.get(id), { ...criterion, hints }, due)]),
    );
    this.#checkSum(name, criteria, named, this.#yaml.key(node, 'criteria'));
    return {
      ...(due === undefined ? {} : { due }),
      // A lab that is never due is never late.
      ...(late === undefined || due === undefined ? {} : { late }),
      criteria,
    };
  }

  #criterion(id: string, node: Node | undefined, own: CriterionRubric, due: Date | undefined): CriterionRubric {
    if (node === undefined) return own;
    const yaml = this.#yaml;
    const keys = yaml.entries(node, `the criterion ${id}`, CRITERION_KEYS);
    const value = <T>(key: string, read: (node: Node | undefined) => T, otherwise: T): T =>
      keys.has(key) ? read(keys.get(key)) : otherwise;
    const visibility = value('visibility', (at) => yaml.oneOf(at, 'visibility', VISIBILITIES), own.visibility);
    if (visibility === 'after_due_date' && due === undefined)
      yaml.refuse(keys.get('visibility'), `${id} is to be shown after the due date, and its lab has none: say "due:"`);
    return {
      points: value('points', (at) => yaml.number(at, `the points of ${id}`, POINTS), own.points),
      visibility,
      hints: value('hints', (at) => yaml.oneOf(at, 'hints', HINT_LEVELS), own.hints),
      hint: value('hint', (at) => yaml.text(at, `the hint of ${id}`), own.hint),
      explanation: own.explanation,
    };
  }

  #late(node: Node | undefined): LatePolicy {
    const yaml = this.#yaml;
    const keys = yaml.entries(node, 'late', LATE_KEYS);
    if (!keys.has('perDay')) yaml.refuse(node, 'late needs perDay: how many percent are taken off for each day');
    const grace = keys.get('grace');
    const graceMs = grace === undefined ? 0 : spanOf(yaml.text(grace, 'grace'));
    if (typeof graceMs === 'string') return yaml.refuse(grace, graceMs);
    return {
      perDay: yaml.number(keys.get('perDay'), 'perDay', PERCENT),
      atMost: keys.has('atMost') ? yaml.number(keys.get('atMost'), 'atMost', PERCENT) : 100,
      graceMs,
    };
  }

  #time(node: Node | undefined, what: string): Date {
    const time = timeOf(this.#yaml.text(node, what));
    return time instanceof Date ? time : this.#yaml.refuse(node, `${what}: ${time}`);
  }

  #check(name: string, known: string[], what: string, inside: Node | undefined): void {
    if (known.includes(name)) return;
    this.#yaml.refuse(
      this.#yaml.key(inside, name),
      `there is no ${what} called "${name}"; ${instead(name, known, 'there are')}`,
    );
  }

  #checkSum(
    name: string,
    criteria: LabRubric['criteria'],
    named: Map<string, Node>,
    node: Node | null | undefined,
  ): void {
    const sumOf = (wanted: (id: string) => boolean): number =>
      hundredths([...criteria].reduce((sum, [id, { points }]) => sum + (wanted(id) ? points : 0), 0));
    const sum = sumOf(() => true);
    if (sum === POINTS_OF_A_LAB) return;
    const others = criteria.size - named.size;
    this.#yaml.refuse(
      node,
      `the points of ${name} sum to ${sum}, and a lab has ${POINTS_OF_A_LAB}: ${sumOf((id) => named.has(id))} for what is named here, ${sumOf((id) => !named.has(id))} for the ${others} criteria that keep their own`,
    );
  }

  /** A late policy needs a due date, and a list of when work was handed in. */
  #checkLate(top: Map<string, Node>, named: Map<string, Node>, labs: Rubric['labs'], handedIn: boolean): void {
    const late = top.get('late');
    if (late !== undefined && ![...labs.values()].some(({ due }) => due !== undefined))
      this.#yaml.refuse(late, 'late without a due date takes nothing off anybody: say "due:"');
    let any = late;
    for (const [name, node] of named) {
      const own = this.#yaml.entries(node, name).get('late');
      any ??= own;
      if (own !== undefined && labs.get(name)?.due === undefined)
        this.#yaml.refuse(own, `late without a due date takes nothing off anybody: say when ${name} is due`);
    }
    if (any !== undefined && !handedIn)
      this.#yaml.refuse(
        any,
        'late needs to know when work was handed in: say "handedIn: FILE.csv", see docs/rubric.md',
      );
  }
}
