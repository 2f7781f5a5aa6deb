/** How the class's scores are distributed: a histogram, and the same as a table. */
import { html } from 'hono/html';
import type { Html } from '../../page/page.ts';
import { counted } from '../markup.ts';
import type { StudentRecord } from '../../record.ts';
import { mean, median, percent, sharesOf, steps, type Step } from './statistics.ts';

const BAR = { width: 44, gap: 8, height: 120 };
const MARGIN = { top: 18, bottom: 20 };

export function distribution(records: StudentRecord[]): Html | '' {
  const shares = sharesOf(records);
  if (shares.length === 0) return '';
  const all = steps(shares);
  return html`<section aria-labelledby="distribution">
<h2 id="distribution">Distribution</h2>
<p>${counted(shares.length, 'student')} graded completely. Half of them have ${percent(median(shares))} of the points or more, and half have
that or less (the median); on average, it is ${percent(mean(shares))}.</p>
${histogram(all)}
<details>
<summary>As a table</summary>
<table>
<thead><tr><th scope="col">of all points</th><th scope="col">students</th></tr></thead>
<tbody>${all.map(({ label, count }) => html`<tr><th scope="row">${label}</th><td>${count}</td></tr>`)}</tbody>
</table>
</details>
</section>
`;
}

function histogram(all: Step[]): Html {
  const highest = Math.max(...all.map(({ count }) => count), 1);
  const step = BAR.width + BAR.gap;
  const width = all.length * step;
  const bottom = MARGIN.top + BAR.height;
  const said = all.filter(({ count }) => count > 0).map(({ label, count }) => `${label}: ${count}`);
  return html`<svg class="histogram" role="img" aria-labelledby="histogram-title" aria-describedby="histogram-desc" viewBox="0 0 ${width} ${
    bottom + MARGIN.bottom
  }" width="${width}" height="${bottom + MARGIN.bottom}">
<title id="histogram-title">How many students have how much of the points</title>
<desc id="histogram-desc">${said.join('; ')}</desc>
${all.map(({ label, count }, i) => {
  const height = (count / highest) * BAR.height;
  const x = i * step + BAR.gap / 2;
  const middle = x + BAR.width / 2;
  return html`<g><title>${label}: ${count}</title><rect x="${x}" y="${round(bottom - height)}" width="${BAR.width}" height="${round(height)}"/><text x="${middle}" y="${round(bottom - height - 5)}">${
    count === 0 ? '' : count
  }</text><text class="axis" x="${middle}" y="${bottom + 15}">${i === 10 ? '100 %' : `${i * 10}+`}</text></g>`;
})}
<path class="axis" d="M0 ${bottom}H${width}"/>
</svg>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
