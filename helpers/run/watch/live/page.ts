/**
 * The live page as markup, made of the same pieces as a student's page: rules, pictures, who reaches whom. It has parts that are
 * replaced one by one when they change. Everything that is put in is escaped, because it is a student's text.
 */
import { html, raw } from 'hono/html';
import { page, type Html, type PageAssets } from '../../../report/page/page.ts';
import {
  counted,
  criterionAnchor,
  labAnchor,
  points,
  shortName,
  shown,
  statusBadge,
} from '../../../report/pages/markup.ts';
import type { Layouts } from '../../../report/pages/picture/layout.ts';
import { picturesOf } from '../../../report/pages/picture/pictures.ts';
import { bodyOf } from '../../../report/pages/student-page/criterion.ts';
import { differencesPart, figure } from '../../../report/pages/student-page/lab.ts';
import { reachTable } from '../../../report/pages/student-page/reach-table.ts';
import type { CriterionRecord } from '../../../report/record.ts';
import { isUnseen, scoreOf, withheldIn, type LabState, type RuleState, type WatchState } from '../state.ts';
import type { LabView, PacketWay } from '../view.ts';
import type { Parts } from './server.ts';

/** A list of more is unreadable. */
const MOST_WAYS = 24;
const AGAIN = html`<p class="again"><span aria-hidden="true">…</span> Being tried again. This was seen before:</p>`;

type Markup = Record<string, Html | string>;

/** @returns the whole page. */
export async function livePage(state: WatchState, assets: PageAssets, layouts: Layouts): Promise<string> {
  const parts = await partsOf(state, layouts);
  const part = (id: string): Html => html`<div data-part="${id}">${raw(parts[id] ?? '')}</div>`;
  const body = html`<header class="head">
<h1>Self-test</h1>
${part('score')}
${part('watching')}
</header>
<main>
${part('trouble')}
<div class="banner" role="alert" id="ended" hidden></div>
<p class="said" role="status" id="news"></p>
<noscript><p class="note">A script keeps this page up to date. Without it, load the page again.</p></noscript>
${part('guessed')}
${state.labs.map(({ lab, title }) => {
  const id = labAnchor(lab);
  return html`<section class="lab" id="${id}" aria-labelledby="${id}.title">
<h2 id="${id}.title">${lab}</h2>
<p class="quiet">${shown(title, 200)}</p>
<div class="beside">
<div>${part(`${id}.network`)}</div>
<div><h3>Rules</h3>${part(`${id}.rules`)}</div>
</div>
${part(`${id}.reach`)}
${part(`${id}.ways`)}
</section>
`;
})}
</main>`;
  return page('Self-test', assets, body, true);
}

/** The parts of the page that change, by their ids; `news` is what a screen reader says. */
export async function partsOf(state: WatchState, layouts: Layouts): Promise<Parts> {
  const { score, maxScore } = scoreOf(state);
  const ofLabs = await Promise.all(state.labs.map((lab) => partsOfLab(lab, layouts)));
  const parts: Markup = {
    score: isUnseen(state)
      ? html`<p class="score">looking …</p>`
      : html`<p class="score"><strong>${points(score)}</strong> of ${points(maxScore)} points</p>`,
    watching: html`<p class="quiet">${shown(state.watching, 200)}. Nothing of yours is changed.${restOf(state)}</p>`,
    trouble:
      state.trouble === undefined
        ? ''
        : html`<p class="banner"><span aria-hidden="true">!</span> ${shown(state.trouble, 1000)}</p>`,
    guessed: state.guessed === undefined ? '' : html`<p class="note">${shown(state.guessed, 500)}</p>`,
    news: shown(newsOf(state)),
  };
  const all = [parts, ...ofLabs].flatMap((some) => Object.entries(some));
  const written = all.map(async ([id, markup]) => [id, String(await markup)] as const);
  return Object.fromEntries(await Promise.all(written));
}

function restOf(state: WatchState): Html | string {
  const withheld = withheldIn(state);
  if (withheld.length === 0) return '';
  const worth = withheld.reduce((sum, rule) => sum + rule.worth, 0);
  return html` Not judged here: ${withheld.map(({ id }) => id).join(', ')} (${points(worth)} points);
    <code>${shown(state.rest, 500)}</code> judges them.`;
}

/** One sentence about everything. */
function newsOf(state: WatchState): string {
  if (state.trouble !== undefined) return state.trouble;
  if (isUnseen(state)) return 'looking';
  const { score, maxScore } = scoreOf(state);
  const rules = state.labs.flatMap((lab) => lab.rules);
  const failed = rules.filter(({ status, checking }) => status === 'failed' && !checking);
  const checking = rules.filter((rule) => rule.checking);
  return [
    `${points(score)} of ${points(maxScore)} points`,
    counted(failed.length, 'rule failed', 'rules failed'),
    ...(checking.length > 0 ? [`${checking.length} being checked`] : []),
  ].join('; ');
}

async function partsOfLab(lab: LabState, layouts: Layouts): Promise<Markup> {
  const id = labAnchor(lab.lab);
  const { view } = lab;
  return {
    [`${id}.network`]: view === undefined ? '' : await networkPart(view, id, layouts),
    [`${id}.rules`]: html`<ol class="criteria">${lab.rules.map((rule) => ruleItem(rule, lab))}</ol>`,
    [`${id}.reach`]: view === undefined ? '' : reachPart(view, id),
    [`${id}.ways`]: view === undefined ? '' : waysPart(view, id),
  };
}

async function networkPart({ topology }: LabView, id: string, layouts: Layouts): Promise<Html> {
  const { actual, expected, differences } = await picturesOf(topology, id, layouts);
  return html`<h3>The network</h3>
${figure('As it is', actual, `${id}.seen`)}
${differences === undefined ? '' : differencesPart(differences)}
${
  expected === undefined
    ? ''
    : html`<details class="wanted" id="${id}.wanted-part"><summary>As it should be</summary>${figure('As it should be', expected, `${id}.wanted`)}</details>`
}`;
}

function ruleItem(rule: RuleState, { lab, rules }: LabState): Html {
  const { id, status, title, score, maxScore, checking, withheld } = rule;
  if (status === 'unknown')
    return html`<li class="criterion unknown"><p class="line"><span class="title">${shown(title, 400)}</span> <span class="status checking"><span aria-hidden="true">…</span> being checked</span> <span class="points">${points(maxScore)}</span></p></li>
`;
  const judged: CriterionRecord = { ...rule, status };
  const others = rules.flatMap((each): CriterionRecord[] =>
    each.status === 'unknown' ? [] : [{ ...each, status: each.status }],
  );
  const badge = checking
    ? html`<span class="status checking">${statusBadge(judged)} … being checked</span>`
    : statusBadge(judged);
  return html`<li class="criterion ${status} ${checking ? 'checking' : ''}">
<details id="${criterionAnchor(lab, id)}.rule"${status === 'failed' || status === 'error' ? html` open` : ''}>
<summary><span class="title">${shown(title, 400)}</span> ${badge} <span class="points">${withheld === true ? '–' : `${points(score)} of ${points(maxScore)}`}</span></summary>
<div class="body" id="${criterionAnchor(lab, id)}">
${bodyOf(judged, { lab, criteria: others })}
<p class="quiet id"><code>${id}</code></p>
</div>
</details>
</li>
`;
}

function reachPart({ topology, isTried }: LabView, id: string): Html | string {
  const { reach = [] } = topology;
  if (reach.length === 0) return isTried ? '' : html`<p class="again">Who reaches whom is being tried …</p>`;
  return html`${isTried ? '' : AGAIN}${reachTable(reach, id)}`;
}

function waysPart({ ways, isTried }: LabView, id: string): Html | string {
  if (ways.length === 0) return '';
  const more = ways.length - MOST_WAYS;
  return html`<h3 id="${id}.ways-title">The way of a packet</h3>
${isTried ? '' : AGAIN}
<ul class="ways" aria-labelledby="${id}.ways-title">
${ways.slice(0, MOST_WAYS).map(wayItem)}</ul>
${more > 0 ? html`<p class="quiet">${more} more are not shown.</p>` : ''}`;
}

function wayItem({ from, to, target, stations, end, wanted }: PacketWay): Html {
  const isKnown = wanted !== undefined && end !== 'unknown';
  const isRight = wanted === (end === 'arrived');
  const [kind, symbol] = !isKnown ? ['open', '·'] : isRight ? ['right', '✓'] : ['wrong', '✗'];
  const said = !isKnown ? '' : isRight ? ', as it should be' : wanted ? ', and should arrive' : ', and should not';
  const words = { arrived: 'arrived', lost: 'lost here', unknown: 'no answer' };
  return html`<li class="way ${kind}">
<span class="pair">${shortName(from, 40)} <span aria-hidden="true">→</span><span class="said"> to </span> ${shortName(to, 40)} <span class="by">${shown(target, 80)}</span></span>
<ol class="stations">${stations.map((station) => html`<li>${shortName(station, 60)}</li>`)}<li class="end ${end}"><span aria-hidden="true">${symbol}</span> ${words[end]}${said}</li></ol>
</li>
`;
}
