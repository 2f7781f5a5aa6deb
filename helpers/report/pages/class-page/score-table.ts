/**
 * The table of students × labs. It can be read without JavaScript; the page's script adds sorting and a filter. For the
 * script, a cell has its sort key in `data-by`, and a row has what it can be filtered by in `data-is`.
 */
import { html } from 'hono/html';
import type { Html } from '../../page/page.ts';
import { points, shortName } from '../markup.ts';
import { labsOf, type LabRecord, type StudentRecord } from '../../record.ts';
import { linkToLab, linkToStudent } from './links.ts';

/** What a row can be filtered by. The first entry is the word in `data-is`, which the script reads. */
const FILTERS: [name: string, words: string, is: (lab: LabRecord) => boolean][] = [
  ['lost', 'points lost', ({ score, maxScore }) => score < maxScore],
  ['missing', 'something not handed in', ({ status }) => status === 'missing'],
  ['invalid', 'something cannot be deployed', ({ status }) => status === 'invalid'],
  ['error', 'not graded completely', ({ status }) => status === 'error'],
  ['late', 'something late', ({ late }) => late !== undefined],
];

export function scoreTable(records: StudentRecord[]): Html {
  const labs = labsOf(records);
  const [maximum, ...others] = new Set(records.map(({ maxScore }) => maxScore));
  const common = others.length === 0 ? maximum : undefined;
  return html`<section aria-labelledby="scores">
<h2 id="scores">Scores</h2>
<form class="filter screen-only" hidden>
<label>Find a student <input type="search" name="text" autocomplete="off" spellcheck="false"></label>
<label>Show <select name="is"><option value="">all</option><option value="full">all points</option>${FILTERS.map(
    ([name, words]) => html`<option value="${name}">${words}</option>`,
  )}</select></label>
<output class="quiet" name="count"></output>
</form>
<div class="scroll" tabindex="0" role="group" aria-labelledby="scores">
<table class="scores">
<thead><tr><th scope="col" data-of="text">student</th><th scope="col">total${common === undefined ? '' : html` <span class="max">of ${points(common)}</span>`}</th>${labs.map(
    (lab) => html`<th scope="col">${lab}</th>`,
  )}</tr></thead>
<tbody>
${records.map((record) => rowOf(record, labs, common))}</tbody>
</table>
</div>
<p class="quiet legend">Each score leads to that lab on the student’s page. <b>missing</b>: not handed in, 0 points. <b>invalid</b>:
nothing in it can be deployed, 0 points. <b>error</b>: not graded completely, which is not the student’s fault. <b>late</b>: points
were taken off for that.</p>
</section>
`;
}

/**
 * @param common The maximum of everybody's total, if it is the same for all: then it is in the heading, not in the
 *   rows.
 */
function rowOf(record: StudentRecord, labs: string[], common: number | undefined): Html {
  const { student, score, maxScore } = record;
  const final = record.labs.every(({ status }) => status !== 'error');
  const is = FILTERS.filter(([, , test]) => record.labs.some(test)).map(([name]) => name);
  if (final && score === maxScore) is.push('full');
  return html`<tr data-is="${is.join(' ')}"><th scope="row"><a href="${linkToStudent(student)}"><bdi>${shortName(student)}</bdi></a></th><td data-by="${
    maxScore === 0 ? 0 : score / maxScore
  }"><b>${points(score)}</b>${common === undefined ? html`<span class="of">/${points(maxScore)}</span>` : ''}${final ? '' : html` <span class="word">not final</span>`}</td>${labs.map(
    (name) => cellOf(record, name),
  )}</tr>
`;
}

function cellOf({ student, labs }: StudentRecord, name: string): Html {
  const lab = labs.find((each) => each.lab === name);
  if (lab === undefined) return html`<td data-by="-3"></td>`;
  const { status, score, maxScore, late } = lab;
  // Labs that were not graded are sorted together, below those with 0 points.
  const by = { graded: maxScore === 0 ? 0 : score / maxScore, invalid: -0.5, missing: -1, error: -2 }[status];
  const text = status === 'graded' ? scoreText(lab) : status;
  return html`<td class="${shade(lab)}" data-by="${by}"><a href="${linkToLab(student, name)}">${text}</a>${
    late === undefined ? '' : html` <span class="word">late</span>`
  }</td>`;
}

/** Most labs have 100 points, so only another maximum is shown. */
function scoreText({ score, maxScore }: LabRecord): string {
  return maxScore === 100 ? points(score) : `${points(score)}/${points(maxScore)}`;
}

function shade({ status, score, maxScore }: LabRecord): string {
  if (status !== 'graded') return status;
  if (score >= maxScore) return 'full';
  return score >= maxScore / 2 ? 'most' : 'few';
}
