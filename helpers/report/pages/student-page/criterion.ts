/** One rule on a student's page: a line, and under it what was expected, what was seen, how to see it, and a hint. */
import { html } from 'hono/html';
import type { Evidence } from '../../../lab/verdict.ts';
import type { Html } from '../../page/page.ts';
import { criterionAnchor, points, prose, shown, statusBadge } from '../markup.ts';
import { overrideText } from '../../criterion-text.ts';
import type { CriterionRecord, LabRecord } from '../../record.ts';

const MOST_EVIDENCE = 20;
/**
 * An output up to this size fits on a phone into the box that style.css gives it, even if long words waste half a line.
 */
const PHONE_LINES = 10;
const PHONE_COLUMNS = 16;

export function criterionItem(criterion: CriterionRecord, lab: LabRecord): Html {
  const { id, status, title, score, maxScore } = criterion;
  // The anchor is inside the part that can be closed: a browser opens that part when it follows a link to it.
  return html`<li class="criterion ${status}">
<details${status === 'failed' || status === 'error' ? html` open` : ''}>
<summary><span class="title">${prose(title, 400)}</span> ${statusBadge(criterion)} <span class="points">${points(score)} of ${points(maxScore)}</span></summary>
<div class="body" id="${criterionAnchor(lab.lab, id)}">
${
  criterion.override === undefined
    ? ''
    : html`<p class="note">${shown(overrideText(criterion.override))}</p>
`
}${bodyOf(criterion, lab)}
<p class="quiet id"><code>${id}</code></p>
</div>
</details>
</li>
`;
}

/** What is under the line. @param lab The lab as far as links to its other rules need it. */
export function bodyOf(criterion: CriterionRecord, lab: Pick<LabRecord, 'lab' | 'criteria'>): Html {
  const { status, expected, actual, hint } = criterion;
  if (status === 'skipped') return skipped(criterion, lab);
  if (status === 'error')
    return html`<p>It could not be judged, which is not your fault: ${prose(actual)}</p>${evidencePart(criterion)}`;
  return html`<dl>
${row('Expected', expected)}${row('Seen', actual)}${hint === '' ? '' : row('Hint', hint)}
</dl>
${evidencePart(criterion)}`;
}

function row(term: string, text: string): Html | string {
  return text === '' ? '' : html`<dt>${term}</dt><dd class="${term.toLowerCase()}">${prose(text)}</dd>`;
}

function skipped(criterion: CriterionRecord, { lab, criteria }: Pick<LabRecord, 'lab' | 'criteria'>): Html {
  const { actual, blockedBy, withheld } = criterion;
  const blocking = criteria.find(({ id }) => id === blockedBy);
  const reason = withheld
    ? html`Not judged on this kind of host, and not counted`
    : blocking === undefined
      ? html`It could not be judged`
      : html`It could not be judged, because of <a href="#${criterionAnchor(lab, blocking.id)}">${prose(blocking.title, 200)}</a>`;
  return html`<p>${reason}: ${prose(actual)}</p>${evidencePart(criterion)}`;
}

function evidencePart({ evidence }: CriterionRecord): Html | string {
  if (evidence.length === 0) return '';
  const more = evidence.length - MOST_EVIDENCE;
  return html`<p class="evidence-head">What was looked at:</p>
${evidence.slice(0, MOST_EVIDENCE).map(evidenceOf)}${more > 0 ? html`<p class="quiet">${more} more are in the JSON record.</p>` : ''}`;
}

/** A command, which the page's script lets be copied, or what was looked at; and the output. */
export function evidenceOf({ what, output, described }: Evidence): Html {
  return html`<div class="evidence">${
    described
      ? html`<p class="what">${shown(what, 2000)}:</p>`
      : html`<p class="what typed"><code>${shown(what, 2000)}</code></p>`
  }${output.trim() === '' ? html`<p class="quiet">(no output)</p>` : printed(output.trimEnd())}</div>
`;
}

/** An output that may be longer than its box can be focused, so that the keyboard can scroll it. A short one cannot. */
function printed(output: string): Html {
  const lines = output.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / PHONE_COLUMNS)), 0);
  return lines > PHONE_LINES ? html`<pre tabindex="0">${shown(output)}</pre>` : html`<pre>${shown(output)}</pre>`;
}
