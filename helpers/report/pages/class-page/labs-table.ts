/** Lab by lab: who handed it in, and how it went. */
import { html } from 'hono/html';
import type { Html } from '../../page/page.ts';
import { scrolled, shown } from '../markup.ts';
import { handedIn, titlesOf, type LabRecord, type StudentRecord } from '../../record.ts';
import { mean, median, percent } from './statistics.ts';

export function labsTable(records: StudentRecord[]): Html | '' {
  const labs = handedIn(records);
  if (labs.length < 2) return '';
  const titles = titlesOf(records);
  const all = records.flatMap((record) => record.labs);
  return html`<section aria-labelledby="labs">
<h2 id="labs">Labs</h2>
${scrolled(
  'labs',
  html`<table class="labs">
<thead><tr><th scope="col">lab</th><th scope="col">graded</th><th scope="col">all points</th><th scope="col">half have at least</th><th scope="col">average</th><th scope="col">missing</th><th scope="col">invalid</th><th scope="col">error</th></tr></thead>
<tbody>
${labs.map((lab) =>
  rowOf(
    lab,
    titles.get(lab) ?? '',
    all.filter((each) => each.lab === lab),
  ),
)}</tbody>
</table>`,
)}
<p class="quiet">“Half have at least” (the median) and the average are of what was graded.</p>
</section>
`;
}

function rowOf(name: string, title: string, labs: LabRecord[]): Html {
  const graded = labs.filter(({ status, maxScore }) => status === 'graded' && maxScore > 0);
  const shares = graded.map(({ score, maxScore }) => score / maxScore);
  const full = graded.filter(({ score, maxScore }) => score >= maxScore).length;
  const count = (status: LabRecord['status']): number => labs.filter((each) => each.status === status).length;
  const cells = [
    graded.length,
    full,
    ...(graded.length === 0 ? ['–', '–'] : [percent(median(shares)), percent(mean(shares))]),
    ...[count('missing'), count('invalid'), count('error')],
  ];
  return html`<tr><th scope="row">${name}${title === '' ? '' : html` <span class="quiet">${shown(title, 200)}</span>`}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`;
}
