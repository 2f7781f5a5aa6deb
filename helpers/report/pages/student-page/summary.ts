/** The summary on top of a student's page: a sentence per lab, with links to the rules that failed. */
import { html } from 'hono/html';
import type { Html } from '../../page/page.ts';
import { cut } from '../../plain.ts';
import { causeAnchor, counted, criterionAnchor, labAnchor, points, shown } from '../markup.ts';
import type { CriterionRecord, LabRecord, StudentRecord } from '../../record.ts';

/** At most so many links; the lab's section lists all rules. */
const MOST_LINKS = 6;
const LONGEST_CAUSE = 200;

export function summary({ labs }: StudentRecord): Html {
  const absent = labs.filter(({ status }) => status === 'missing');
  const there = labs.filter((lab) => !absent.includes(lab));
  return html`<section aria-labelledby="summary">
<h2 id="summary">In short</h2>
<ul class="summary">
${there.map(
  (lab) => html`<li><a href="#${labAnchor(lab.lab)}">${lab.lab}</a>: ${labSentence(lab)}</li>
`,
)}${absent.length === 0 ? '' : html`<li class="quiet">Not handed in: ${absent.map(({ lab }) => lab).join(', ')}.</li>`}
</ul>
</section>`;
}

/** "76 of 100; 2 rules failed: …; 1 rule could not be judged." */
export function labSentence(lab: LabRecord): Html {
  const { status, criteria, score, maxScore } = lab;
  const scored = `${points(score)} of ${points(maxScore)}`;
  if (status === 'invalid') return html`${scored}; nothing in it could be deployed.`;
  if (status === 'error' && criteria.every((each) => each.status === 'error'))
    return html`it could not be graded, which is not your fault; it has to be graded again.`;
  const failed = criteria.filter((each) => each.status === 'failed');
  const skipped = criteria.filter((each) => each.status === 'skipped' && !each.withheld);
  const unjudged = criteria.filter((each) => each.status === 'error');
  const cause =
    lab.cause === undefined
      ? ''
      : html`<a href="#${causeAnchor(lab.lab)}">${shown(cut(lab.cause.says, LONGEST_CAUSE))}</a>; `;
  return html`${scored}; ${cause}${
    failed.length === 0
      ? skipped.length + unjudged.length === 0
        ? 'every rule below passed'
        : 'no rule failed'
      : html`${counted(failed.length, 'rule failed', 'rules failed')}: ${linksTo(failed, lab)}`
  }${skipped.length === 0 ? '' : `; ${counted(skipped.length, 'rule')} could not be judged because of another one`}${
    unjudged.length === 0
      ? ''
      : `; ${counted(unjudged.length, 'rule')} could not be judged, which is not your fault, and will be graded again`
  }.`;
}

function linksTo(criteria: CriterionRecord[], { lab }: LabRecord): Html[] {
  const links = criteria
    .slice(0, MOST_LINKS)
    .map(
      ({ id, title }, i) => html`${i === 0 ? '' : ', '}<a href="#${criterionAnchor(lab, id)}">${shown(title, 200)}</a>`,
    );
  const more = criteria.length - links.length;
  return more > 0 ? [...links, html`, and ${more} more`] : links;
}
