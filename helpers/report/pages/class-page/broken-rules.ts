/** The rules that most students failed: how many, and who. */
import { html } from 'hono/html';
import type { Html } from '../../page/page.ts';
import { counted, shortName, shown } from '../markup.ts';
import type { StudentRecord } from '../../record.ts';
import { linkToCriterion } from './links.ts';

/** At most so many rules are shown; summary.json has all of them. */
const MOST_RULES = 30;
const MOST_NAMES = 500;

export interface BrokenRule {
  lab: string;
  id: string;
  title: string;
  /** Students for whom it failed. */
  broken: string[];
  /** Number of students for whom it passed or failed. */
  judged: number;
  /** Number of students for whom it could not be judged because of another rule. */
  skipped: number;
}

/** @returns the rules that failed for somebody, those that failed most often first. */
export function rulesBroken(records: StudentRecord[]): BrokenRule[] {
  const rules = new Map<string, BrokenRule>();
  for (const { student, labs } of records) {
    for (const { lab, criteria } of labs) {
      for (const { id, title, status, withheld } of criteria) {
        const key = JSON.stringify([lab, id]);
        const rule = rules.get(key) ?? { lab, id, title, broken: [], judged: 0, skipped: 0 };
        rules.set(key, rule);
        if (status === 'failed') rule.broken.push(student);
        if (status === 'failed' || status === 'passed') rule.judged++;
        if (status === 'skipped' && !withheld) rule.skipped++;
      }
    }
  }
  return [...rules.values()]
    .filter(({ broken }) => broken.length > 0)
    .sort((a, b) => b.broken.length - a.broken.length || b.broken.length / b.judged - a.broken.length / a.judged);
}

export function brokenRules(records: StudentRecord[]): Html {
  const rules = rulesBroken(records);
  const more = rules.length - MOST_RULES;
  return html`<section aria-labelledby="rules">
<h2 id="rules">Rules that failed most often</h2>
${
  rules.length === 0
    ? html`<p>No rule failed.</p>`
    : html`<p class="quiet">The second number counts the students for whom the rule was judged. Where it could not be judged because of another rule, it counts neither as passed nor as failed.</p>
<ol class="rules">
${rules.slice(0, MOST_RULES).map(ruleItem)}</ol>`
}${more > 0 ? html`<p class="quiet">${counted(more, 'more rule', 'more rules')} failed less often: see <code>criteria</code> in summary.json.</p>` : ''}
</section>
`;
}

function ruleItem({ lab, id, title, broken, judged, skipped }: BrokenRule): Html {
  const more = broken.length - MOST_NAMES;
  return html`<li><details><summary><span class="numbers"><b>${broken.length}</b> of ${judged}</span> <svg class="share" aria-hidden="true" viewBox="0 0 100 6" preserveAspectRatio="none"><rect width="${
    Math.round((broken.length / judged) * 1000) / 10
  }" height="6"/></svg> <span class="title">${shown(title, 300)} <span class="quiet">${lab}</span></span></summary>
<p class="who">${broken
    .slice(0, MOST_NAMES)
    .map(
      (student, i) =>
        html`${i === 0 ? '' : ', '}<a href="${linkToCriterion(student, lab, id)}"><bdi>${shortName(student)}</bdi></a>`,
    )}${more > 0 ? `, and ${more} more` : ''}.${skipped === 0 ? '' : ` For ${skipped} more it could not be judged because of another rule.`}</p>
</details></li>
`;
}
