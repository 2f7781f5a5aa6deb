/** What a student's page says about one lab. */
import { html } from 'hono/html';
import type { Html } from '../../page/page.ts';
import { causeEvidence, costOf } from '../../cause-text.ts';
import { causeAnchor, hostWords, labAnchor, moment, points, prose, scrolled, shown } from '../markup.ts';
import type { Picture, Pictures, Said } from '../picture/pictures.ts';
import { labNotes } from '../../criterion-text.ts';
import { deploymentTexts } from '../../deployment.ts';
import type { CriterionRecord, LabRecord } from '../../record.ts';
import { criterionItem, evidenceOf } from './criterion.ts';
import { reachTable } from './reach-table.ts';

/** How wide pictures may be, in CSS pixels, to be shrunk on screens of a size, and not moved sideways there; see style.css. */
const SHRUNK = { phone: 420, desktop: 620, 'wide-desktop': 900 };

/** Failed rules come first. */
const ORDER: CriterionRecord['status'][] = ['failed', 'error', 'skipped', 'passed'];

const LONGEST_TITLE = 200;

const STATUS = { graded: '', missing: '', invalid: 'cannot be deployed', error: 'not final' };

/** What is drawn of a lab: both pictures, or only what the task asks for, where nothing was seen. */
export type LabPictures = Pictures | { expected: Picture };

export function labSection(lab: LabRecord, pictures: LabPictures | undefined): Html {
  const id = labAnchor(lab.lab);
  const { status, criteria, message } = lab;
  return html`<section class="lab" id="${id}" aria-labelledby="${id}.title">
<div class="lab-head">
<h2 id="${id}.title">${lab.lab}</h2>
<p class="lab-score"><strong>${points(lab.score)}</strong> of ${points(lab.maxScore)}${
    status === 'graded' ? '' : html` <span class="status ${status}">${STATUS[status]}</span>`
  }</p>
</div>
${titleOf(lab)}
${dates(lab)}
${lab.engine === undefined ? '' : html`<p class="quiet">Graded ${hostWords(lab.engine)}</p>`}
${causePart(lab)}
${message === undefined || message === '' ? '' : html`<p class="note">${prose(message, 2000)}</p>`}
${deploymentTexts(lab).map((text) => html`<p class="quiet">${capital(shown(text, 500))}.</p>`)}
${pictures === undefined ? '' : picturesPart(pictures, id)}
${reachTable(lab.topology.reach ?? [], id)}
${
  criteria.length === 0
    ? ''
    : html`<h3>Rules</h3>
<ol class="criteria">
${criteria
  .toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status))
  .map((criterion) => criterionItem(criterion, lab))}
</ol>`
}
</section>
`;
}

function titleOf({ title }: LabRecord): Html | string {
  return title === undefined ? '' : html`<p class="quiet lab-title">${shown(title, LONGEST_TITLE)}</p>`;
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
<p><strong>The cause:</strong> ${prose(lab.cause.says, 1000)}${cost === '' ? '' : html` <span class="cost">(${cost})</span>`}</p>
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
  ) => html`<li id="${labAnchor(lab.lab)}">${lab.lab}: ${points(lab.score)} of ${points(lab.maxScore)}${titleOf(lab)}${dates(lab)}</li>
`,
)}</ul>
</section>
`;
}

function dates(lab: LabRecord): Html {
  return html`${labNotes(lab).map((note) => html`<p class="note">${shown(note)}</p>`)}${timesOf(lab)}`;
}

function timesOf({ due, late }: LabRecord): Html | string {
  if (late !== undefined)
    return html`<p class="note late"><strong>Late:</strong> handed in ${moment(late.handedIn)}${
      due === undefined ? '' : html`, due ${moment(due)}`
    }. ${late.freeDays === undefined ? '' : html` ${late.freeDays} of your late days are used.`} ${points(late.percent)} % is taken off each rule’s points.</p>`;
  return due === undefined ? '' : html`<p class="quiet">Due ${moment(due)}.</p>`;
}

function picturesPart(pictures: LabPictures, id: string): Html {
  const { expected } = pictures;
  if (!('actual' in pictures))
    return html`<h3>The network</h3>
<div class="pictures alone">${figure('As it should be', pictures.expected, `${id}.wanted`)}</div>`;
  const { actual, differences } = pictures;
  return html`<h3>The network</h3>
<div class="pictures ${expected === undefined ? 'alone' : ''}">
${expected === undefined ? '' : figure('As it should be', expected, `${id}.wanted`)}
${figure(expected === undefined ? 'As it was seen' : 'As it is', actual, `${id}.seen`)}
</div>
${expected === undefined ? '' : legend()}
${differences === undefined ? '' : differencesPart(differences)}`;
}

export function figure(title: string, { svg, note, width }: Picture, id: string): Html {
  const shrunk = Object.entries(SHRUNK).flatMap(([screen, most]) => (width <= most ? [`on-${screen}`] : []));
  return html`<figure class="network">
<figcaption id="${id}">${title}</figcaption>
${scrolled(id, svg, shrunk.join(' '))}
${note === '' ? '' : html`<p class="quiet">${note}</p>`}
</figure>`;
}

/** What the signs in the pictures mean. Each has a symbol or a form beside its colour. */
function legend(): Html {
  return html`<ul class="legend quiet" aria-label="Legend of the pictures">
<li><span class="sign container"></span> container</li>
<li><span class="sign network"></span> network</li>
<li><span class="sign wrong"></span> ✗ should not be, or not like this</li>
<li><span class="sign missing"></span> ✗ missing</li>
<li><span class="sign stranger"></span> ? no part of the task</li>
</ul>`;
}

export function differencesPart(differences: Said[]): Html {
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
