/** The self-check: multiple-choice questions on the lesson, answered on a page that exports answers.yaml. */
import { ANSWERS } from '../helpers/submission/answers.ts';
import { defineLab } from '../helpers/lab/lab-definition.ts';
import { QUESTIONS } from './self-check/index.ts';

const POINTS = 100;

/** The same for all: what a question is about in particular would be its answer. */
const explanation =
  'Every option is a claim of its own, and right when a real engine behaves so. An answer counts when it has all options that are right and no other: one too many, or one too few, is as wrong as another one.';

export const definition = defineLab({
  name: 'self-check',
  title: 'Questions on the lesson',
  machines: 0,
  survey: { roles: [], answers: ANSWERS },
  criteria: Object.fromEntries(
    QUESTIONS.map(({ id, title, hint }) => [id, { title, points: POINTS / QUESTIONS.length, hint, explanation }]),
  ),
});
