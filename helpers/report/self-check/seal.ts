/** Seals questions for the page; see box.ts. */
import { base64Of, choiceOf, encrypt, importKey, openerOf, type Feedback, type SealedQuestion } from './box.ts';
import { lettersOf, optionsOf, type Question } from '../../lab/self-check-question.ts';

/**
 * Some 20 ms on a desktop machine, and 100 ms on a phone: a person does not notice, but trying all choices takes long.
 */
export const ITERATIONS = 100_000;
const KEY_BYTES = 32;
const SALT_BYTES = 16;

/** Seals all questions. Lengths and order of the result do not depend on which options are right. */
export async function seal(questions: Question[], iterations = ITERATIONS): Promise<SealedQuestion[]> {
  const texts = questions.map((question) => new TextEncoder().encode(JSON.stringify(feedbackOf(question))));
  const length = Math.max(...texts.map((text) => text.length)) + mostOptions(questions);
  return Promise.all(questions.map((question, i) => sealOne(question, padded(texts[i]!, length), iterations)));
}

async function sealOne(
  question: Question,
  feedback: Uint8Array<ArrayBuffer>,
  iterations: number,
): Promise<SealedQuestion> {
  const { id } = question;
  const salt = base64Of(crypto.getRandomValues(new Uint8Array(SALT_BYTES)));
  const key = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const boxes = choicesOf(question).map(async (choice) => {
    const opener = await openerOf({ id, salt, iterations }, choice);
    return [choice, await encrypt(opener, key)] as const;
  });
  return {
    id,
    salt,
    iterations,
    feedback: await encrypt(await importKey(key, ['encrypt']), feedback),
    boxes: Object.fromEntries(await Promise.all(boxes)),
  };
}

function feedbackOf(question: Question): Feedback {
  return Object.fromEntries(optionsOf(question).map(([letter, { holds, why }]) => [letter, { holds, why }]));
}

/** Every choice but the empty one. */
export function choicesOf(question: Question): string[] {
  const letters = lettersOf(question);
  return Array.from({ length: 2 ** letters.length - 1 }, (_, i) =>
    choiceOf(letters.filter((_letter, bit) => ((i + 1) >> bit) % 2 === 1)),
  );
}

/** JSON may end in spaces. */
function padded(text: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length).fill(' '.charCodeAt(0));
  bytes.set(text);
  return bytes;
}

/**
 * `false` is one character longer than `true`: so many characters more, and the length does not tell which is which.
 */
function mostOptions(questions: Question[]): number {
  return Math.max(...questions.map((question) => lettersOf(question).length));
}
