/** Holds the key of the self-check against what was seen. */
import { optionsOf, type Question } from '../../../helpers/lab/self-check-question.ts';
import type { Observed } from './experiment.ts';
import { EXPERIMENTS } from './experiments.ts';

/** Where the key and the engine disagree, a sentence for each option; empty when they agree. @param seen By experiment. */
export function disagreements(questions: Question[], seen: Record<string, Observed>): string[] {
  return questions.flatMap((question) => {
    const facts = seen[question.experiment];
    if (facts === undefined) return [`${question.id}: the experiment "${question.experiment}" was not done`];
    return optionsOf(question).flatMap(([letter, option]) => {
      const decides = EXPERIMENTS[question.experiment]?.decides[question.id]?.[letter];
      if (decides === undefined) return [`${question.id}, ${letter}: nothing decides it`];
      if (decides(facts) === option.holds) return [];
      const [key, engine] = option.holds ? ['holds', 'does not'] : ['does not hold', 'does'];
      return [`${question.id}, ${letter}: the key says that it ${key}, the engine that it ${engine}`];
    });
  });
}

/** The questions with one option's truth turned round. */
export function flipped(questions: Question[], id: string, letter: string): Question[] {
  return questions.map((question) =>
    question.id !== id
      ? question
      : {
          ...question,
          options: Object.fromEntries(
            optionsOf(question).map(([each, option]) => [
              each,
              each === letter ? { ...option, holds: !option.holds } : option,
            ]),
          ),
        },
  );
}
