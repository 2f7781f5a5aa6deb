/** Matcher for the options that a student chose in the self-check. */
import type { Lab } from '../lab-under-test.ts';
import { describedEvidence, findingOf, type Finding } from '../../lab/verdict.ts';
import { choiceAsText, judgeChoice } from '../answers/choice.ts';
import type { Question } from '../../lab/self-check-question.ts';
import { answersGiven, noAnswers } from './answers.ts';

export function chooseExactly(lab: Lab, question: Question, questions: Question[]): Finding {
  const { file, given, trouble: none } = answersGiven(lab);
  if (none !== undefined) return noAnswers(question.id, none);
  const { expected, trouble, seen } = judgeChoice(question, given, file, questions);
  return findingOf(expected, trouble === undefined ? [] : [trouble], seen, [
    describedEvidence(`${question.id} in ${file}`, choiceAsText(question, given)),
  ]);
}
