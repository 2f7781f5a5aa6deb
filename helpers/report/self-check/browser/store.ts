/** What the browser remembers of a student's progress. */

export interface Progress {
  /** By question: what is chosen, as choiceOf writes it; questions without a choice are absent. */
  choices: Record<string, string>;
  /** By question: the choice that was checked last. It is shown again while it still is the choice. */
  checked: Record<string, string>;
}

const KEY = 'netgrade-self-check';
const CHOICE = /^[a-e]{0,5}$/;

/** What cannot be read counts as no progress: another program, or another version of this page, may have written it. */
export function load(): Progress {
  try {
    const { choices, checked } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<
      Record<keyof Progress, unknown>
    >;
    return { choices: choicesIn(choices), checked: choicesIn(checked) };
  } catch {
    // No JSON, or a browser that lets nobody read.
    return { choices: {}, checked: {} };
  }
}

/** @returns whether it could be kept: a browser may be told to keep nothing. */
export function save(progress: Progress): boolean {
  try {
    localStorage.setItem(KEY, JSON.stringify(progress));
    return true;
  } catch {
    return false; // the page says that nothing is kept
  }
}

function choicesIn(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => {
      return typeof entry[1] === 'string' && CHOICE.test(entry[1]);
    }),
  );
}
