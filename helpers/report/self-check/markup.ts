/** The self-check as a page: everything that can be read before anything is chosen. */
import { html, raw } from 'hono/html';
import type { Html } from '../page/page.ts';
import type { SealedQuestion } from './box.ts';
import { piecesOf } from './marked.ts';
import { optionsOf, type Question, type Theme } from '../../lab/self-check-question.ts';

/** @param sealed Of every question. */
export function selfCheckBody(themes: Theme[], sealed: SealedQuestion[]): Html {
  const questions = themes.flatMap((theme) => theme.questions);
  return html`<header>
<h1>Docker networking: check yourself</h1>
<p>${questions.length} questions on what the lesson teaches. Some have one right option, others have several: choose all that
are right, then press <em>Check</em>. You are told at once which are right, and why. Better still, try it on your own Docker first.</p>
<p class="warning" id="no-crypto" hidden>This page can show no answers here: browsers allow what it needs only for pages
from a disk, from this machine or from an address that begins with https. You can still choose, and download your
answers.</p>
<p class="warning" id="no-script">Without JavaScript you can read the questions, but not check your answers.</p>
</header>
<main>
<div class="progress screen-only" id="progress" hidden>
<label class="said" for="bar">Questions checked</label>
<progress id="bar" max="${questions.length}" value="0"></progress>
<span id="count"></span>
</div>
${themes.map((theme) => themeMarkup(theme, questions))}
${handInMarkup()}
</main>
${raw(`<script type="application/json" id="sealed">${inScript(JSON.stringify(sealed))}</script>`)}`;
}

function themeMarkup({ title, questions }: Theme, all: Question[]): Html {
  return html`<section class="theme">
<h2>${title}</h2>
${questions.map((question) => questionMarkup(question, all.indexOf(question) + 1))}
</section>`;
}

function questionMarkup(question: Question, number: number): Html {
  const { id, title, setup, asks, hint } = question;
  return html`<form class="question" id="${id}" autocomplete="off">
<h3>${number}. ${title}</h3>
${setup === '' ? '' : html`<pre>${setup}</pre>`}
<fieldset>
<legend>${marked(asks)} <span class="quiet">Choose all that are right.</span></legend>
${optionsOf(question).map(
  ([letter, { says }]) => html`<div class="option" data-letter="${letter}">
<label><input type="checkbox" name="${letter}" aria-describedby="${id}-${letter}"><span class="letter">${letter}</span><span>${marked(says)}</span></label>
<p class="reason" id="${id}-${letter}" hidden></p>
</div>`,
)}
</fieldset>
<div class="actions screen-only">
<button type="submit" aria-label="Check question ${number}">Check</button>
<details><summary>Where to look</summary><p>${marked(hint)}</p></details>
</div>
<p class="verdict" role="status"></p>
</form>`;
}

function handInMarkup(): Html {
  return html`<section class="theme screen-only" id="hand-in" hidden>
<h2>Hand in</h2>
<p>The file has the letters that you have chosen. Put it into <code>submissions/&lt;you&gt;/self-check/answers.yaml</code>.</p>
<p id="open-questions"></p>
<div class="actions">
<button type="button" id="download">Download answers.yaml</button>
<button type="button" id="again" class="plain">Start again</button>
</div>
<p class="verdict" role="status" id="done"></p>
<p class="quiet" id="kept">Your progress is kept in this browser only.</p>
</section>`;
}

function marked(text: string): Html[] {
  return piecesOf(text).map((piece) => (piece.code ? html`<code>${piece.text}</code>` : html`${piece.text}`));
}

/** A script element ends at the first `</script` in its text, so `<` is escaped. */
function inScript(json: string): string {
  return json.replaceAll('<', '\\u003c');
}
