/**
 * Gives a drawing's boxes and lines their positions, with the Eclipse Layout Kernel. It is told sizes only, and many
 * students' networks differ only in their addresses, so layouts are kept and used again. The kernel takes long to load, and is
 * loaded for a new layout only.
 */
import type { ELK, ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk.bundled.js';
import { OUTSIDE, type Box, type Drawing, type Line } from './drawing.ts';

/** In CSS pixels, as all sizes here. */
/** Boxes of one drawing are equally wide: as wide as their texts need, within these bounds, in steps. */
export const BOX_WIDTH = { least: 110, most: 190, step: 20 };
/** Of the fixed-width characters of names and details. */
export const CHARACTER = { name: 7.6, detail: 6.1 };
export const NAME_HEIGHT = 18;
export const DETAIL_HEIGHT = 14;
export const PADDING = 8;
export const LABEL = { character: 6.1, height: 15, step: 20 };
/** Characters; of longer labels, both ends are shown. */
export const LONGEST_LABEL = 26;
const MACHINE_TITLE = 26;

export interface Point {
  x: number;
  y: number;
}

export interface Rectangle extends Point {
  width: number;
  height: number;
}

export interface Layout {
  width: number;
  height: number;
  boxes: (Rectangle & { box: Box })[];
  lines: { line: Line; points: Point[]; label?: Rectangle }[];
  machines: (Rectangle & { machine: number })[];
}

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.json.edgeCoords': 'ROOT',
  'elk.json.shapeCoords': 'ROOT',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.spacing.nodeNodeBetweenLayers': '26',
  'elk.spacing.nodeNode': '22',
  'elk.padding': '[top=4,left=4,bottom=4,right=4]',
};
const INLINE = { 'elk.edgeLabels.inline': 'true' };
const MACHINE_OPTIONS = { 'elk.padding': `[top=${MACHINE_TITLE + 6},left=12,bottom=12,right=12]` };

/** Two boxes and a line with a label. */
const SMALL: Drawing = {
  boxes: [OUTSIDE, { id: 'one', kind: 'container', name: 'one', details: ['detail'] }],
  lines: [{ from: OUTSIDE.id, to: 'one', label: 'label' }],
  leftOut: 0,
};

/** Finds what was made of a graph earlier, or has it made. Both are JSON. */
export type Keep = (graph: string, make: () => Promise<string>) => Promise<string>;

export class Layouts {
  readonly #made = new Map<string, Promise<ElkNode>>();
  readonly #keep: Keep;
  #elk: Promise<ELK> | undefined;

  /** @param keep Where layouts of earlier runs are. */
  constructor(keep: Keep = (_, make) => make()) {
    this.#keep = keep;
  }

  /**
   * Lays out a tiny drawing once, because the first layout takes ten times as long as later ones. Where this was done in an
   * earlier run, most drawings were, too, and the kernel is not loaded before one is new.
   */
  async getReady(): Promise<void> {
    await this.of(SMALL);
  }

  async of(drawing: Drawing): Promise<Layout> {
    const graph = graphOf(drawing);
    const key = JSON.stringify(graph);
    const made = this.#made.get(key) ?? this.#make(graph, key);
    this.#made.set(key, made);
    return placed(drawing, await made);
  }

  async #make(graph: ElkNode, key: string): Promise<ElkNode> {
    const text = await this.#keep(key, async () => {
      const elk = await (this.#elk ??= newElk());
      return JSON.stringify(await elk.layout(graph));
    });
    return JSON.parse(text) as ElkNode;
  }
}

async function newElk(): Promise<ELK> {
  const { default: elkjs } = await import('elkjs/lib/elk.bundled.js');
  // A CommonJS module: its default export is a property where a bundler or Jest has not unwrapped it.
  const Elk = (elkjs as unknown as { default?: typeof elkjs }).default ?? elkjs;
  return new Elk();
}

/** The graph for the layout. It has no text of a student: boxes and lines are named by numbers. */
function graphOf({ boxes, lines }: Drawing): ElkNode {
  const width = boxWidth(boxes);
  const nodes = boxes.map(({ details }, i): ElkNode & { machine: number | undefined } => ({
    id: `b${i}`,
    width,
    height: 2 * PADDING + NAME_HEIGHT + details.length * DETAIL_HEIGHT,
    machine: boxes[i]?.machine,
  }));
  const machines = [...new Set(boxes.flatMap(({ machine }) => machine ?? []))].sort();
  const inside = (machine: number | undefined): ElkNode[] =>
    nodes
      .filter((node) => node.machine === machine)
      .map(({ id, width, height }) => ({ id, width: width!, height: height! }));
  const depths = depthsOf(boxes, lines);
  return {
    id: 'all',
    layoutOptions: OPTIONS,
    children: [
      ...inside(undefined),
      ...machines.map((machine) => ({ id: `m${machine}`, layoutOptions: MACHINE_OPTIONS, children: inside(machine) })),
    ],
    edges: lines.map((line, i): ElkExtendedEdge => {
      const [from, to] = [line.from, line.to].map((id) => boxes.findIndex((box) => box.id === id)) as [number, number];
      // Lines point away from "outside", so that a request goes down the page.
      const [source, target] = (depths.get(line.from) ?? 0) <= (depths.get(line.to) ?? 0) ? [from, to] : [to, from];
      const size = labelSize(line);
      return {
        id: `l${i}`,
        sources: [`b${source}`],
        targets: [`b${target}`],
        ...(size === undefined ? {} : { labels: [{ id: `t${i}`, text: ' ', layoutOptions: INLINE, ...size }] }),
      };
    }),
  };
}

/** In steps, so that names that differ by a letter share a layout. */
function boxWidth(boxes: Box[]): number {
  const { least, most, step } = BOX_WIDTH;
  const needed = boxes.flatMap((box) => [
    textOf(box).length * CHARACTER.name,
    ...box.details.map(({ length }) => length * CHARACTER.detail),
  ]);
  const room = Math.ceil((Math.max(...needed, 0) + 2 * PADDING - least) / step) * step + least;
  return Math.min(most, Math.max(least, room));
}

/** What stands in a box: its name, and its mark in a word or a symbol. */
export function textOf({ name, mark }: Box): string {
  const marked = { missing: '✗ missing ', wrong: '✗ ', stranger: '? ' };
  return `${mark === undefined ? '' : marked[mark]}${name}`;
}

/** The label of a line, one entry per row. */
export function labelOf({ label, mark }: Line): string[] {
  const marked = { missing: '✗ missing', wrong: '✗ should not be', stranger: '?' };
  return [...(label === '' ? [] : [label]), ...(mark === undefined ? [] : [marked[mark]])];
}

/** Rounded up in steps, so that addresses that differ by one digit share a layout. */
export function labelSize(line: Line): { width: number; height: number } | undefined {
  const rows = labelOf(line);
  if (rows.length === 0) return undefined;
  const longest = Math.min(LONGEST_LABEL, Math.max(...rows.map(({ length }) => length)));
  const width = Math.ceil((longest * LABEL.character + 6) / LABEL.step) * LABEL.step;
  return { width, height: rows.length * LABEL.height };
}

/** How many lines each box is away from "outside". Boxes without a way to it are counted from one of their networks. */
function depthsOf(boxes: Box[], lines: Line[]): Map<string, number> {
  const depths = new Map<string, number>();
  const first = ['outside', 'network', 'container'].flatMap((kind) => boxes.filter((box) => box.kind === kind));
  for (const start of first) {
    const waiting = depths.has(start.id) ? [] : [start.id];
    if (waiting.length > 0) depths.set(start.id, 0);
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const next = lines.flatMap(({ from, to }) => (from === id ? [to] : to === id ? [from] : []));
      for (const other of next.filter((each) => !depths.has(each))) {
        depths.set(other, (depths.get(id) ?? 0) + 1);
        waiting.push(other);
      }
    }
  }
  return depths;
}

function placed({ boxes, lines }: Drawing, graph: ElkNode): Layout {
  const groups = (graph.children ?? []).filter(({ id }) => id.startsWith('m'));
  const nodes = [...(graph.children ?? []), ...groups.flatMap(({ children = [] }) => children)];
  return {
    ...{ width: Math.ceil(graph.width ?? 0), height: Math.ceil(graph.height ?? 0) },
    boxes: boxes.map((box, i) => ({ box, ...rectangle(nodes.find(({ id }) => id === `b${i}`)) })),
    machines: groups.map((group) => ({ machine: Number(group.id.slice(1)), ...rectangle(group) })),
    lines: lines.map((line, i) => {
      const edge = graph.edges?.find(({ id }) => id === `l${i}`);
      const points = (edge?.sections ?? []).flatMap((section) => [
        section.startPoint,
        ...(section.bendPoints ?? []),
        section.endPoint,
      ]);
      const [label] = edge?.labels ?? [];
      return { line, points, ...(label === undefined ? {} : { label: rectangle(label) }) };
    }),
  };
}

function rectangle(shape: Partial<Rectangle> | undefined): Rectangle {
  const { x = 0, y = 0, width = 0, height = 0 } = shape ?? {};
  return { x, y, width, height };
}
