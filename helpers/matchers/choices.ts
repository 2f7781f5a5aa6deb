/** Options that a student chose in answer to a question of the self-check. */
import type { Lab } from '../grading/lab-under-test.ts';
import { findingOf, type Finding } from '../grading/verdict.ts';
import { choiceAsText, judgeChoice } from '../self-check/choice.ts';
import type { Question } from '../self-check/question.ts';
import { answersOf } from './answers.ts';

export function chooseExactly(_isNot: boolean, lab: Lab, question: Question, questions: Question[]): Finding {
  const { file, answers } = answersOf(lab);
  if ('problem' in answers) return findingOf(`${question.id} is answered`, [answers.problem], '', []);
  const { expected, trouble, seen } = judgeChoice(question, answers.given, file, questions);
  return findingOf(expected, trouble === undefined ? [] : [trouble], seen, [
    { what: `${question.id} in ${file}`, output: choiceAsText(question, answers.given) },
  ]);
}
