/** The class in a few numbers, and what its points are by. */
import { html } from 'hono/html';
import type { Html } from '../../page/page.ts';
import { shortName } from '../markup.ts';
import type { RubricStamp, StudentRecord } from '../../record.ts';
import { inNeed } from './attention.ts';
import { rulesBroken } from './broken-rules.ts';
import { median, percent, sharesOf } from './statistics.ts';

export function headline(records: StudentRecord[]): Html | '' {
  if (records.length === 0) return '';
  const shares = sharesOf(records);
  const there = records.filter(({ labs }) => labs.some(({ status }) => status !== 'missing')).length;
  const [worst] = rulesBroken(records);
  const figures: [number: string, words: string, to?: string][] = [
    [`${there} of ${records.length}`, 'handed something in'],
    ...(shares.length === 0
      ? []
      : ([
          [percent(median(shares)), 'of the points: half of the class has that or more', '#distribution'],
          [String(shares.filter((share) => share >= 1).length), 'with all points'],
        ] satisfies [string, string, string?][])),
    [String(inNeed(records)), 'to look at', '#attention'],
    ...(worst === undefined
      ? []
      : ([[`${worst.broken.length} of ${worst.judged}`, `failed the rule “${worst.title}”`, '#rules']] satisfies [
          string,
          string,
          string,
        ][])),
  ];
  return html`<section aria-label="In numbers">
<dl class="figures">
${figures.map(
  ([
    number,
    words,
    to,
  ]) => html`<div><dt>${to === undefined || number === '0' ? words : html`<a href="${to}">${words}</a>`}</dt><dd>${number}</dd></div>
`,
)}</dl>
</section>
`;
}

/** What the points are by, as the rest of a sentence. */
export function scoredBy(records: StudentRecord[]): string {
  const stamps = records.flatMap(({ rubric, labs }) => [rubric, ...labs.map((lab) => lab.rubric)]);
  const own = records.some(({ rubric, labs }) => rubric === undefined && labs.some((lab) => lab.rubric === undefined));
  const files = new Map(stamps.filter((each) => each !== undefined).map((each) => [each.sha256, each]));
  return [...(own ? ['the labs’ own points'] : []), ...[...files.values()].map(rubricText)].join(', and by ');
}

function rubricText({ file, sha256, handedIn }: RubricStamp): string {
  const dates = handedIn === undefined ? '' : `, handed in according to ${shortName(handedIn.file)}`;
  return `the rubric ${shortName(file)} (${sha256})${dates}`;
}
