/** The type of a question of the self-check. The questions themselves are in specs/self-check/. */

export interface Option {
  /** Text in which `…` is code. */
  says: string;
  /** Whether it is right. An experiment proves it: see `experiment` of the question. */
  holds: boolean;
  /** Why it is right or wrong; shown only after the student has answered. */
  why: string;
}

/** The letters under which options are shown and handed in. */
export type Letter = 'a' | 'b' | 'c' | 'd' | 'e';

export interface Question {
  /** The criterion's id, and the key in answers.yaml. */
  id: string;
  title: string;
  /** Commands that were run before, one per line; may be empty. */
  setup: string;
  /** Text in which `…` is code. */
  asks: string;
  /** In this order. */
  options: Partial<Record<Letter, Option>>;
  /** Where to look, never the answer. */
  hint: string;
  /** The experiment on a real engine that shows which options are right; in tests/helpers/self-check/. */
  experiment: string;
}

/** Questions that belong together. */
export interface Theme {
  title: string;
  questions: Question[];
}

export function holds(says: string, why: string): Option {
  return { says, holds: true, why };
}

export function fails(says: string, why: string): Option {
  return { says, holds: false, why };
}

/** Its options with their letters, in order. */
export function optionsOf({ options }: Question): [Letter, Option][] {
  return Object.entries(options) as [Letter, Option][];
}

export function lettersOf(question: Question): Letter[] {
  return optionsOf(question).map(([letter]) => letter);
}

/** The letters of the right options. */
export function keyOf(question: Question): Letter[] {
  return optionsOf(question)
    .filter(([, option]) => option.holds)
    .map(([letter]) => letter);
}
