/** Judges a student's choice of options. It is read from answers.yaml, which may contain anything. */
import { quote, sameSet, textOf, type Given, type Judgement } from './judgement.ts';
import { keyOf, lettersOf, optionsOf, type Question } from '../../lab/self-check-question.ts';

/** At most so many unknown words are quoted. */
const MOST_QUOTED = 3;

/**
 * Judges one choice. The result never says which options are right.
 *
 * @param questions All questions: an answer to an unknown question may be meant for this one, and is mentioned.
 */
export function judgeChoice(question: Question, given: Given, file: string, questions: Question[]): Judgement {
  return {
    expected: 'the right options are chosen, and no others',
    trouble: troubleWith(question, given, file, questions),
    seen: `chosen: ${chosenIn(question, given).join(', ')}`,
  };
}

/** The chosen options in the words of the page. */
export function choiceAsText(question: Question, given: Given): string {
  const words = wordsOf(question, given);
  const known = optionsOf(question).filter(([letter]) => words.includes(letter));
  if (words.length === 0) return '(nothing)';
  return known.length === words.length
    ? known.map(([letter, { says }]) => `${letter}  ${says}`).join('\n')
    : quote(textOf(given, question.id));
}

function troubleWith(question: Question, given: Given, file: string, questions: Question[]): string | undefined {
  const { id } = question;
  if (!Object.hasOwn(given, id)) return `${file} has no answer to ${id}${strangersIn(given, questions)}`;
  const [words, letters] = [wordsOf(question, given), lettersOf(question)];
  if (words.length === 0) return 'nothing is chosen';
  const invented = words.filter((word) => !letters.some((letter) => letter === word));
  if (invented.length > 0)
    return `${quoted(invented)} is not an option of ${id}: its options are ${letters.join(', ')}, and are given as [${letters.slice(0, 2).join(', ')}]`;
  const chosen = chosenIn(question, given);
  return sameSet(chosen, keyOf(question))
    ? undefined
    : `chosen: ${chosen.join(', ')}; these are not exactly the right options`;
}

function strangersIn(given: Given, questions: Question[]): string {
  const strangers = Object.keys(given).filter((key) => !questions.some(({ id }) => id === key));
  return strangers.length === 0 ? '' : `; it answers ${quoted(strangers)}, which is not a question of this lab`;
}

function chosenIn(question: Question, given: Given): string[] {
  const words = wordsOf(question, given);
  return lettersOf(question).filter((letter) => words.includes(letter));
}

/** The words of an answer in lower case, each once. */
function wordsOf({ id }: Question, given: Given): string[] {
  if (!Object.hasOwn(given, id)) return [];
  const words = textOf(given, id)
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((word) => word !== '');
  return [...new Set(words)];
}

function quoted(words: string[]): string {
  const shown = words.slice(0, MOST_QUOTED).map(quote).join(', ');
  return words.length > MOST_QUOTED ? `${shown}, …` : shown;
}
