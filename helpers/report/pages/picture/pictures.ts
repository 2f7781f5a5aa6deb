/** The pictures of a lab: the network as it should be, and as it is. */
import { counted } from '../markup.ts';
import type { Html } from '../../page/page.ts';
import type { SeenTopology } from '../../record.ts';
import { actualDrawing } from './actual.ts';
import { differencesOf, type Expected } from './differences.ts';
import { OUTSIDE, type Drawing } from './drawing.ts';
import { expectedDrawing } from './expected.ts';
import type { Layout, Layouts } from './layout.ts';
import { withoutProject } from './names.ts';
import { laidOutAsOne } from './pair.ts';
import { svgOf } from './svg.ts';
import { inWords } from './words.ts';

/** More differences than this are counted. */
const MOST_SENTENCES = 40;

export interface Picture {
  svg: Html;
  /** In CSS pixels. */
  width: number;
  /** Says what was left out, if anything. */
  note: string;
}

export interface Pictures {
  expected?: Picture;
  actual: Picture;
  /** What differs, a sentence each; undefined where nothing says what is expected. */
  differences?: Said[];
}

export interface Said {
  /** Without its full stop. */
  sentence: string;
  /** Whether it contradicts the task. If false, it is only worth knowing. */
  wrong: boolean;
}

/** @param id Of the lab, for the ids of the pictures' parts. */
export async function picturesOf(seen: SeenTopology, id: string, layouts: Layouts): Promise<Pictures> {
  const topology = withoutProject(seen);
  const differences = differencesOf(topology);
  const picture = (drawing: Drawing, layout: Layout, part: string, title: string): Picture => ({
    width: layout.width,
    svg: svgOf(layout, { id: `${id}.${part}`, title, description: described(drawing) }),
    note: drawing.leftOut === 0 ? '' : `${counted(drawing.leftOut, 'more thing is', 'more things are')} not drawn.`,
  });
  const actual = actualDrawing(topology, differences);
  if (topology.expected === undefined)
    return { actual: picture(actual, await layouts.of(actual), 'seen', 'The network as it is') };
  const expected = expectedDrawing(topology.expected);
  const [wanted, is] = await laidOutAsOne(expected, withOutside(actual, expected), layouts);
  const sentences = differences
    .slice(0, MOST_SENTENCES)
    .map((each): Said => ({ sentence: inWords(each), wrong: each.kind !== 'not-asked-for' }));
  const more = differences.length - sentences.length;
  return {
    expected: picture(expected, wanted, 'wanted', 'The network as it should be'),
    actual: picture(actual, is, 'seen', 'The network as it is'),
    differences: [
      ...sentences,
      ...(more > 0 ? [{ sentence: `and ${counted(more, 'more difference')}`, wrong: true }] : []),
    ],
  };
}

/** Other machines are in both pictures, or in none: also where nothing leads to them. */
function withOutside(drawing: Drawing, other: Drawing): Drawing {
  const has = ({ boxes }: Drawing): boolean => boxes.some(({ id }) => id === OUTSIDE.id);
  return has(other) && !has(drawing) ? { ...drawing, boxes: [OUTSIDE, ...drawing.boxes] } : drawing;
}

/** The picture of what the task asks for, where nothing was seen. */
export async function pictureOfTask(expected: Expected, id: string, layouts: Layouts): Promise<Picture> {
  const drawing = expectedDrawing(expected);
  const layout = await layouts.of(drawing);
  const caption = { id: `${id}.wanted`, title: 'The network as it should be', description: described(drawing) };
  return { width: layout.width, svg: svgOf(layout, caption), note: '' };
}

/** What is connected with what, a clause per line of the drawing. */
function described({ boxes, lines }: Drawing): string {
  const nameOf = (id: string): string => boxes.find((box) => box.id === id)?.name ?? '';
  const state = { missing: ' (missing)', wrong: ' (should not be)', stranger: ' (not part of the task)' };
  const clauses = lines.map(({ from, to, label, mark }) => {
    const said = label === '' ? '' : `, ${label}`;
    return `${nameOf(from)} to ${nameOf(to)}${said}${mark === undefined ? '' : state[mark]}`;
  });
  const alone = boxes.filter(({ id }) => lines.every(({ from, to }) => from !== id && to !== id));
  const clausesAlone = alone.map(({ name }) => `${name}, connected with nothing`);
  return [...clauses, ...clausesAlone].join('; ') || 'nothing';
}
