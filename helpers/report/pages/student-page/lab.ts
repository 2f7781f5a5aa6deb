/** What a student's page says about one lab. */
import { html } from 'hono/html';
import type { Html } from '../../page/page.ts';
import { causeEvidence, costOf } from '../../cause-text.ts';
import { causeAnchor, hostWords, labAnchor, moment, points, shown } from '../markup.ts';
import type { Picture, Pictures, Said } from '../picture/pictures.ts';
import { deploymentTexts } from '../../deployment.ts';
import type { LabRecord } from '../../record.ts';
import { criterionItem, evidenceOf } from './criterion.ts';
import { reachTable } from './reach-table.ts';
import { labSentence } from './summary.ts';

/** CSS pixels for each picture when two are side by side on a desktop. */
const ROOM_BESIDE = 520;

const STATUS = { graded: '', missing: '', invalid: 'cannot be deployed', error: 'not final' };

/** @param summed Whether the page's summary, right above, has this lab's sentence already. */
export function labSection(lab: LabRecord, pictures: Pictures | undefined, summed: boolean): Html {
  const id = labAnchor(lab.lab);
  const { status, criteria, message } = lab;
  return html`<section class="lab" id="${id}" aria-labelledby="${id}.title">
<div class="lab-head">
<h2 id="${id}.title">${lab.lab}</h2>
<p class="lab-score"><strong>${points(lab.score)}</strong> of ${points(lab.maxScore)}${
    status === 'graded' ? '' : html` <span class="status ${status}">${STATUS[status]}</span>`
  }</p>
</div>
${dates(lab)}
${lab.engine === undefined ? '' : html`<p class="quiet">Graded ${hostWords(lab.engine)}</p>`}
${causePart(lab)}
${summed ? '' : html`<p>${labSentence(lab)}</p>`}
${message === undefined || message === '' ? '' : html`<p class="note">${shown(message, 2000)}</p>`}
${deploymentTexts(lab).map((text) => html`<p class="quiet">${capital(shown(text, 500))}.</p>`)}
${pictures === undefined ? '' : picturesPart(pictures, id)}
${reachTable(lab.topology.reach ?? [], id)}
${
  criteria.length === 0
    ? ''
    : html`<h3>Rules</h3>
<ol class="criteria">
${criteria.map((criterion) => criterionItem(criterion, lab))}
</ol>`
}
</section>
`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Why it was not brought up as it should be: what a reader has to know first. */
function causePart(lab: LabRecord): Html | string {
  if (lab.cause === undefined) return '';
  const seen = causeEvidence(lab);
  const cost = costOf(lab);
  return html`<div class="cause" id="${causeAnchor(lab.lab)}">
<p><strong>The cause:</strong> ${shown(lab.cause.says, 1000)}${cost === '' ? '' : html` <span class="cost">(${cost})</span>`}</p>
${seen === undefined ? '' : evidenceOf(seen)}</div>`;
}

/** Labs that were not handed in. */
export function absentLabs(labs: LabRecord[]): Html {
  return html`<section class="lab" aria-labelledby="absent">
<h2 id="absent">Not handed in</h2>
<ul class="absent">
${labs.map(
  (
    lab,
  ) => html`<li id="${labAnchor(lab.lab)}">${lab.lab}: ${points(lab.score)} of ${points(lab.maxScore)}${dates(lab)}</li>
`,
)}</ul>
</section>
`;
}

function dates({ due, late }: LabRecord): Html | string {
  if (late !== undefined)
    return html`<p class="note late"><strong>Late:</strong> handed in ${moment(late.handedIn)}${
      due === undefined ? '' : html`, due ${moment(due)}`
    }. ${points(late.percent)} % is taken off each rule’s points.</p>`;
  return due === undefined ? '' : html`<p class="quiet">Due ${moment(due)}.</p>`;
}

function picturesPart({ expected, actual, differences }: Pictures, id: string): Html {
  const isWide = expected !== undefined && [expected, actual].some(({ width }) => width > ROOM_BESIDE);
  return html`<h3>The network</h3>
<div class="pictures ${expected === undefined ? 'alone' : isWide ? 'stacked' : ''}">
${expected === undefined ? '' : figure('As it should be', expected, `${id}.wanted`)}
${figure(expected === undefined ? 'As it was seen' : 'As it is', actual, `${id}.seen`)}
</div>
${differences === undefined ? '' : differencesPart(differences)}`;
}

function figure(title: string, { svg, note }: Picture, id: string): Html {
  return html`<figure class="network">
<figcaption id="${id}">${title}</figcaption>
<div class="scroll" tabindex="0" role="group" aria-labelledby="${id}">${svg}</div>
${note === '' ? '' : html`<p class="quiet">${note}</p>`}
</figure>`;
}

function differencesPart(differences: Said[]): Html {
  if (differences.length === 0)
    return html`<p class="quiet">What runs is connected and published as the task wants it.</p>`;
  return html`<p class="differences-head">What differs:</p>
<ul class="differences">
${differences.map(
  ({ sentence, wrong }) =>
    html`<li class="${wrong ? 'wrong' : ''}"><span aria-hidden="true">${wrong ? '✗' : '?'}</span> ${sentence}.</li>
`,
)}</ul>`;
}
