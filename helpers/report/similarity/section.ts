/** The class page's section on similar submissions. It does not accuse anybody: it says where to look. */
import { html } from 'hono/html';
import type { Html } from '../page/page.ts';
import { oneLine } from '../../base/inert.ts';
import type { SimilarGroup } from './groups.ts';

/** At most so many lines for one group. */
const MOST_PAIRS = 6;

/** @returns a reference to the student's report on the lab, if there is one to lead to. */
export type LinkTo = (student: string, lab: string) => string | undefined;

export function similaritySection(groups: SimilarGroup[], linkTo: LinkTo): Html {
  return html`<section aria-labelledby="similar" class="similar">
<h2 id="similar">Submissions to look at side by side</h2>
${
  groups.length === 0
    ? html`<p>No two submissions stand out by what they have in common.</p>`
    : html`<p>These have much in common that few others in the class have, names of containers and variables aside; what the
course gives out is not counted. <strong>Similar text is not proof.</strong> Two people can have worked from the same
page, asked the same assistant, or done together what they were allowed to do together. Open the files side by side and
talk with the people before you conclude anything.</p>
${groups.map((group) => table(group, linkTo))}`
}
</section>`;
}

function table({ lab, students, pairs }: SimilarGroup, linkTo: LinkTo): Html {
  const left = pairs.length - MOST_PAIRS;
  return html`<table>
<caption><b>${lab}</b>: ${students.length} submissions</caption>
<thead><tr><th scope="col">Look at</th><th scope="col">In common of what is their own</th>
<th scope="col">Pieces of text in common</th><th scope="col">Unusual names in common</th></tr></thead>
<tbody>
${pairs.slice(0, MOST_PAIRS).map(
  ({ students: [one, other], share, common, sameNames, names }) => html`<tr>
<th scope="row">${studentLink(one, lab, linkTo)} and ${studentLink(other, lab, linkTo)}</th>
<td>${Math.round(share * 100)} %</td>
<td>${pieces(common, sameNames)}</td>
<td>${names.length === 0 ? 'none' : names.map((name, i) => html`${i > 0 ? ', ' : ''}<bdi><code>${oneLine(name)}</code></bdi>`)}</td>
</tr>
`,
)}</tbody>
</table>
${left > 0 ? html`<p>${left} more ${left === 1 ? 'pair' : 'pairs'} of these submissions ${left === 1 ? 'is' : 'are'} similar: ${among(students)}.</p>` : ''}`;
}

function studentLink(student: string, lab: string, linkTo: LinkTo): Html {
  const to = linkTo(student, lab);
  const name = html`<bdi>${oneLine(student)}</bdi>`;
  return to === undefined ? name : html`<a href="${to}">${name}</a>`;
}

function pieces(common: number, sameNames: number): string {
  if (common === 0) return 'none';
  return sameNames === 0 ? `${common}, with other names in them` : `${common}, ${sameNames} of them word for word`;
}

function among(students: string[]): Html {
  return html`${students.map((student, i) => html`${i > 0 ? ', ' : ''}<bdi>${oneLine(student)}</bdi>`)}`;
}
