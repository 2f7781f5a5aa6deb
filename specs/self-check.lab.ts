/** The self-check: multiple-choice questions on the lesson, answered on a page that exports answers.yaml. */
import { ANSWERS } from '../helpers/answers/answers.ts';
import { defineLab } from '../helpers/grading/lab-definition.ts';
import { QUESTIONS } from './self-check/index.ts';

const POINTS = 100;

export const definition = defineLab({
  name: 'self-check',
  title: 'Questions on the lesson',
  machines: 0,
  survey: { roles: [], answers: ANSWERS },
  criteria: Object.fromEntries(
    QUESTIONS.map(({ id, title, hint }) => [id, { title, points: POINTS / QUESTIONS.length, hint }]),
  ),
});
