/** What a course decides about points, for every lab and criterion; defaults are filled in. */
import type { LabDefinition } from '../../lab/lab-definition.ts';
import type { CountingAttempt } from '../attempts.ts';
import type { RubricStamp } from '../record.ts';

/** `none`: no hint; `nudge`: where to look; `full`: and what Docker does there, and what usually is the cause. */
export const HINT_LEVELS = ['none', 'nudge', 'full'] as const;
export type HintLevel = (typeof HINT_LEVELS)[number];

/** When a student may see a criterion; see report/student-view.ts. */
export const VISIBILITIES = ['visible', 'after_due_date', 'hidden'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** How much a rule that did not pass shows before the due date; see report/student-view.ts. */
export const SHOWN = ['verdict', 'seen', 'full'] as const;
export type Shown = (typeof SHOWN)[number];

export interface Rubric {
  /** Which file it was; absent for the catalogue's own points. */
  stamp?: RubricStamp;
  /** Every lab there is. */
  labs: Map<string, LabRubric>;
  /** Later due dates of single students. */
  extensions: Map<string, Times>;
  /** When what was graded was handed in, as the course knows it. */
  handedIn: Map<string, Times>;
  /** Who hands in together: a group's name and its members. */
  groups: Map<string, string[]>;
  /** Of several attempts, the one that counts; the latest, if it is not said. */
  attempts?: CountingAttempt;
  /** Verdicts' points that somebody has changed by hand. If absent, those that the records have stay. */
  overrides?: Override[];
  /** The labs that count, whoever has handed them in. If absent, a lab that nobody has handed in does not count. */
  counting?: string[];
}

export interface LabRubric {
  due?: Date;
  late?: LatePolicy;
  /** Every criterion of the lab; the points sum to 100. */
  criteria: Map<string, CriterionRubric>;
}

/** One entry of overrides.yaml. */
export interface Override {
  student: string;
  lab: string;
  criterion: string;
  points: number;
  reason: string;
  who: string;
  /** A day, or a time. */
  when: string;
}

export interface LatePolicy {
  /** Percent of the points for each day after the due date that has begun. */
  perDay: number;
  /** The most that is taken off, in percent. */
  atMost: number;
  /** Milliseconds after the due date in which nothing counts as late. */
  graceMs: number;
  /** How many days of being late each student has, over all labs, for which nothing is taken off. */
  days: number;
}

export interface CriterionRubric {
  points: number;
  visibility: Visibility;
  hints: HintLevel;
  shows: Shown;
  hint: string;
  explanation: string;
}

/** A student's times: for single labs, and for all others. */
export interface Times {
  all?: Date;
  labs: Map<string, Date>;
}

export const POINTS_OF_A_LAB = 100;

/** Without a rubric: the points and hints of the labs' definitions, everything visible, nothing due. */
export function catalogueRubric(labs: Iterable<LabDefinition>): Rubric {
  return {
    labs: new Map([...labs].map((lab) => [lab.name, { criteria: criteriaOf(lab) }])),
    extensions: new Map(),
    handedIn: new Map(),
    groups: new Map(),
  };
}

function criteriaOf({ criteria }: LabDefinition): LabRubric['criteria'] {
  return new Map(
    Object.entries(criteria).map(([id, { points, hint, explanation = '' }]) => [
      id,
      { points, visibility: 'visible', hints: 'nudge', shows: 'full', hint, explanation },
    ]),
  );
}

/** The name of the group that a student is in. */
export function groupOf({ groups }: Pick<Rubric, 'groups'>, student: string): string | undefined {
  return [...groups].find(([, members]) => members.includes(student))?.[0];
}

/** A student's time for a lab: of a group, the latest that is known of its members or of itself. */
export function timeFor(
  times: Map<string, Times>,
  { groups }: Pick<Rubric, 'groups'>,
  student: string,
  lab: string,
): Date | undefined {
  const group = groupOf({ groups }, student);
  const whose = group === undefined ? [student] : [group, ...groups.get(group)!];
  const known = whose.map((name) => times.get(name)).map((own) => own?.labs.get(lab) ?? own?.all);
  return known
    .filter((time) => time !== undefined)
    .reduce<Date | undefined>((latest, time) => (latest === undefined || time > latest ? time : latest), undefined);
}
