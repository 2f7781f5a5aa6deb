/**
 * The top of a student's page: what to fix, the most expensive first, each with its reason and with what followed from it.
 * Below it, a sentence for each lab.
 */
import { html } from 'hono/html';
import type { Html } from '../../page/page.ts';
import { causeAnchor, counted, criterionAnchor, labAnchor, minus, points, prose } from '../markup.ts';
import { cut } from '../../plain.ts';
import { lossesOf, type Loss } from '../../losses.ts';
import type { CriterionRecord, LabRecord, StudentRecord } from '../../record.ts';

/** More losses than this are counted; the labs' sections list all rules. */
const MOST_LOSSES = 40;
/** Characters of a reason; the rule has all of it. */
const LONGEST_REASON = 300;
/** With more of them, what follows from a loss is folded. */
const MOST_FOLLOWERS = 3;

export function summary({ labs }: StudentRecord): Html {
  const losses = labs.flatMap((lab) => lossesOf(lab)).toSorted((a, b) => b.points - a.points);
  const unjudged = labs.filter(({ status }) => status === 'error');
  const several = labs.length > 1;
  return html`<section aria-labelledby="summary">
<h2 id="summary">${losses.length > 0 ? 'To fix' : 'In short'}</h2>
${losses.length > 0 ? lossList(losses, several) : unjudged.length > 0 ? '' : html`<p>All points: there is nothing to fix.</p>`}
${unjudged.map(
  (lab) =>
    html`<p class="note unjudged"><a href="#${labAnchor(lab.lab)}">${lab.lab}</a>: ${
      lab.criteria.every(({ status }) => status === 'error')
        ? 'it could not be graded'
        : `${counted(lab.criteria.filter(({ status }) => status === 'error').length, 'rule')} could not be judged`
    }, which is not your fault; it has to be graded again.</p>
`,
)}${labLinks(labs)}
</section>`;
}

function lossList(losses: Loss[], several: boolean): Html {
  const absent = losses.filter(({ reason }) => reason === 'missing');
  const others = losses.filter((loss) => !absent.includes(loss));
  const more = others.slice(MOST_LOSSES);
  return html`<ol class="losses">
${others.slice(0, MOST_LOSSES).map((loss) => lossItem(loss, several))}${
    more.length === 0
      ? ''
      : html`<li><span class="lost">${minus(sumOf(more))}</span> <div>in ${counted(more.length, 'more place')}, below</div></li>`
  }${
    absent.length === 0
      ? ''
      : html`<li><span class="lost">${minus(sumOf(absent))}</span> <div class="loss">not handed in: ${absent.map(
          ({ lab }, i) => html`${i === 0 ? '' : ', '}<a href="#${labAnchor(lab.lab)}">${lab.lab}</a>`,
        )}</div></li>
`
  }</ol>`;
}

function sumOf(losses: Loss[]): number {
  return losses.reduce((sum, each) => sum + each.points, 0);
}

function lossItem(loss: Loss, several: boolean): Html {
  const { lab, points: lost, follows } = loss;
  return html`<li><span class="lost">${minus(lost)}</span> <div class="loss">${reasonOf(loss)}${
    several ? html` <span class="quiet">${lab.lab}</span>` : ''
  }${followers(follows, loss)}</div></li>
`;
}

function reasonOf({ lab, reason, criterion }: Loss): Html {
  switch (reason) {
    case 'missing':
      return html`<a href="#${labAnchor(lab.lab)}">Not handed in</a>`;
    case 'invalid':
      return html`<a href="#${labAnchor(lab.lab)}">It cannot be deployed</a> <span class="why">${prose(cut(lab.message ?? '', LONGEST_REASON))}</span>`;
    case 'late':
      return html`<a href="#${labAnchor(lab.lab)}">It came late</a> <span class="why">${points(lab.late?.percent ?? 0)} % is taken off what passed</span>`;
    case 'cause':
      return html`<a href="#${causeAnchor(lab.lab)}">${prose(cut(lab.cause?.says ?? '', LONGEST_REASON))}</a>`;
    case 'rule':
      return html`${linkTo(criterion!, lab)} <span class="why">${prose(cut(criterion!.actual, LONGEST_REASON))}</span>`;
  }
}

/** What failed or could not be judged for the same reason. */
function followers(follows: CriterionRecord[], { lab, reason }: Loss): Html | '' {
  if (follows.length === 0) return '';
  const items = follows.map(
    (each) => html`<li><span class="lost">${minus(each.maxScore - each.score)}</span> ${linkTo(each, lab)}</li>
`,
  );
  const title = `${reason === 'cause' ? 'through this' : 'of these through this'}: ${counted(follows.length, 'rule')}`;
  return html`<details class="followers"${follows.length <= MOST_FOLLOWERS ? html` open` : ''}><summary>${title}</summary><ul>
${items}</ul></details>`;
}

function linkTo({ id, title }: CriterionRecord, { lab }: LabRecord): Html {
  return html`<a href="#${criterionAnchor(lab, id)}">${prose(title, 200)}</a>`;
}

function labLinks(labs: LabRecord[]): Html | '' {
  const there = labs.filter(({ status }) => status !== 'missing');
  if (there.length === 0) return '';
  return html`<ul class="summary">
${there.map(
  (lab) => html`<li><a href="#${labAnchor(lab.lab)}">${lab.lab}</a>: ${labSentence(lab)}</li>
`,
)}</ul>`;
}

/** "76 of 100; 2 rules failed; 1 rule could not be judged because of another one." */
export function labSentence({ status, criteria, score, maxScore }: LabRecord): string {
  const scored = `${points(score)} of ${points(maxScore)}`;
  if (status === 'invalid') return `${scored}; nothing in it could be deployed.`;
  if (status === 'error' && criteria.every((each) => each.status === 'error')) return 'it could not be graded.';
  const count = (of: CriterionRecord['status']): number =>
    criteria.filter((each) => each.status === of && !each.withheld).length;
  const [failed, skipped, unjudged] = [count('failed'), count('skipped'), count('error')];
  return `${[
    scored,
    failed > 0
      ? `${counted(failed, 'rule')} failed`
      : skipped + unjudged === 0
        ? 'every rule passed'
        : 'no rule failed',
    ...(skipped > 0 ? [`${counted(skipped, 'rule')} could not be judged because of another one`] : []),
    ...(unjudged > 0 ? [`${counted(unjudged, 'rule')} could not be judged, which is not your fault`] : []),
  ].join('; ')}.`;
}
