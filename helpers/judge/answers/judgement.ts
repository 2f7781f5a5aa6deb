/** The judgement of one answer. */

export interface Judgement {
  /** What a right answer says. */
  expected: string;
  /** What is wrong with this answer; undefined if it is right. */
  trouble: string | undefined;
  /** What is seen if it is right. */
  seen: string;
}

/** The lines of each answer, by question; see parseAnswers. */
export type Given = Record<string, string[]>;

export function textOf(given: Given, question: string): string {
  return (given[question] ?? []).join('\n');
}

const LONGEST_QUOTE = 100;

/** An answer in quotes, short enough for a sentence. */
export function quote(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return `"${line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line}"`;
}

export function sameSet(one: string[], other: string[]): boolean {
  return one.every((each) => other.includes(each)) && other.every((each) => one.includes(each));
}
