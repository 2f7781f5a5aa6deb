/** Comes first on the page: whose work could not be graded (which is not their fault), and what to do. */
import { html } from 'hono/html';
import type { Html } from '../../page/page.ts';
import { counted, shortName, shown } from '../markup.ts';
import type { LabRecord, StudentRecord } from '../../record.ts';
import { linkToLab } from './links.ts';

/** At most so many are listed; the table can be filtered for all of them. */
const MOST = 60;

export function unjudged(records: StudentRecord[]): Html | '' {
  const labs = records.flatMap((record) =>
    record.labs.filter(({ status }) => status === 'error').map((lab) => ({ record, lab })),
  );
  if (labs.length === 0) return '';
  const students = new Set(labs.map(({ record }) => record)).size;
  const more = labs.length - MOST;
  return html`<section class="unjudged" aria-labelledby="unjudged">
<h2 id="unjudged"><span aria-hidden="true">!</span> ${counted(students, 'student')} could not be graded completely</h2>
<p>This is not the students’ fault, and their scores are not final. Run the same command again: it grades only what is
missing.</p>
<details${labs.length <= 8 ? html` open` : ''}>
<summary>${counted(labs.length, 'lab')}</summary>
<ul>
${labs.slice(0, MOST).map(
  ({
    record,
    lab,
  }) => html`<li><a href="${linkToLab(record.student, lab.lab)}"><bdi>${shortName(record.student)}</bdi>, ${lab.lab}</a>: ${reasonOf(lab)}</li>
`,
)}${more > 0 ? html`<li>and ${more} more</li>` : ''}
</ul>
</details>
</section>
`;
}

function reasonOf({ message, criteria }: LabRecord): string {
  const first = criteria.find(({ status }) => status === 'error');
  return shown(message ?? first?.actual ?? '', 300);
}
