import { describe, expect, test } from '@jest/globals';
import { actualDrawing } from '../../helpers/report/pages/picture/actual.ts';
import { differencesOf } from '../../helpers/report/pages/picture/differences.ts';
import { expectedDrawing } from '../../helpers/report/pages/picture/expected.ts';
import { Layouts } from '../../helpers/report/pages/picture/layout.ts';
import { picturesOf } from '../../helpers/report/pages/picture/pictures.ts';
import { withoutProject } from '../../helpers/report/pages/picture/names.ts';
import { inWords } from '../../helpers/report/pages/picture/words.ts';
import type { SeenTopology } from '../../helpers/report/record.ts';
import { parseMarkup } from '../helpers/markup.ts';
import { HOSTILE } from '../helpers/records.ts';
import * as networks from '../helpers/topologies.ts';

const { GOOD, MISPLACED, BROKEN, TWO_MACHINES, EXPECTED, PUBLIC, PRIVATE, container, network } = networks;

function wordsOf(topology: SeenTopology): string[] {
  return differencesOf(topology).map(inWords);
}

/** The good network with other containers. */
function withContainers(change: (role: string) => Partial<SeenTopology['containers'][number]>): SeenTopology {
  return { ...GOOD, containers: GOOD.containers.map((each) => ({ ...each, ...change(each.role ?? '') })) };
}

/** Of a test that makes a large picture, on a machine that has other things to do. */
const LONG_MS = 60_000;

describe('what differs', () => {
  test('is nothing where all is as it should be, whatever Compose puts before a network’s name', () => {
    expect(differencesOf(GOOD)).toEqual([]);
    expect(differencesOf(TWO_MACHINES)).toEqual([]);
  });

  test('is nothing where nobody says how it should be', () => {
    expect(differencesOf({ networks: MISPLACED.networks, containers: MISPLACED.containers })).toEqual([]);
  });

  test('is a container on the wrong network', () => {
    expect(differencesOf(MISPLACED)).toEqual([
      { kind: 'not-attached', container: 'nginx', network: PUBLIC },
      { kind: 'attached', container: 'nginx', network: PRIVATE },
    ]);
    expect(wordsOf(MISPLACED)).toEqual([
      'nginx is not on public-net-1, and should be',
      'nginx is on private-net-1, and should not be',
    ]);
  });

  test('is what does not run, is not published, or nobody asked for; a container that ended is one difference', () => {
    expect(wordsOf(BROKEN)).toEqual([
      'nothing publishes nginx, and it should be reached from outside',
      'mongo is not running: it has stopped',
      'relay is not part of the task',
      'relay is published (27017 → 27017/tcp), and should not be',
    ]);
  });

  test.each([
    ['127.0.0.1:8080->80/tcp', ['nginx is published to this machine only, and should be reached from outside']],
    ['::1:8080->80/tcp', ['nginx is published to this machine only, and should be reached from outside']],
    ['192.0.2.1:8080->80/tcp', []],
  ])('a port bound to %s', (port, words) => {
    expect(wordsOf(withContainers((role) => (role === 'nginx' ? { ports: [port] } : {})))).toEqual(words);
  });

  test('is a port of somebody who should have none', () => {
    const ports = ['0.0.0.0:27017->27017/tcp', ':::27017->27017/tcp'];
    expect(wordsOf(withContainers((role) => (role === 'mongo' ? { ports } : {})))).toEqual([
      'mongo is published (27017 → 27017/tcp), and should not be',
    ]);
  });

  test('is a network or a container that is not there, and a driver', () => {
    const other = { ...network(PUBLIC, '10.0.0.0/24'), driver: 'macvlan' };
    expect(wordsOf({ ...GOOD, networks: [other], containers: GOOD.containers.slice(0, 1) })).toEqual([
      'public-net-1 has the driver macvlan, and should have bridge',
      'there is no network private-net-1',
      'there is no container for nginx',
      'flask-app is not on private-net-1, and should be',
      'flask-app is on shop_private-net-1, and should not be',
      'there is no container for mongo',
    ]);
  });

  test('is the wrong machine', () => {
    const containers = TWO_MACHINES.containers.map((each) => ({ ...each, machine: 1 }));
    expect(wordsOf({ ...TWO_MACHINES, containers })).toEqual(['alpine2 is on machine 1, and should be on machine 2']);
  });

  test('a network of exactly that name comes before Compose’s', () => {
    const plain = { ...network(PUBLIC, '10.0.0.0/24'), name: PUBLIC };
    const topology = { ...GOOD, networks: [...GOOD.networks, plain] };
    expect(wordsOf(topology)).toContain('nginx is not on public-net-1, and should be');
  });
});

describe('sandboxes', () => {
  const bridge = { name: 'bridge', driver: 'bridge', internal: false, subnets: [] };
  const on = [{ name: 'bridge', addresses: ['172.17.0.2'] }];
  const topologyWith = (sandboxOf: string | undefined, wanted: string | undefined): SeenTopology => ({
    networks: [bridge],
    containers: [
      container('a', {}, { networks: on }),
      container('c', {}, { networks: on, ...(sandboxOf === undefined ? {} : { sandboxOf }) }),
    ],
    expected: {
      networks: [],
      containers: [
        { role: 'a', networks: ['bridge'] },
        { role: 'c', networks: wanted === undefined ? ['bridge'] : [], ...(wanted ? { sandboxOf: wanted } : {}) },
      ],
    },
  });

  test.each([
    ['shop-a-1', 'a', []],
    [undefined, undefined, []],
    [undefined, 'a', ['c has a sandbox of its own, and should use that of a']],
    ['shop-a-1', undefined, ['c uses the sandbox of a, and should have its own']],
  ])('of %s, where that of %s is wanted', (sandboxOf, wanted, words) => {
    expect(wordsOf(topologyWith(sandboxOf, wanted))).toEqual(words);
  });

  test('the network "none" is none', () => {
    const none = { networks: [{ name: 'none', addresses: [] }] };
    const expected = (networks: string[]): SeenTopology => ({
      networks: [{ ...bridge, name: 'none', driver: 'null' }],
      containers: [container('isolated', {}, none)],
      expected: { networks: [], containers: [{ role: 'isolated', networks }] },
    });
    expect([wordsOf(expected([])), wordsOf(expected(['none']))]).toEqual([[], []]);
  });

  test('in the host’s sandbox nothing has to be published to be reached from outside', () => {
    const topology: SeenTopology = {
      networks: [{ ...bridge, name: 'host', driver: 'host' }],
      containers: [container('web', {}, { networks: [{ name: 'host', addresses: [] }] })],
      expected: { networks: [], containers: [{ role: 'web', networks: ['host'], published: true }] },
    };
    expect(wordsOf(topology)).toEqual([]);
  });
});

describe('the drawing', () => {
  test('has what the task wants', () => {
    const { boxes, lines } = expectedDrawing(EXPECTED);
    expect(boxes.map(({ name }) => name)).toEqual(['outside', PUBLIC, PRIVATE, 'nginx', 'flask-app', 'mongo']);
    expect(lines).toHaveLength(5);
  });

  test('marks every difference, as missing or as wrong', () => {
    const marks = (topology: SeenTopology): string[] => {
      const { boxes, lines } = actualDrawing(topology, differencesOf(topology));
      return [...boxes, ...lines].flatMap((each) =>
        each.mark === undefined ? [] : [`${each.mark} ${'name' in each ? each.name : `${each.from} - ${each.to}`}`],
      );
    };
    expect(marks(GOOD)).toEqual([]);
    expect(marks(MISPLACED)).toEqual([
      'wrong container nginx - network private-net-1',
      'missing container nginx - network public-net-1',
    ]);
    expect(marks(BROKEN)).toEqual([
      'wrong mongo',
      'stranger relay',
      'wrong outside - another container relay',
      'missing outside - container nginx',
    ]);
    expect(marks({ ...GOOD, networks: [], containers: [] })).toEqual([
      ...['nginx', 'flask-app', 'mongo', PUBLIC, PRIVATE]
        .sort((a, b) => marksOrder(a) - marksOrder(b))
        .map((name) => `missing ${name}`),
    ]);
  });

  test('shows a network of another name in the place of the one that it evidently is, and says it once', () => {
    const renamed = GOOD.networks.map((each) => {
      const { plays, ...rest } = each;
      return plays === PUBLIC ? { ...rest, name: 'front', looksLike: plays } : each;
    });
    const containers = GOOD.containers.map((each) => ({
      ...each,
      networks: each.networks.map((on) => (on.name === `shop_${PUBLIC}` ? { ...on, name: 'front' } : on)),
    }));
    const topology = { ...GOOD, networks: renamed, containers };
    expect(wordsOf(topology)).toEqual(['there is no network public-net-1; front looks like it']);
    const { boxes } = actualDrawing(topology, differencesOf(topology));
    expect(boxes.find(({ id }) => id === 'network public-net-1')).toMatchObject({ name: 'front', mark: 'wrong' });
  });

  test('leaves out predefined networks that nobody is on', () => {
    const names = actualDrawing(GOOD, []).boxes.map(({ name }) => name);
    expect(names).not.toEqual(expect.arrayContaining(['bridge']));
    expect(names).not.toEqual(expect.arrayContaining(['host']));
  });

  test('shows each machine, and an overlay network once, outside of both', () => {
    const { boxes } = actualDrawing(TWO_MACHINES, []);
    expect(boxes.map(({ name, machine }) => [name, machine])).toEqual([
      ['alpine1', 1],
      ['alpine2', 2],
      ['test-net', undefined],
    ]);
  });
});

/** Networks are missed before containers. */
function marksOrder(name: string): number {
  return name.endsWith('-1') ? 0 : 1;
}

describe('the name of a project', () => {
  test('is left out before everything of that project', () => {
    const { networks, containers } = withoutProject({
      ...GOOD,
      containers: [...GOOD.containers, container('x', {}, { name: 'shop-relay-1', image: 'shop-relay' })].map((each) =>
        each.name === 'shop-relay-1' ? { ...each, role: undefined as never } : each,
      ),
    });
    expect(networks.map(({ name }) => name)).toEqual(['bridge', 'host', 'none', PRIVATE, PUBLIC]);
    expect(containers.map(({ name }) => name)).toEqual(['flask-app-1', 'mongo-1', 'nginx-1', 'relay-1']);
    expect(containers.at(-1)?.image).toBe('relay');
    expect(containers[2]?.networks).toEqual([{ name: PUBLIC, addresses: ['10.76.1.3'] }]);
  });

  test('stays where something would be called as another thing is', () => {
    const plain = { ...network(PUBLIC, '10.0.0.0/24'), name: PUBLIC };
    const names = withoutProject({ ...GOOD, networks: [...GOOD.networks, plain] }).networks.map(({ name }) => name);
    expect(names).toEqual(['bridge', 'host', 'none', PRIVATE, `shop_${PUBLIC}`, PUBLIC]);
  });
});

describe('the picture', () => {
  test('has the same things in the same places as the one beside it, at one scale', async () => {
    for (const topology of [GOOD, MISPLACED, BROKEN, TWO_MACHINES, { ...GOOD, networks: [], containers: [] }]) {
      const { expected, actual } = await picturesOf(topology, 'x', new Layouts());
      const [wanted, seen] = await Promise.all([expected!.svg, actual.svg].map(async (svg) => placesIn(await svg)));
      expect(seen!.size).toBe(wanted!.size);
      for (const [name, place] of wanted!.boxes) expect([name, seen!.boxes.get(name)]).toEqual([name, place]);
    }
  });

  test('says in words what it shows, and marks with words and symbols', async () => {
    const { actual } = await picturesOf(MISPLACED, 'x', new Layouts());
    const { elements, text } = parseMarkup((await actual.svg).toString());
    expect(elements[0]).toMatchObject({ name: 'svg', attributes: { role: 'img', 'aria-labelledby': 'x.seen-title' } });
    expect(text).toContain('nginx to private-net-1, 10.76.0.4 (should not be)');
    expect(text).toContain('✗ should not be');
    expect(text).toContain('✗ missing');
    expect(text).toContain('8080 → 80/tcp');
  });

  test('a drawing that was laid out in an earlier run is not laid out again', async () => {
    const drawing = actualDrawing(BROKEN, differencesOf(BROKEN));
    const kept = new Map<string, string>();
    const first = await new Layouts(async (graph, make) => {
      kept.set(graph, await make());
      return kept.get(graph)!;
    }).of(drawing);
    const second = await new Layouts((graph) => Promise.resolve(kept.get(graph)!)).of(drawing);
    expect(second).toEqual(first);
  });

  test('has boxes that do not overlap, and lines between them', async () => {
    const { boxes, lines } = await new Layouts().of(actualDrawing(BROKEN, differencesOf(BROKEN)));
    const overlapping = boxes.filter((a, i) =>
      boxes.some(
        (b, j) => i < j && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height,
      ),
    );
    expect(overlapping).toEqual([]);
    expect(lines.filter(({ points }) => points.length < 2)).toEqual([]);
  });

  test(
    'of a submission that is huge and hostile is drawn in part, and says so',
    async () => {
      const text = `${HOSTILE}${'x'.repeat(10_000)}`;
      const { expected, actual, differences = [] } = await picturesOf(networks.hugeTopology(text), 'x', new Layouts());
      const svg = (await actual.svg).toString();
      expect(svg.length).toBeLessThan(100_000);
      expect(parseMarkup(svg).elements.filter(({ name }) => name === 'rect').length).toBeLessThan(150);
      expect(actual.note).toMatch(/^\d+ more things are not drawn\.$/);
      expect(expected?.note).toMatch(/not drawn/);
      expect(differences).toHaveLength(41);
      expect(differences.at(-1)?.sentence).toMatch(/^and \d+ more differences$/);
      expect(Math.max(...differences.map(({ sentence }) => sentence.length))).toBeLessThan(300);
    },
    LONG_MS,
  );
});

/** Where a picture has its boxes, by their names without marks, and how large it is. */
function placesIn(svg: { toString(): string }): { size: string; boxes: Map<string, string> } {
  const text = svg.toString();
  const boxes = text.matchAll(/<g class="box [^"]*"[^>]*><title>([^<\n]*)[^<]*<\/title[^>]*><rect ([^/]*)\/>/g);
  return {
    size: /viewBox="([^"]*)"/.exec(text)?.[1] ?? '',
    boxes: new Map([...boxes].map(([, name = '', place = '']) => [name, place])),
  };
}
