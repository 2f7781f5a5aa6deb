/**
 * Reads a rubric. All its mistakes are refused at once, each with the line and the reason, also points that do not sum to 100.
 */
import type { Node } from 'yaml';
import type { LabDefinition } from '../../lab/lab-definition.ts';
import { instead } from '../../base/near.ts';
import { hundredths } from '../whole-points.ts';
import { Mistakes, YamlFile } from '../../base/yaml-file.ts';
import { readExtensions } from './extensions.ts';
import {
  catalogueRubric,
  HINT_LEVELS,
  POINTS_OF_A_LAB,
  SHOWN,
  VISIBILITIES,
  type CriterionRubric,
  type HintLevel,
  type LabRubric,
  type LatePolicy,
  type Rubric,
  type Shown,
  type Times,
} from './rubric.ts';
import { spanOf, timeOf } from './time.ts';
import { keysOf, type Keys, type Told } from './told.ts';

export const RUBRIC_KEYS = ['due', 'late', 'handedIn', 'extensions', 'hints', 'shows', 'labs'];
const LAB_KEYS = ['due', 'late', 'hints', 'shows', 'criteria'];
const CRITERION_KEYS = ['points', 'visibility', 'hints', 'shows', 'hint'];
const LATE_KEYS = ['perDay', 'atMost', 'grace', 'days'];
const PERCENT = { fits: (value: number) => value > 0 && value <= 100, within: 'a percentage above 0, up to 100' };
const DAYS = {
  fits: (value: number) => Number.isInteger(value) && value >= 0 && value <= 365,
  within: 'a whole number of days, from 0 to 365',
};
const POINTS = {
  fits: (value: number) => value >= 0 && value <= POINTS_OF_A_LAB && hundredths(value) === value,
  within: `a number from 0 to ${POINTS_OF_A_LAB}, with at most two digits after the point`,
};
/** Stands for a due date that cannot be read, so that nothing is said to be without one. */
const UNREADABLE = new Date(0);

/** Settings for every lab that does not have its own. */
interface Common {
  due?: Date;
  late?: LatePolicy;
  hints: HintLevel;
  shows: Shown;
}

/** What a rubric says, and where. */
export interface RubricSource {
  yaml: YamlFile;
  keys: Keys;
}

/**
 * @param file What the file is called, for messages.
 * @returns the rubric without the times of handing in, and the name of the file that has these, as it is written there.
 * @throws {UsageError} with all mistakes, each with its line and the reason.
 */
export function parseRubric(
  text: string,
  file: string,
  catalogue: Map<string, LabDefinition>,
): { rubric: Rubric; handedIn?: string } {
  const mistakes = new Mistakes();
  const read = rubricOf([rubricIn(text, file, mistakes)], catalogue, mistakes);
  mistakes.tell();
  return { rubric: read.rubric, ...(read.handedIn === undefined ? {} : { handedIn: read.handedIn.file }) };
}

/** The keys of a file that is a rubric and nothing else. */
export function rubricIn(text: string, file: string, mistakes: Mistakes): RubricSource {
  const yaml = new YamlFile(text, file);
  const node = yaml.root;
  if (node === null) return yaml.refuse(node, 'a rubric must be a mapping');
  return { yaml, keys: keysOf({ yaml, node }, 'a rubric', mistakes, RUBRIC_KEYS) };
}

/**
 * Reads a rubric that is written in one or several files.
 *
 * @param sources What a later one says of anything replaces what an earlier one says of it.
 * @returns the rubric, and the file with the times of handing in with the source that names it.
 */
export function rubricOf(
  sources: RubricSource[],
  catalogue: Map<string, LabDefinition>,
  mistakes: Mistakes,
): { rubric: Rubric; handedIn?: { file: string; by: YamlFile } } {
  return new Reader(sources, catalogue, mistakes).rubric();
}

class Reader {
  readonly #sources: RubricSource[];
  readonly #catalogue: Map<string, LabDefinition>;
  readonly #mistakes: Mistakes;
  readonly #own: Rubric;

  constructor(sources: RubricSource[], catalogue: Map<string, LabDefinition>, mistakes: Mistakes) {
    this.#sources = sources;
    this.#catalogue = catalogue;
    this.#mistakes = mistakes;
    this.#own = catalogueRubric(catalogue.values());
  }

  rubric(): { rubric: Rubric; handedIn?: { file: string; by: YamlFile } } {
    const top: Keys = new Map(this.#sources.flatMap(({ keys }) => [...keys]));
    const told = top.get('handedIn');
    const handedIn = told && this.#attempt(() => told.yaml.text(told.node, 'handedIn'), undefined);
    const common = this.#common(top, { hints: 'nudge', shows: 'full' });
    const named = this.#labs();
    const labs = new Map([...this.#catalogue.keys()].map((name) => [name, this.#lab(name, named.get(name), common)]));
    this.#attempt(() => {
      this.#checkLate(top, named, labs);
    }, undefined);
    const given = top.get('extensions');
    const extensions =
      given === undefined ? undefined : this.#attempt(() => readExtensions(given, labs, this.#mistakes), undefined);
    const rubric = { ...this.#own, labs, extensions: extensions ?? new Map<string, Times>() };
    return { rubric, ...(handedIn === undefined ? {} : { handedIn: { file: handedIn, by: told!.yaml } }) };
  }

  #attempt<T>(read: () => T, otherwise: T): T {
    return this.#mistakes.attempt(read, otherwise);
  }

  /** What is said of each lab; several sources may say something of one. */
  #labs(): Map<string, Keys> {
    const labs = new Map<string, Keys>();
    for (const { keys } of this.#sources) {
      const told = keys.get('labs');
      if (told === undefined) continue;
      for (const [name, lab] of this.#attempt(() => keysOf(told, 'labs', this.#mistakes), new Map() as Keys)) {
        const isKnown = this.#attempt(() => (check(lab, name, [...this.#catalogue.keys()], 'lab'), true), false);
        const own = isKnown && this.#attempt(() => keysOf(lab, `the lab ${name}`, this.#mistakes, LAB_KEYS), undefined);
        if (own) labs.set(name, new Map([...(labs.get(name) ?? []), ...own]));
      }
    }
    return labs;
  }

  #common(keys: Keys, otherwise: Common): Common {
    const value = <T>(key: string, read: (told: Told) => T, other: T): T => this.#value(keys, key, read, other);
    const due = value('due', (told) => timeIn(told, 'due'), keys.has('due') ? UNREADABLE : otherwise.due);
    const late = value('late', (told) => this.#late(told), otherwise.late);
    return {
      ...(due === undefined ? {} : { due }),
      ...(late === undefined ? {} : { late }),
      hints: value('hints', ({ yaml, node }) => yaml.oneOf(node, 'hints', HINT_LEVELS), otherwise.hints),
      shows: value('shows', ({ yaml, node }) => yaml.oneOf(node, 'shows', SHOWN), otherwise.shows),
    };
  }

  /** @returns `otherwise` when the key is not there, or its value is a mistake. */
  #value<T>(keys: Keys, key: string, read: (told: Told) => T, otherwise: T): T {
    const told = keys.get(key);
    return told === undefined ? otherwise : this.#attempt(() => read(told), otherwise);
  }

  #lab(name: string, keys: Keys = new Map(), common: Common): LabRubric {
    const own = this.#own.labs.get(name)!.criteria;
    const { due, late, hints, shows } = this.#common(keys, common);
    const shown = keys.get('shows');
    if (shown !== undefined && shows !== 'full' && due === undefined)
      this.#attempt(
        () => shown.yaml.refuse(shown.node, `shows: ${shows} is until the due date, and ${name} has none: say "due:"`),
        undefined,
      );
    const listed = keys.get('criteria');
    const before = this.#mistakes.count;
    const named =
      listed === undefined
        ? (new Map() as Keys)
        : this.#attempt(() => keysOf(listed, 'criteria', this.#mistakes), new Map() as Keys);
    for (const id of named.keys())
      this.#attempt(() => {
        check(named.get(id)!, id, [...own.keys()], `criterion of ${name}`);
      }, undefined);
    const criteria = new Map(
      [...own].map(([id, criterion]) => {
        const otherwise = { ...criterion, hints, shows: due === undefined ? ('full' as const) : shows };
        const told = named.get(id);
        return [
          id,
          told === undefined ? otherwise : this.#attempt(() => this.#criterion(id, told, otherwise, due), otherwise),
        ];
      }),
    );
    // Points that are a mistake already need not be summed up.
    if (listed !== undefined && this.#mistakes.count === before)
      this.#attempt(() => {
        checkSum(name, criteria, named, listed);
      }, undefined);
    return {
      ...(due === undefined ? {} : { due }),
      // A lab that is never due is never late.
      ...(late === undefined || due === undefined ? {} : { late }),
      criteria,
    };
  }

  #criterion(id: string, told: Told, own: CriterionRubric, due: Date | undefined): CriterionRubric {
    const keys = keysOf(told, `the criterion ${id}`, this.#mistakes, CRITERION_KEYS);
    const value = <T>(key: string, read: (yaml: YamlFile, node: Node) => T, otherwise: T): T =>
      this.#value(keys, key, ({ yaml, node }) => read(yaml, node), otherwise);
    const untilDue = (key: string, what: string): void => {
      if (due === undefined)
        told.yaml.refuse(keys.get(key)?.node, `${id} ${what} the due date, and its lab has none: say "due:"`);
    };
    return {
      points: value('points', (yaml, at) => yaml.number(at, `the points of ${id}`, POINTS), own.points),
      visibility: value(
        'visibility',
        (yaml, at) => {
          const visibility = yaml.oneOf(at, 'visibility', VISIBILITIES);
          if (visibility === 'after_due_date') untilDue('visibility', 'is to be shown after');
          return visibility;
        },
        own.visibility,
      ),
      hints: value('hints', (yaml, at) => yaml.oneOf(at, 'hints', HINT_LEVELS), own.hints),
      shows: value(
        'shows',
        (yaml, at) => {
          const shows = yaml.oneOf(at, 'shows', SHOWN);
          if (shows !== 'full') untilDue('shows', 'is to show less before');
          return shows;
        },
        own.shows,
      ),
      hint: value('hint', (yaml, at) => yaml.text(at, `the hint of ${id}`), own.hint),
      explanation: own.explanation,
    };
  }

  #late(told: Told): LatePolicy {
    const { yaml, node } = told;
    const keys = keysOf(told, 'late', this.#mistakes, LATE_KEYS);
    if (!keys.has('perDay')) yaml.refuse(node, 'late needs perDay: how many percent are taken off for each day');
    return {
      perDay: this.#value(keys, 'perDay', (at) => yaml.number(at.node, 'perDay', PERCENT), 1),
      atMost: this.#value(keys, 'atMost', (at) => yaml.number(at.node, 'atMost', PERCENT), 100),
      graceMs: this.#value(keys, 'grace', graceIn, 0),
      days: this.#value(keys, 'days', (at) => yaml.number(at.node, 'days', DAYS), 0),
    };
  }

  /** A late policy needs a due date, and a list of when work was handed in. */
  #checkLate(top: Keys, named: Map<string, Keys>, labs: Rubric['labs']): void {
    const late = top.get('late');
    if (late !== undefined && ![...labs.values()].some(({ due }) => due !== undefined))
      late.yaml.refuse(late.node, 'late without a due date takes nothing off anybody: say "due:"');
    let any = late;
    for (const [name, keys] of named) {
      const own = keys.get('late');
      any ??= own;
      if (own !== undefined && labs.get(name)?.due === undefined)
        own.yaml.refuse(own.node, `late without a due date takes nothing off anybody: say when ${name} is due`);
    }
    if (any !== undefined && !top.has('handedIn'))
      any.yaml.refuse(
        any.node,
        'late needs to know when work was handed in: say "handedIn: FILE.csv", see docs/rubric.md',
      );
  }
}

function graceIn({ yaml, node }: Told): number {
  const ms = spanOf(yaml.text(node, 'grace'));
  return typeof ms === 'number' ? ms : yaml.refuse(node, ms);
}

function timeIn({ yaml, node }: Told, what: string): Date {
  const time = timeOf(yaml.text(node, what));
  return time instanceof Date ? time : yaml.refuse(node, `${what}: ${time}`);
}

/** @throws {UsageError} when there is no such lab or criterion; it names similar ones. */
export function check({ yaml, node, key }: Told, name: string, known: string[], what: string): void {
  if (known.includes(name)) return;
  yaml.refuse(key ?? node, `there is no ${what} called "${name}"; ${instead(name, known, 'there are')}`);
}

function checkSum(name: string, criteria: LabRubric['criteria'], named: Keys, { yaml, node, key }: Told): void {
  const sumOf = (wanted: (id: string) => boolean): number =>
    hundredths([...criteria].reduce((sum, [id, { points }]) => sum + (wanted(id) ? points : 0), 0));
  const sum = sumOf(() => true);
  if (sum === POINTS_OF_A_LAB) return;
  const others = criteria.size - named.size;
  yaml.refuse(
    key ?? node,
    `the points of ${name} sum to ${sum}, and a lab has ${POINTS_OF_A_LAB}: ${sumOf((id) => named.has(id))} for what is named here, ${sumOf((id) => !named.has(id))} for the ${others} criteria that keep their own`,
  );
}
