/** The pictures of a lab: the network as it should be, and as it is. */
import { counted } from '../markup.ts';
import type { Html } from '../../page/page.ts';
import type { SeenTopology } from '../../record.ts';
import { actualDrawing } from './actual.ts';
import { differencesOf } from './differences.ts';
import type { Drawing } from './drawing.ts';
import { expectedDrawing } from './expected.ts';
import type { Layouts } from './layout.ts';
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
export async function picturesOf(topology: SeenTopology, id: string, layouts: Layouts): Promise<Pictures> {
  const differences = differencesOf(topology);
  const picture = async (drawing: Drawing, part: string, title: string): Promise<Picture> => {
    const layout = await layouts.of(drawing);
    return {
      width: layout.width,
      svg: svgOf(layout, { id: `${id}.${part}`, title, description: described(drawing) }),
      note: drawing.leftOut === 0 ? '' : `${counted(drawing.leftOut, 'more thing is', 'more things are')} not drawn.`,
    };
  };
  const actual = await picture(actualDrawing(topology, differences), 'seen', 'The network as it is');
  if (topology.expected === undefined) return { actual };
  const expected = await picture(expectedDrawing(topology.expected), 'wanted', 'The network as it should be');
  const sentences = differences
    .slice(0, MOST_SENTENCES)
    .map((each): Said => ({ sentence: inWords(each), wrong: each.kind !== 'not-asked-for' }));
  const more = differences.length - sentences.length;
  return {
    expected,
    actual,
    differences: [
      ...sentences,
      ...(more > 0 ? [{ sentence: `and ${counted(more, 'more difference')}`, wrong: true }] : []),
    ],
  };
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
