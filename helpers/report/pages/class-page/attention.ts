/** Whose work an instructor should look at, and why: all that scores alone do not say. */
import { html } from 'hono/html';
import type { Html } from '../../page/page.ts';
import { lostThroughCause } from '../../cause-text.ts';
import { cut } from '../../plain.ts';
import { counted, minus, prose, shortName } from '../markup.ts';
import type { LabRecord, StudentRecord } from '../../record.ts';
import { linkToLab, linkToStudent } from './links.ts';

/** At most so many of one kind are listed; the scores can be filtered for all of them. */
const MOST = 40;
/** More than this are folded. */
const OPEN = 8;
const LONGEST_REASON = 160;

interface Kind {
  title: (count: string) => string;
  of: (lab: LabRecord) => boolean;
  why: (lab: LabRecord) => Html[] | string;
}

/** What could not be graded has a section of its own; see unjudged.ts. */
const KINDS: Kind[] = [
  {
    title: (count) => `${count} cannot be deployed`,
    of: ({ status }) => status === 'invalid',
    why: ({ message = '' }) => prose(cut(message, LONGEST_REASON)),
  },
  {
    title: (count) => `${count} did not come up as asked for`,
    of: (lab) => lostThroughCause(lab) > 0,
    why: (lab) => [html`${minus(lostThroughCause(lab))}: `, ...prose(cut(lab.cause?.says ?? '', LONGEST_REASON))],
  },
  {
    title: (count) => `${count} asked the engine for what is not allowed`,
    of: ({ policy }) => (policy?.deniedInAll ?? 0) > 0,
    why: ({ policy }) => prose(cut(policy?.denied[0]?.sentence ?? '', LONGEST_REASON)),
  },
  {
    title: (count) => `${count} came late`,
    of: ({ late }) => late !== undefined,
    why: ({ late }) => `−${late?.percent ?? 0} %`,
  },
];

/** @returns how many students are named in the section. */
export function inNeed(records: StudentRecord[]): number {
  return records.filter((record) => hasNothing(record) || record.labs.some((lab) => KINDS.some(({ of }) => of(lab))))
    .length;
}

export function attention(records: StudentRecord[]): Html | '' {
  const absent = records.filter(hasNothing);
  const kinds = KINDS.map((kind) => ({
    ...kind,
    found: records.flatMap(({ student, labs }) => labs.filter(kind.of).map((lab) => ({ student, lab }))),
  })).filter(({ found }) => found.length > 0);
  if (absent.length === 0 && kinds.length === 0) return '';
  return html`<section aria-labelledby="attention">
<h2 id="attention">Needs attention</h2>
<ul class="attention">
${kinds.map(
  ({ title, found, why }) =>
    html`<li>${folded(
      title(counted(found.length, 'submission')),
      found.map(
        ({ student, lab }) =>
          html`<a href="${linkToLab(student, lab.lab)}"><bdi>${shortName(student)}</bdi>, ${lab.lab}</a>: ${why(lab)}`,
      ),
    )}</li>
`,
)}${
    absent.length === 0
      ? ''
      : html`<li>${folded(
          `${counted(absent.length, 'student')} handed in nothing`,
          absent.map(({ student }) => html`<a href="${linkToStudent(student)}"><bdi>${shortName(student)}</bdi></a>`),
        )}</li>
`
  }</ul>
</section>
`;
}

function hasNothing({ labs }: StudentRecord): boolean {
  return labs.every(({ status }) => status === 'missing');
}

function folded(title: string, items: Html[]): Html {
  const more = items.length - MOST;
  return html`<details${items.length <= OPEN ? html` open` : ''}><summary>${title}</summary>
<ul>${items.slice(0, MOST).map((item) => html`<li>${item}</li>`)}${more > 0 ? html`<li>and ${more} more</li>` : ''}</ul></details>`;
}
