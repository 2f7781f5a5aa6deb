/**
 * Pieces that class and student pages share. Treat every text that is put in as a student's: it is escaped and bounded.
 */
import { html } from 'hono/html';
import type { EngineFacts } from '../../machine/lab-host/lab-host.ts';
import type { Html } from '../page/page.ts';
import { cut } from '../plain.ts';
import type { CriterionRecord } from '../record.ts';
import { inert } from '../terminal.ts';

/** Characters of one text on a page; the JSON record has all of it. */
const LONGEST_TEXT = 8_192;

const STATUS: Record<CriterionRecord['status'], [symbol: string, words: string]> = {
  passed: ['✓', 'passed'],
  failed: ['✗', 'failed'],
  skipped: ['–', 'not judged'],
  error: ['!', 'not judged (not the student’s fault)'],
};

/** A status by a symbol and words, so that nobody needs its colour. */
export function statusBadge({ status, withheld }: Pick<CriterionRecord, 'status' | 'withheld'>): Html {
  const [symbol, words] = STATUS[status];
  return html`<span class="status ${status}"
    ><span aria-hidden="true">${symbol}</span> ${withheld ? 'not judged here' : words}</span
  >`;
}

/** A student's text for a page: without control characters, and cut if it is long, with a note on where the rest is. */
export function shown(text: string, most = LONGEST_TEXT): string {
  // Cut before anything else: a container's output may be megabytes long.
  const part = inert(cut(text, most).toWellFormed());
  return text.length <= most ? part : `${part} (cut; the JSON record has all ${text.length} characters)`;
}

/** A student's text in which what stands between backticks is code, as the texts of the rules have it. */
export function prose(text: string, most = LONGEST_TEXT): Html[] {
  return shown(text, most)
    .split(/`([^`\n]+)`/)
    .map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}

/** Points that are lost, with a minus sign that is as wide as a digit. */
export function minus(value: number): string {
  return `−${points(value)}`;
}

/** A name in a sentence or a cell: one line of bounded length. */
export function shortName(name: string, most = 80): string {
  // Cut before anything else: it may be megabytes long.
  return (
    cut(
      inert(name.slice(0, 4 * most).toWellFormed())
        .replace(/\s+/g, ' ')
        .trim(),
      most,
    ) || '(no name)'
  );
}

/** Where something was graded, in the middle of a sentence. */
export function hostWords({ host, live, version, outside }: EngineFacts): Html {
  const hosts = { disposable: 'a fresh machine', local: 'this machine’s Docker', ssh: 'a remote machine' };
  const where = `${hosts[host]}${live ? ', as it ran there' : ''}`;
  return html`on ${where}, Docker Engine ${version}. “Outside” is ${outside}.`;
}

/** Points, rounded to two decimals. */
export function points(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** "1 rule", "2 rules". */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** @param iso A time in ISO 8601, as in records. */
export function moment(iso: string): Html {
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`;
}

/** Of something wider than a phone, which is moved sideways there; it can be focused, so that the keyboard moves it. */
export function scrolled(labelledBy: string, content: Html, kind = ''): Html {
  return html`<div class="scroll ${kind}" tabindex="0" role="group" aria-labelledby="${labelledBy}">${content}</div>
<p class="cue screen-only" aria-hidden="true">↔ move it sideways to see all</p>`;
}

/** The id of a lab's section on a page. */
export function labAnchor(lab: string): string {
  // An id must not contain spaces, and no two labs may have the same one.
  return `lab-${lab.toWellFormed().replace(/[^A-Za-z0-9-]/gu, (c) => `_${(c.codePointAt(0) ?? 0).toString(16)}_`)}`;
}

export function causeAnchor(lab: string): string {
  return `${labAnchor(lab)}.cause`;
}

export function criterionAnchor(lab: string, criterion: string): string {
  return `${labAnchor(lab)}.${criterion}`;
}
