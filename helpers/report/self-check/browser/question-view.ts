/** One question on the page: what is chosen, and what is said to it. */
import { choiceOf, type Feedback } from '../box.ts';
import { piecesOf } from '../marked.ts';

/** What is said about an option, by whether it is right and whether it was chosen. */
const SAID = {
  yes: { yes: 'It is right, and you chose it.', no: 'It is right, but you did not choose it.' },
  no: { yes: 'It is wrong, but you chose it.', no: 'It is wrong, and you left it out.' },
};

export class QuestionView {
  readonly id: string;
  readonly #form: HTMLFormElement;
  readonly #verdict: HTMLElement;

  constructor(form: HTMLFormElement) {
    this.id = form.id;
    this.#form = form;
    this.#verdict = form.querySelector('.verdict')!;
  }

  get choice(): string {
    return choiceOf(
      this.#boxes()
        .filter((box) => box.checked)
        .map(({ name }) => name),
    );
  }

  set choice(letters: string) {
    for (const box of this.#boxes()) box.checked = letters.includes(box.name);
  }

  onChange(listener: () => void): void {
    this.#form.addEventListener('change', listener);
  }

  onCheck(listener: () => void): void {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      listener();
    });
  }

  /** Shows what is said to the choice. @returns whether it is exactly right. */
  show(choice: string, feedback: Feedback): boolean {
    const options = Object.entries(feedback);
    const right = options.filter(([letter, { holds }]) => holds === choice.includes(letter)).length;
    for (const [letter, { holds, why }] of options)
      this.#showReason(letter, { holds, chosen: choice.includes(letter), why });
    const all = right === options.length;
    this.say(all ? 'Right.' : `Not quite: you judged ${right} of ${options.length} options rightly.`, all);
    return all;
  }

  /** Removes all feedback. */
  clear(): void {
    for (const option of this.#options()) {
      option.classList.remove('well', 'badly');
      const reason = option.querySelector<HTMLElement>('.reason')!;
      reason.hidden = true;
      reason.replaceChildren();
    }
    this.say('');
  }

  say(text: string, well?: boolean): void {
    this.#verdict.textContent = text;
    this.#verdict.classList.toggle('well', well === true);
    this.#verdict.classList.toggle('badly', well === false);
  }

  focus(): void {
    this.#boxes()[0]?.focus();
  }

  disable(): void {
    this.#form.querySelector('button')!.disabled = true;
  }

  #showReason(letter: string, { holds, chosen, why }: { holds: boolean; chosen: boolean; why: string }): void {
    const option = this.#options().find((each) => each.dataset['letter'] === letter)!;
    const well = holds === chosen;
    option.classList.toggle('well', well);
    option.classList.toggle('badly', !well);
    const reason = option.querySelector<HTMLElement>('.reason')!;
    const said = document.createElement('strong');
    said.dataset['mark'] = well ? '✓' : '✗';
    said.textContent = SAID[holds ? 'yes' : 'no'][chosen ? 'yes' : 'no'];
    reason.replaceChildren(said, ' ', ...piecesOf(why).map(pieceAsNode));
    reason.hidden = false;
  }

  #boxes(): HTMLInputElement[] {
    return [...this.#form.querySelectorAll('input')];
  }

  #options(): HTMLElement[] {
    return [...this.#form.querySelectorAll<HTMLElement>('.option')];
  }
}

function pieceAsNode({ text, code }: { text: string; code: boolean }): Node {
  if (!code) return document.createTextNode(text);
  const element = document.createElement('code');
  element.textContent = text;
  return element;
}
