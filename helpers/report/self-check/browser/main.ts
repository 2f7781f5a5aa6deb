/** Brings the page to life: checking, progress, and the file to hand in. */
import { open, type SealedQuestion } from '../box.ts';
import { answersYaml, download } from './answers-file.ts';
import { QuestionView } from './question-view.ts';
import { load, save } from './store.ts';

const byId = (id: string): HTMLElement => document.getElementById(id)!;

const sealed = new Map(
  (JSON.parse(byId('sealed').textContent) as SealedQuestion[]).map((question) => [question.id, question]),
);
const views = [...document.querySelectorAll<HTMLFormElement>('form.question')].map((form) => new QuestionView(form));
const progress = load();
/** Questions whose choice is shown to be right. */
const right = new Set<string>();
// Browsers have no Web Crypto on pages that come from another machine without https.
const canOpen = (globalThis.crypto as Crypto | undefined)?.subtle !== undefined;

function count(): void {
  const checked = views.filter(({ id }) => progress.checked[id] !== undefined).length;
  const open = views.filter(({ id }) => (progress.choices[id] ?? '') === '').length;
  byId('bar').setAttribute('value', String(checked));
  byId('count').textContent = `${checked} of ${views.length} checked, ${right.size} right`;
  byId('open-questions').textContent =
    open === 0
      ? 'Every question has an answer.'
      : `${open === 1 ? 'One question has' : `${open} questions have`} no answer yet.`;
}

function keep(): void {
  if (!save(progress))
    byId('kept').textContent = 'This browser keeps nothing: do not close the page before you download.';
  count();
}

/** When the choice changes, the feedback on the last choice is removed. */
function changed(view: QuestionView): void {
  progress.choices[view.id] = view.choice;
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a record that is kept as JSON
  delete progress.checked[view.id];
  right.delete(view.id);
  view.clear();
  keep();
}

async function check(view: QuestionView): Promise<void> {
  const { id, choice } = view;
  if (choice === '') {
    view.say('Choose at least one option first.', false);
    return;
  }
  const feedback = await open(sealed.get(id)!, choice);
  if (view.choice !== choice) return; // it was changed meanwhile
  if (view.show(choice, feedback)) right.add(id);
  else right.delete(id);
  progress.checked[id] = choice;
  keep();
}

function startAgain(): void {
  if (!confirm('Forget everything that you have chosen?')) return;
  Object.assign(progress, { choices: {}, checked: {} });
  right.clear();
  for (const view of views) {
    view.choice = '';
    view.clear();
  }
  keep();
  byId('done').textContent = '';
  views[0]?.focus();
}

function handIn(): void {
  const ids = views.map(({ id }) => id);
  download('answers.yaml', answersYaml(ids, progress.choices));
  byId('done').textContent = 'answers.yaml is in your downloads.';
}

async function restore(): Promise<void> {
  for (const view of views) view.choice = progress.choices[view.id] ?? '';
  count();
  for (const view of views) {
    const choice = progress.checked[view.id];
    if (choice === undefined) continue;
    // A kept choice may come from another version of this page.
    if (canOpen && choice === view.choice && sealed.get(view.id)?.boxes[choice] !== undefined) await check(view);
    else changed(view);
  }
}

for (const view of views) {
  view.onChange(() => {
    changed(view);
  });
  view.onCheck(() => void check(view));
  if (!canOpen) view.disable();
}
byId('download').addEventListener('click', handIn);
byId('again').addEventListener('click', startAgain);
byId('no-script').hidden = true;
byId('no-crypto').hidden = canOpen;
byId('progress').hidden = false;
byId('hand-in').hidden = false;
void restore();
