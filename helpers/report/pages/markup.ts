/** Pieces that the pages of a class and of a student have in common. Whatever is put in has been written by a student. */
import { html } from 'hono/html';
import type { Html } from '../page/page.ts';
import { cut } from '../plain.ts';
import type { CriterionRecord } from '../record.ts';
import { inert } from '../terminal.ts';

/** Of one text on a page; the JSON record has all of it. */
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

/** Text that neither steers nor fills a page, and says where the rest is when it was cut. */
export function shown(text: string, most = LONGEST_TEXT): string {
  // Cut first: a container's output may have megabytes.
  const part = inert(cut(text, most).toWellFormed());
  return text.length <= most ? part : `${part} (cut; the JSON record has all ${text.length} characters)`;
}

/** A name in a sentence or a cell: one line of bounded length. */
export function shortName(name: string, most = 80): string {
  // Cut first: it may have megabytes.
  return (
    cut(
      inert(name.slice(0, 4 * most).toWellFormed())
        .replace(/\s+/g, ' ')
        .trim(),
      most,
    ) || '(no name)'
  );
}

/** Points without the dust of decimal fractions. */
export function points(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** "1 rule", "2 rules". */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** @param iso A moment as records have it. */
export function moment(iso: string): Html {
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`;
}

/** Where a page has what it says about a lab. */
export function labAnchor(lab: string): string {
  // No spaces in an id, and no two labs with one.
  return `lab-${lab.toWellFormed().replace(/[^A-Za-z0-9-]/gu, (c) => `_${(c.codePointAt(0) ?? 0).toString(16)}_`)}`;
}

export function criterionAnchor(lab: string, criterion: string): string {
  return `${labAnchor(lab)}.${criterion}`;
}
