/** What a course decides about points, for every lab and criterion; defaults are filled in. */
import type { LabDefinition } from '../../lab/lab-definition.ts';
import type { RubricStamp } from '../record.ts';

/** `none`: no hint; `nudge`: where to look; `full`: and what Docker does there, and what usually is the cause. */
export const HINT_LEVELS = ['none', 'nudge', 'full'] as const;
export type HintLevel = (typeof HINT_LEVELS)[number];

/** When a student may see a criterion; see report/student-view.ts. */
export const VISIBILITIES = ['visible', 'after_due_date', 'hidden'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

export interface Rubric {
  /** Which file it was; absent for the catalogue's own points. */
  stamp?: RubricStamp;
  /** Every lab there is. */
  labs: Map<string, LabRubric>;
  /** Later due dates of single students. */
  extensions: Map<string, Times>;
  /** When what was graded was handed in, as the course knows it. */
  handedIn: Map<string, Times>;
}

export interface LabRubric {
  due?: Date;
  late?: LatePolicy;
  /** Every criterion of the lab; the points sum to 100. */
  criteria: Map<string, CriterionRubric>;
}

export interface LatePolicy {
  /** Percent of the points for each day after the due date that has begun. */
  perDay: number;
  /** The most that is taken off, in percent. */
  atMost: number;
  /** Milliseconds after the due date in which nothing counts as late. */
  graceMs: number;
}

export interface CriterionRubric {
  points: number;
  visibility: Visibility;
  hints: HintLevel;
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
  };
}

function criteriaOf({ criteria }: LabDefinition): LabRubric['criteria'] {
  return new Map(
    Object.entries(criteria).map(([id, { points, hint, explanation = '' }]) => [
      id,
      { points, visibility: 'visible', hints: 'nudge', hint, explanation },
    ]),
  );
}

/** A student's time for a lab. */
export function timeFor(times: Map<string, Times>, student: string, lab: string): Date | undefined {
  const own = times.get(student);
  return own?.labs.get(lab) ?? own?.all;
}
