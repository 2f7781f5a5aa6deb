/** The class at a glance, for its instructor: made from whole records, hidden rules included. */
import { html } from 'hono/html';
import { page, type Html, type PageAssets } from '../../page/page.ts';
import { counted, moment, shown } from '../markup.ts';
import { labName } from '../../criterion-text.ts';
import { similarGroups } from '../../similarity/groups.ts';
import { similaritySection } from '../../similarity/section.ts';
import { handedIn, titlesOf, type StudentRecord } from '../../record.ts';
import { attention } from './attention.ts';
import { brokenRules } from './broken-rules.ts';
import { distribution } from './distribution.ts';
import { headline, scoredBy } from './headline.ts';
import { linkToLab } from './links.ts';
import { labsTable } from './labs-table.ts';
import { rulesGrid } from './rules-grid.ts';
import { scoreTable } from './score-table.ts';
import { unjudged } from './unjudged.ts';

/** A part of the page with a heading of its own; empty when it has nothing to say. */
export type Section = (records: StudentRecord[]) => Html | '';

/** In the page's order. To add a part, add it here. */
const SECTIONS: Section[] = [
  headline,
  unjudged,
  attention,
  scoreTable,
  distribution,
  labsTable,
  brokenRules,
  rulesGrid,
  similarity,
];

/** @returns The whole file. */
export async function classPage(records: StudentRecord[], assets: PageAssets): Promise<string> {
  const labs = handedIn(records);
  const title = `${counted(records.length, 'student')}, ${counted(labs.length, 'lab')}`;
  const body = html`<a class="skip" href="#scores">To the scores</a>
<header>
  <h1>Class report</h1>
  <p class="quiet">${title}${labs.length === 1 ? html` (${nameOf(labs[0]!, records)})` : ''}. ${gradedWhen(records)}${records.length === 0 ? '' : html` Scored by ${scoredBy(records)}.`}</p>
</header>
<main>
${SECTIONS.map((section) => section(records))}
</main>`;
  return page(`Class report: ${title}`, assets, body);
}

/** The only lab of the page by its name and its title; those of several stand in the table of labs. */
function nameOf(lab: string, records: StudentRecord[]): string {
  const title = titlesOf(records).get(lab);
  return shown(labName({ lab, ...(title !== undefined && { title }) }), 200);
}

function gradedWhen(records: StudentRecord[]): Html | string {
  const [first, last] = [...records.map(({ startedAt }) => startedAt)]
    .sort()
    .filter((_, i, all) => i === 0 || i === all.length - 1);
  if (first === undefined) return '';
  return last === undefined || first.slice(0, 16) === last.slice(0, 16)
    ? html`Graded ${moment(first)}.`
    : html`Graded from ${moment(first)} to ${moment(last)}.`;
}

function similarity(records: StudentRecord[]): Html | '' {
  return records.length < 2 ? '' : similaritySection(similarGroups(records), linkToLab);
}
