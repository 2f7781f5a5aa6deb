/** A network as boxes and lines, without positions: layout.ts gives them positions, and svg.ts draws them. */

export interface Drawing {
  boxes: Box[];
  lines: Line[];
  /** Number of boxes for which there was no room. */
  leftOut: number;
}

/**
 * `missing`: not there, and should be. `wrong`: there, and should not be, or not like that. `stranger`: there, and no
 * part of the task.
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

/** A picture with more boxes is unreadable, and takes long to lay out. */
export const MOST_BOXES = 30;
const MOST_LINES = 60;

/** Leaves out the last boxes and the lines to them. @param boxes The most important ones first. */
export function limited({ boxes, lines }: Pick<Drawing, 'boxes' | 'lines'>): Drawing {
  // The box for "outside" is left out if no line starts there.
  const needed = boxes.filter(({ id }) => id !== OUTSIDE.id || lines.some(({ from }) => from === id));
  const drawn = needed.slice(0, MOST_BOXES);
  const has = (id: string): boolean => drawn.some((box) => box.id === id);
  const between = lines.filter(({ from, to }) => has(from) && has(to)).slice(0, MOST_LINES);
  return { boxes: drawn, lines: between, leftOut: needed.length - drawn.length };
}
