/** Who failed which rule: for each lab a table of students × rules. A cell says it by a symbol; the head has the rules' ids. */
import { html, raw } from 'hono/html';
import type { Html } from '../../page/page.ts';
import { counted, scrolled, shortName, shown } from '../markup.ts';
import { labsOf, titlesOf, type CriterionRecord, type LabRecord, type StudentRecord } from '../../record.ts';
import { linkToCriterion, linkToLab } from './links.ts';

/** A lab with more students or rules is cut; summary.json and the records have all. */
const MOST = { students: 1000, rules: 60 };

const SYMBOLS: Record<CriterionRecord['status'], string> = { passed: '✓', failed: '✗', skipped: '–', error: '!' };
/** Of what needs no link; there are tens of thousands of them in a large class. */
const PLAIN = Object.fromEntries(
  Object.entries(SYMBOLS).map(([status, symbol]) => [status, raw(`<td class="${status}">${symbol}</td>`)]),
) as Record<CriterionRecord['status'], Html>;

export function rulesGrid(records: StudentRecord[]): Html | '' {
  const labs = labsOf(records)
    .map((lab) => ({ lab, rows: rowsOf(lab, records) }))
    .filter(({ rows }) => rows.length > 0);
  if (labs.length === 0) return '';
  const titles = titlesOf(records);
  return html`<section aria-labelledby="grid">
<h2 id="grid">Rules, student by student</h2>
<p class="quiet">✓ passed, ✗ failed, – not judged because of another rule, ! could not be judged, which is not the student’s fault. A
✗ leads to the rule on the student’s page.</p>
${labs.map(({ lab, rows }, i) => gridOf({ name: lab, title: titles.get(lab) }, rows, `grid-${i}`, labs.length === 1))}
</section>
`;
}

interface Row {
  student: string;
  lab: LabRecord;
}

function rowsOf(name: string, records: StudentRecord[]): Row[] {
  return records.flatMap(({ student, labs }) => {
    const lab = labs.find((each) => each.lab === name);
    return lab === undefined || lab.criteria.length === 0 ? [] : [{ student, lab }];
  });
}

function gridOf(
  { name, title }: { name: string; title: string | undefined },
  rows: Row[],
  id: string,
  alone: boolean,
): Html {
  const all = new Map(rows.flatMap(({ lab }) => lab.criteria.map(({ id: rule, title }) => [rule, title] as const)));
  const rules = [...all].slice(0, MOST.rules);
  const left = rows.length - MOST.students;
  return html`<details class="lab-grid"${alone ? html` open` : ''}><summary id="${id}">${name} <span class="quiet">${title === undefined ? '' : html`${shown(title, 200)}; `}${counted(rows.length, 'student')}, ${counted(all.size, 'rule')}</span></summary>
${scrolled(
  id,
  html`<table class="grid">
<thead><tr><th scope="col">student</th>${rules.map(
    ([rule, title]) => html`<th scope="col" title="${shown(title, 200)}"><span>${rule}</span></th>`,
  )}</tr></thead>
<tbody>
${rows.slice(0, MOST.students).map((row) => rowOf(row, rules))}</tbody>
</table>`,
)}
${left > 0 ? html`<p class="quiet">and ${counted(left, 'more student')}</p>` : ''}</details>
`;
}

function rowOf({ student, lab }: Row, rules: [string, string][]): Html {
  const judged = new Map(lab.criteria.map((each) => [each.id, each]));
  return html`<tr><th scope="row"><a href="${linkToLab(student, lab.lab)}"><bdi>${shortName(student, 40)}</bdi></a></th>${rules.map(
    ([rule]) => {
      const status = judged.get(rule)?.status;
      if (status === undefined) return raw('<td></td>');
      if (status !== 'failed') return PLAIN[status];
      return html`<td class="failed"><a href="${linkToCriterion(student, lab.lab, rule)}" aria-label="failed">✗</a></td>`;
    },
  )}</tr>
`;
}
