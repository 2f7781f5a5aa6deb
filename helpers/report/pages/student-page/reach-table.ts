/** Who was seen to reach whom: a row per container that asks, a column per container that is asked. */
import { html } from 'hono/html';
import type { Html } from '../../page/page.ts';
import { scrolled, shortName } from '../markup.ts';
import { isWrong, type ReachRecord, type Way } from '../../reach.ts';

/** A table of more is unreadable; the JSON record has the rest. */
const MOST = 16;

const SEEN: Record<Way['observed'], string> = {
  reached: 'reached',
  'reached-through-host': 'reached through a published port',
  'not-reached': 'not reached',
  'no-such-name': 'name unknown',
  'another-address': 'name leads elsewhere',
  'not-tried': 'not tried',
};

/** @param id Of the lab; the table's title gets one made of it. */
export function reachTable(reach: ReachRecord[], id: string): Html | string {
  // Who does not run could not be tried, and nobody could try it.
  const tried = reach.filter(({ byName, byAddress }) =>
    [byName, byAddress].some(({ observed }) => observed !== 'not-tried'),
  );
  if (tried.length === 0) return '';
  const from = [...new Set(tried.map((each) => each.from))];
  const asked = new Set(tried.map((each) => each.to));
  // In the rows' order, as far as they are the same.
  const to = [...from.filter((name) => asked.has(name)), ...[...asked].filter((name) => !from.includes(name))];
  const cells = new Map(from.map((name) => [name, new Map<string, ReachRecord>()]));
  for (const each of tried) cells.get(each.from)?.set(each.to, each);
  const rows = from.slice(0, MOST);
  const columns = to.slice(0, MOST);
  return html`<h3 id="${id}.reach">Who reaches whom</h3>
${scrolled(
  `${id}.reach`,
  html`<table class="reach">
<thead><tr><th scope="col">from <span aria-hidden="true">↓</span> to <span aria-hidden="true">→</span></th>${columns.map(
    (name) => html`<th scope="col">${shortName(name, 40)}</th>`,
  )}</tr></thead>
<tbody>
${rows.map(
  (source) => html`<tr><th scope="row">${shortName(source, 40)}</th>${columns.map((target) =>
    cell(cells.get(source)?.get(target), source === target),
  )}</tr>
`,
)}</tbody>
</table>`,
)}
<p class="quiet">✓ as it should be, ✗ not as it should be, · the task says nothing of it, or it could not be tried.</p>
${rows.length < from.length || columns.length < to.length ? html`<p class="quiet">The table shows the first ${MOST} of each; the JSON record has all.</p>` : ''}`;
}

function cell(seen: ReachRecord | undefined, itself: boolean): Html {
  if (seen === undefined) return html`<td class="quiet">${itself ? 'itself' : '–'}</td>`;
  return html`<td>${way('by name', seen.byName)}${way('by address', seen.byAddress)}</td>`;
}

function way(by: string, seen: Way): Html {
  const wrong = isWrong(seen);
  const silent = seen.expected === undefined || seen.observed === 'not-tried';
  const [kind, symbol] = silent ? ['open', '·'] : wrong ? ['wrong', '✗'] : ['right', '✓'];
  const wanted = wrong ? `, and should ${seen.expected ? '' : 'not '}be` : ', as it should be';
  return html`<div class="way ${kind}"><span class="by">${by}</span> <span aria-hidden="true">${symbol}</span> ${SEEN[seen.observed]}${
    silent ? '' : html`<span class="${wrong ? 'wanted' : 'said'}">${wanted}</span>`
  }</div>`;
}
