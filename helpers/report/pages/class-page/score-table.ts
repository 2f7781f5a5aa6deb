/**
 * The table of students × labs. It can be read without JavaScript; the page's script adds sorting and a filter. For the
 * script, a cell has its sort key in `data-by`, and a row has what it can be filtered by in `data-is`.
 */
import { html } from 'hono/html';
import type { Html } from '../../page/page.ts';
import { lossesOf } from '../../losses.ts';
import { minus, points, scrolled, shortName, shown } from '../markup.ts';
import { handedIn, labsOf, titlesOf, type LabRecord, type StudentRecord } from '../../record.ts';
import { linkToCriterion, linkToLab, linkToStudent } from './links.ts';

/** What a row can be filtered by. The first entry is the word in `data-is`, which the script reads. */
const FILTERS: [name: string, words: string, is: (lab: LabRecord) => boolean][] = [
  ['lost', 'points lost', ({ score, maxScore }) => score < maxScore],
  ['missing', 'something not handed in', ({ status }) => status === 'missing'],
  ['invalid', 'something cannot be deployed', ({ status }) => status === 'invalid'],
  ['error', 'not graded completely', ({ status }) => status === 'error'],
  ['late', 'something late', ({ late }) => late !== undefined],
];

/** Of one student, in a class with one lab. */
const MOST_LOSSES = 4;

export function scoreTable(records: StudentRecord[]): Html {
  const labs = handedIn(records);
  const titles = titlesOf(records);
  const absent = labsOf(records).filter((lab) => !labs.includes(lab));
  const [only] = labs.length === 1 ? labs : [];
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
${scrolled(
  'scores',
  html`<table class="scores">
<thead><tr><th scope="col" data-of="text">student</th><th scope="col">${only === undefined ? 'total' : 'score'}${common === undefined ? '' : html` <span class="max">of ${points(common)}</span>`}</th>${
    only === undefined
      ? labs.map((lab) => html`<th scope="col" title="${shown(titles.get(lab) ?? lab, 200)}">${lab}</th>`)
      : html`<th scope="col">what was lost</th>`
  }</tr></thead>
<tbody>
${records.map((record) => rowOf(record, { labs, only, common }))}</tbody>
</table>`,
)}
${absent.length === 0 ? '' : html`<p class="quiet">Nobody handed in: ${absent.join(', ')}.</p>`}
<p class="quiet legend">Each score leads to that lab on the student’s page. <b class="few">Red</b>: less than half of the points, or nothing
that can be deployed. <b class="full">Green</b>: all points. <b>missing</b>: not handed in, 0 points. <b>invalid</b>: nothing in it
can be deployed, 0 points. <b>error</b>: not graded completely, which is not the student’s fault. <b>late</b>: points were taken off
for that.</p>
</section>
`;
}

interface Columns {
  labs: string[];
  /** The only lab that was handed in: its score is the total, and there is room for what was lost. */
  only: string | undefined;
  /** The maximum of everybody's total, if it is the same for all: then it is in the heading, not in the rows. */
  common: number | undefined;
}

function rowOf(record: StudentRecord, { labs, only, common }: Columns): Html {
  const { student, score, maxScore } = record;
  const final = record.labs.every(({ status }) => status !== 'error');
  const is = FILTERS.filter(([, , test]) => record.labs.some(test)).map(([name]) => name);
  if (final && score === maxScore) is.push('full');
  return html`<tr data-is="${is.join(' ')}"><th scope="row"><a href="${linkToStudent(student)}"><bdi>${shortName(student)}</bdi></a></th><td data-by="${
    maxScore === 0 ? 0 : score / maxScore
  }"><b>${points(score)}</b>${common === undefined ? html`<span class="of">/${points(maxScore)}</span>` : ''}${final ? '' : html` <span class="word">not final</span>`}</td>${
    only === undefined ? labs.map((name) => cellOf(record, name)) : lostCell(record, only)
  }</tr>
`;
}

/** What the points of the only lab were lost for, the most expensive first. */
function lostCell({ student, labs }: StudentRecord, name: string): Html {
  const lab = labs.find((each) => each.lab === name);
  if (lab === undefined) return html`<td class="losses" data-by="-3"></td>`;
  const losses = lossesOf(lab);
  const to = linkToLab(student, name);
  const said = losses.slice(0, MOST_LOSSES).map(({ reason, points: lost, criterion }) => {
    const what = criterion?.id ?? (reason === 'cause' ? 'did not come up as asked for' : reason);
    return html`<a href="${criterion === undefined ? to : linkToCriterion(student, name, criterion.id)}">${minus(lost)} ${what}</a> `;
  });
  const more = losses.length - said.length;
  return html`<td class="losses ${shade(lab)}" data-by="${-losses.length}">${
    losses.length > 0 ? said : html`<a href="${to}">${lab.status === 'graded' ? 'nothing' : lab.status}</a>`
  }${more > 0 ? html`and ${more} more` : ''}</td>`;
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
