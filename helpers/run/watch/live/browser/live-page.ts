/** The live page's script: takes what is sent, and puts it in the place of what has changed. */
import { replaceParts } from './replace.ts';

const ended = document.querySelector<HTMLElement>('#ended');
const news = document.querySelector<HTMLElement>('#news');

function say(text: string): void {
  if (ended === null || ended.textContent === text) return;
  ended.textContent = text;
  ended.hidden = text === '';
}

const events = new EventSource('events');

events.addEventListener('open', () => {
  say('');
});
events.addEventListener('parts', ({ data }: MessageEvent<string>) => {
  const parts = JSON.parse(data) as Record<string, string>;
  if (news !== null && news.textContent !== parts['news']) news.textContent = parts['news'] ?? '';
  // Other labs are watched than when the page was made.
  if (!replaceParts(parts)) location.reload();
});
events.addEventListener('ended', ({ data }: MessageEvent<string>) => {
  events.close();
  say(`${(JSON.parse(data) as { reason: string }).reason} What you see is what was seen last.`);
});
events.addEventListener('error', () => {
  // The browser tries again by itself.
  say('Self-test does not answer. If it was ended, start it again. What you see is what was seen last.');
});
