/**
 * Lays two drawings out as one, so that what is in both has the same place and size in both. Things are the same if they have
 * the same id.
 */
import type { Box, Drawing, Line } from './drawing.ts';
import { labelSize, type Layout, type Layouts, type Rectangle } from './layout.ts';

/** @returns a layout for each of the two, of the same size. */
export async function laidOutAsOne(one: Drawing, other: Drawing, layouts: Layouts): Promise<[Layout, Layout]> {
  const layout = await layouts.of(union(one, other));
  return [part(layout, one), part(layout, other)];
}

function union(one: Drawing, other: Drawing): Drawing {
  const boxes = new Map(one.boxes.map((box) => [box.id, box]));
  for (const box of other.boxes) boxes.set(box.id, roomyBox(box, boxes.get(box.id)));
  const lines = new Map(keyed(one.lines));
  for (const [key, line] of keyed(other.lines)) lines.set(key, roomyLine(line, lines.get(key)));
  return { boxes: [...boxes.values()], lines: [...lines.values()], leftOut: 0 };
}

/** A box in which either of the two has room. */
function roomyBox(box: Box, known: Box = box): Box {
  const { details } = known.details.length > box.details.length ? known : box;
  return { ...known, ...box, details };
}

/** A line whose label has room for that of either of the two. */
function roomyLine(line: Line, known: Line = line): Line {
  const { label } = known.label.length > line.label.length ? known : line;
  return { ...known, ...line, label };
}

/** By what is the same line in both drawings: between the same two boxes, and the first or second there. */
function keyed(lines: Line[]): [key: string, line: Line][] {
  const count = new Map<string, number>();
  return lines.map((line) => {
    const between = JSON.stringify([line.from, line.to]);
    const nth = count.get(between) ?? 0;
    count.set(between, nth + 1);
    return [`${nth} ${between}`, line];
  });
}

/** What one of the drawings has of the common layout. */
function part(common: Layout, drawing: Drawing): Layout {
  const boxes = new Map(common.boxes.map((each) => [each.box.id, each]));
  const placed = new Map(common.lines.map((each) => [each.line, each]));
  const lines = new Map(keyed([...placed.keys()]).map(([key, line]) => [key, placed.get(line)!]));
  return {
    ...common,
    boxes: drawing.boxes.map((box) => ({ ...boxes.get(box.id)!, box })),
    lines: keyed(drawing.lines).map(([key, line]) => {
      const { points, label } = lines.get(key)!;
      const size = labelSize(line);
      return { line, points, ...(label === undefined || size === undefined ? {} : { label: centred(size, label) }) };
    }),
  };
}

function centred({ width, height }: { width: number; height: number }, within: Rectangle): Rectangle {
  return { x: within.x + (within.width - width) / 2, y: within.y + (within.height - height) / 2, width, height };
}
