/** A network as boxes and lines, before anything has a place: what layout.ts lays out and svg.ts writes. */

export interface Drawing {
  boxes: Box[];
  lines: Line[];
  /** Things there was no room for. */
  leftOut: number;
}

/**
 * `missing`: not there, and should be. `wrong`: there, and should not be, or not like that. `stranger`: there, and no part
 * of the task.
 */
export type Mark = 'missing' | 'wrong' | 'stranger';

export interface Box {
  id: string;
  kind: 'container' | 'network' | 'outside';
  name: string;
  /** Under the name, in this order. */
  details: string[];
  machine?: number;
  mark?: Mark;
}

/** Between two boxes, by their ids. */
export interface Line {
  from: string;
  to: string;
  label: string;
  mark?: Mark;
}

export const OUTSIDE: Box = { id: 'outside', kind: 'outside', name: 'outside', details: ['other machines'] };

/** More is no picture any more, and takes a browser and the layout long. */
export const MOST_BOXES = 30;
const MOST_LINES = 60;

/** Boxes are told in the order of their importance: the last ones are left out, and the lines to them. */
export function limited({ boxes, lines }: Pick<Drawing, 'boxes' | 'lines'>): Drawing {
  // What nothing leads to from outside needs no outside.
  const needed = boxes.filter(({ id }) => id !== OUTSIDE.id || lines.some(({ from }) => from === id));
  const drawn = needed.slice(0, MOST_BOXES);
  const has = (id: string): boolean => drawn.some((box) => box.id === id);
  const between = lines.filter(({ from, to }) => has(from) && has(to)).slice(0, MOST_LINES);
  return { boxes: drawn, lines: between, leftOut: needed.length - drawn.length };
}
