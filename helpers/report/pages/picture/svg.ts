/** A laid-out drawing as SVG. Its colours are classes, so that they follow the page's theme and the printer's. */
import { html } from 'hono/html';
import type { Html } from '../../page/page.ts';
import { cut } from '../../plain.ts';
import {
  CHARACTER,
  DETAIL_HEIGHT,
  LABEL,
  labelOf,
  LONGEST_LABEL,
  NAME_HEIGHT,
  PADDING,
  textOf,
  type Layout,
} from './layout.ts';

/** Left of and right of a box's text, together. */
const MARGIN = 12;

export interface Caption {
  /** Unique on the page. */
  id: string;
  title: string;
  /** The picture in words, for who does not see it. */
  description: string;
}

export function svgOf({ width, height, boxes, lines, machines }: Layout, { id, title, description }: Caption): Html {
  return html`<svg
    class="picture"
    role="img"
    aria-labelledby="${id}-title"
    aria-describedby="${id}-desc"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
  >
    <title id="${id}-title">${title}</title>
    <desc id="${id}-desc">${description}</desc>
    ${machines.map(machineOf)} ${lines.map(lineOf)} ${boxes.map(boxOf)} ${lines.map(labelsOf)}
  </svg>`;
}

function machineOf({ machine, ...at }: Layout['machines'][number]): Html {
  return html`<g class="machine">${rectangle(at, 6)}<text x="${at.x + 12}" y="${at.y + 19}">machine ${machine}</text></g>`;
}

function boxOf({ box, ...at }: Layout['boxes'][number]): Html {
  const { kind, name, details, mark } = box;
  const middle = round(at.x + at.width / 2);
  const nameBase = round(at.y + PADDING + NAME_HEIGHT - 5);
  const rounding = { container: 4, network: 14, outside: 14 }[kind];
  // The characters are monospace, so that it is known without a browser how many fit.
  const room = (width: number): number => Math.floor((at.width - MARGIN) / width);
  return html`<g class="box ${kind} ${mark ?? ''}"
    ><title>${[name, ...details].join('\n')}</title
    >${rectangle(at, rounding)}<text class="name" x="${middle}" y="${nameBase}">${fit(textOf(box), room(CHARACTER.name))}</text
    >${details.map(
      (detail, i) =>
        html`<text x="${middle}" y="${nameBase + (i + 1) * DETAIL_HEIGHT}">${fit(detail, room(CHARACTER.detail))}</text>`,
    )}</g>`;
}

function lineOf({ line, points }: Layout['lines'][number]): Html {
  const path = points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');
  return html`<path class="line ${line.mark ?? ''}" d="${path}" />`;
}

function labelsOf({ line, label }: Layout['lines'][number]): Html | string {
  if (label === undefined) return '';
  const rows = labelOf(line);
  const middle = round(label.x + label.width / 2);
  return html`<g class="label ${line.mark ?? ''}"
    ><title>${rows.join('\n')}</title
    >${rectangle(label, 0)}${rows.map(
      (row, i) =>
        html`<text x="${middle}" y="${round(label.y + i * LABEL.height + 11)}">${fit(row, LONGEST_LABEL)}</text>`,
    )}</g>`;
}

function rectangle({ x, y, width, height }: { x: number; y: number; width: number; height: number }, r: number): Html {
  return html`<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${r}" />`;
}

/** Shortens a text in its middle: names of one project begin alike, and numbers are at the end. */
function fit(text: string, room: number): string {
  const characters = Array.from(text);
  if (characters.length <= room) return text;
  const end = Math.floor((room - 1) / 2);
  return `${cut(characters.slice(0, room - end - 1).join(''), room)}…${characters.slice(-end).join('')}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
