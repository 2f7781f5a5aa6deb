/** The hand-out of a course's own topology: complete, in the form of those in docs/labs/, and harmless whatever is in the file. */
import { describe, expect, test } from '@jest/globals';
import { lexer, walkTokens, type Token, type Tokens } from 'marked';
import { labOf } from '../../helpers/lab/topology/definition.ts';
import { parseTopology } from '../../helpers/lab/topology/parse.ts';
import { handOutOf } from '../../helpers/report/hand-out/hand-out.ts';
import { labsText, labText } from '../../helpers/report/hand-out/lab-text.ts';
import { parseManifest } from '../../helpers/submission/manifest.ts';
import { labCalled, topologyCalled } from '../helpers/labs.ts';
import { HOSTILE_LINES } from '../helpers/records.ts';

const PLAIN = { colours: false };
const FORM = ['What to do', 'What is given', 'What to hand in', 'Check your own work', 'How it is judged'];
const OURS = ['heading', 'space', 'paragraph', 'list', 'list_item', 'table', 'code', 'text', 'codespan', 'escape'];

const SHOP = `title: A shop
roles:
  web: { image: nginx, port: 80, public: true, path: /things }
  api: { called: the API, port: 8000 }
  db: { image: [mongo, percona], port: 27017, protocol: mongodb }
networks:
  front: [web, api]
  back: [api, db]
links:
  - { from: web, to: api }
  - { from: api, to: db, by: store }
`;

function handOut(text: string, files: string[] = []): string {
  const topology = parseTopology(text, 'shop.yaml', 'shop');
  return handOutOf(labOf(topology), topology, files);
}

describe('the hand-out of a topology', () => {
  const page = handOut(SHOP);

  test('has the form of the hand-outs of netgrade’s labs, with the lab’s title', () => {
    expect(page).toMatch(/^# shop: A shop\n/);
    expect([...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual(FORM);
  });

  test('says what runs on which network', () => {
    expect(page).toContain('Make 2 bridge networks: `front` and `back`.');
    expect(page).toContain('| `web` |  | `front` | port 80 (HTTP) |');
    expect(page).toContain('| `api` | the API | `front` and `back` | port 8000 (HTTP) |');
    expect(page).toContain('| `db` |  | `back` | port 27017 (MongoDB’s protocol) |');
  });

  test('says who must reach whom by which name, and who must not', () => {
    expect(page).toContain('- `web` → `api:8000` → `store:27017`');
    expect(page).toContain('- `api` reaches `db` at `store:27017`, over `back`');
    expect(page).toContain('- `web` must not reach `db`');
  });

  test('says what is published', () => {
    expect(page).toContain('From outside your machine, `web` can be reached, and no other container');
    expect(page).toContain('`web` answers requests for `/things`.');
  });

  test('says who is who by an example that is a right submission.yaml', () => {
    const [, example = ''] = /^ {4}(roles: .*)$/m.exec(page) ?? [];
    expect(Object.keys(parseManifest(example).roles)).toEqual(['web', 'api', 'db']);
    expect(page).toContain('`web` (`nginx`), `db` (`mongo` and `percona`)');
    expect(page).toContain('`web-resolves-api` and `api-resolves-store` still ask for the names above');
  });

  test('says how to see the rules while one works, which of them that leaves out, and how to grade one’s own folder', () => {
    expect(page).toContain('    npm run self-test -- shop you --labs DIR\n');
    expect(page).toContain('It leaves out `end-to-end` and `by-name-not-by-address`');
    expect(page).toContain('    npm run grade -- --lab shop --labs DIR you\n');
  });

  test('names the files that the course gives out, if there are any', () => {
    expect(page).toContain('No files: ');
    const given = handOut(SHOP, ['api/Dockerfile', 'web.conf']);
    expect(given).not.toContain('No files: ');
    expect(given).toContain('The folder `starters/shop` of your course.');
    expect(given).toContain('- `api/Dockerfile`\n- `web.conf`');
  });
});

test.each(['nginx-flask-mongo', 'web-shop', 'netflix'])(
  'the rules of %s, with their points, and no hints',
  async (name) => {
    const topology = topologyCalled(name);
    const lab = await labCalled(name);
    const page = handOutOf(lab, topology, []);
    const text = labText({ ...lab, topology }, PLAIN);
    for (const [id, { title, points, hint }] of Object.entries(lab.criteria)) {
      expect(page).toContain(`| \`${id}\` | ${points} | ${title} |`);
      expect(text).toMatch(new RegExp(` ${points}  ${id} +${title}$`, 'm'));
      expect(page).not.toContain(hint);
      expect(text).not.toContain(hint);
    }
  },
);

test('a lab that is no topology shows its roles and networks, too', async () => {
  const text = labText(await labCalled('overlay-network'), PLAIN);
  expect(text).toMatch(/^overlay-network: One network across two machines\n5 rules, 100 points\n/);
  expect(text).toContain('networks\n  test-net  alpine1, alpine2');
});

test('the list has each lab with its points and its title', async () => {
  const labs = await Promise.all(['sandbox', 'nginx-flask-mongo'].map(labCalled));
  expect(labsText(labs, PLAIN).split('\n')).toEqual([
    'sandbox            100 points  Two sandboxes for three containers',
    'nginx-flask-mongo  100 points  nginx, Flask and MongoDB on two networks',
  ]);
});

describe.each(HOSTILE_LINES)('a course’s file that says %j', (line) => {
  const text = JSON.stringify({
    title: line,
    roles: {
      web: { port: 80, public: true, called: line, image: line, path: '/`<b>|$x$`' },
      api: { port: 81, called: line },
    },
    networks: { net: ['web', 'api'] },
    links: [{ from: 'web', to: 'api', by: line }],
  });
  const topology = parseTopology(text, 'shop.yaml', 'shop');
  const lab = labOf(topology);

  test('has a hand-out without markup of its own', () => {
    const types = new Set<string>();
    const rows: number[] = [];
    void walkTokens(lexer(handOutOf(lab, topology, [line]), { gfm: true }), (token: Token) => {
      types.add(token.type);
      if (token.type === 'table') rows.push((token as Tokens.Table).rows.length);
    });
    expect([...types].filter((type) => !OURS.includes(type))).toEqual([]);
    expect(rows).toEqual([2, Object.keys(lab.criteria).length]);
  });

  test('does nothing in a terminal', () => {
    const shown = [labText({ ...lab, topology }, PLAIN), labsText([lab], PLAIN), handOutOf(lab, topology, [line])];
    // eslint-disable-next-line no-control-regex -- they are what is looked for
    expect(shown.join('\n')).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|##\[/);
    expect(labsText([lab], PLAIN).split('\n')).toHaveLength(1);
    expect(shown.join('\n')).not.toMatch(/^::/m);
  });
});
