/** The student page's script: a button beside each command, which copies it. Without it, the page has all the same. */
import { hideNeedlessCues } from '../../browser/cues.ts';

const SHOWN_MS = 2000;

hideNeedlessCues();

for (const line of document.querySelectorAll<HTMLElement>('.what.typed')) {
  const command = line.querySelector('code');
  if (command === null) continue;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy screen-only';
  button.setAttribute('aria-label', 'Copy the command');
  button.textContent = 'Copy';
  button.addEventListener('click', () => {
    void copy(command).then((said) => {
      button.textContent = said;
      setTimeout(() => {
        button.textContent = 'Copy';
      }, SHOWN_MS);
    });
  });
  line.append(button);
}

/** @returns what was done. Where a browser allows no page to copy, the command is selected, and a key copies it. */
async function copy(command: HTMLElement): Promise<string> {
  try {
    await navigator.clipboard.writeText(command.textContent);
    return 'Copied';
  } catch {
    getSelection()?.selectAllChildren(command);
    return 'Selected';
  }
}
