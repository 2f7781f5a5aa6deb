import { describe, expect, test } from '@jest/globals';
import { labOf } from '../../helpers/lab/topology/definition.ts';
import { parseTopology } from '../../helpers/lab/topology/parse.ts';
import { pointsOf, ruleKey, rulesById, rulesOf } from '../../helpers/lab/topology/rules.ts';
import { backendsOf, startOrder, wayBetween } from '../../helpers/lab/topology/topology.ts';
import { topologyCalled } from '../helpers/labs.ts';

const parse = (text: string) => parseTopology(text, 'shop.yaml', 'shop');

const SHOP = `title: A shop
roles:
  web: { image: nginx, port: 80, public: true }
  api: { called: the API, port: 8000 }
  db: { image: mongo, port: 27017, protocol: mongodb }
networks:
  front: [web, api]
  back: [api, db]
links:
  - { from: web, to: api }
  - { from: api, to: db, by: store }
`;

test('exercise 2 is a topology: its ids are those of the contract, with the points they have', () => {
  const { criteria } = labOf(topologyCalled('nginx-flask-mongo'));
  expect(Object.fromEntries(Object.entries(criteria).map(([id, { points }]) => [id, points]))).toEqual({
    'containers-running': 6,
    'networks-exist': 6,
    'nginx-public-only': 8,
    'flask-both': 8,
    'mongo-private-only': 8,
    'nginx-published': 8,
    'only-nginx-published': 8,
    'nginx-resolves-flask': 6,
    'flask-resolves-mongo': 6,
    'embedded-dns': 4,
    'real-mongo': 4,
    'end-to-end': 12,
    'nginx-cannot-reach-mongo': 10,
    'by-name-not-by-address': 6,
  });
});

test('titles read as if written by hand', () => {
  const { criteria } = labOf(parse(SHOP));
  expect(Object.values(criteria).map(({ title }) => title)).toEqual([
    'web, api and db run and stay up',
    'front and back exist, both user-defined bridge networks',
    'web is on front and on nothing else',
    'The API is on front and back and on nothing else',
    'db is on back and on nothing else',
    'web answers HTTP from outside the machine',
    'No other container can be reached from outside the machine',
    'web finds the API by the name api, through Docker’s DNS',
    'The API finds db by the name store, through Docker’s DNS',
    'All three use Docker’s embedded DNS server',
    'db is a MongoDB that others can talk to',
    'A request from outside goes through web and the API and really asks db',
    'web cannot reach db, while the API can',
    'Everything still works after every address has changed',
  ]);
});

test('ids that the file does not fix are derived', () => {
  expect([...rulesById(parse(SHOP)).keys()]).toEqual([
    'containers-running',
    'networks-exist',
    'web-networks',
    'api-networks',
    'db-networks',
    'web-published',
    'only-web-published',
    'web-resolves-api',
    'api-resolves-store',
    'embedded-dns',
    'real-db',
    'end-to-end',
    'web-cannot-reach-db',
    'by-name-not-by-address',
  ]);
});

test('whole points that sum to 100, however many rules there are', () => {
  const rules = rulesOf(parse(SHOP));
  for (const many of [rules, [...rules, ...rules], rules.slice(0, 3)]) {
    expect(pointsOf(many).reduce((sum, each) => sum + each, 0)).toBe(100);
    expect(pointsOf(many).every(Number.isInteger)).toBe(true);
  }
});

test('requests end where nobody is linked to further, and pass what lies between', () => {
  const topology = parse(SHOP);
  expect(backendsOf(topology, 'web')).toEqual(['db']);
  expect(wayBetween(topology, 'web', 'db')).toEqual(['web', 'api', 'db']);
  expect(startOrder(topology)).toEqual([['db'], ['api'], ['web']]);
});

test('a link says by which name; who is not linked to has no isolation rule', () => {
  const { links } = parse(SHOP);
  expect(links.map(({ by, over }) => [by, over])).toEqual([
    ['api', 'front'],
    ['store', 'back'],
  ]);
  const unlinked = parse(SHOP.replace('  - { from: api, to: db, by: store }\n', ''));
  expect(rulesOf(unlinked).map(ruleKey)).not.toContain('isolated db');
});

describe('what is wrong is refused with the line and the reason', () => {
  test.each([
    ['not YAML', (text: string) => text.replace('roles:', 'roles: ['), /^shop\.yaml, line \d+: /],
    [
      'an unknown key',
      (text: string) => `${text}colour: red\n`,
      'line 12: unknown key "colour" in a topology; the keys are title, roles, networks, links, ids',
    ],
    [
      'an unknown key of a role',
      (text: string) => text.replace('port: 8000', 'ports: 8000'),
      'line 4: unknown key "ports" in the role api; did you mean port?',
    ],
    [
      'a role without port',
      (text: string) => text.replace(', port: 8000', ''),
      'line 4: the role api needs a port, from 1 to 65535',
    ],
    [
      'an unknown protocol',
      (text: string) => text.replace('protocol: mongodb', 'protocol: sql'),
      'line 5: protocol must be one of http, mongodb, tcp',
    ],
    [
      'a public database',
      (text: string) => text.replace('protocol: mongodb', 'protocol: mongodb, public: true'),
      'line 5: the role db is public, so its protocol must be http',
    ],
    [
      'a role without network',
      (text: string) => text.replace('  back: [api, db]\n', '  back: [api]\n'),
      'line 5: the role db is on no network',
    ],
    [
      'a stranger on a network',
      (text: string) => text.replace('[web, api]', '[web, app]'),
      'line 7: there is no role "app"; the roles are web, api, db',
    ],
    [
      'a link to a stranger',
      (text: string) => text.replace('to: api }', 'to: app }'),
      'line 10: there is no role "app"; the roles are web, api, db',
    ],
    [
      'a link between roles that share no network',
      (text: string) => text.replace('from: api, to: db', 'from: web, to: db'),
      'line 11: web is linked to db, but they share no network',
    ],
    [
      'two ways for one link',
      (text: string) => text.replace('front: [web, api]', 'front: [web, api, db]'),
      'line 11: api and db share front and back: say over which one they talk, e.g. "over: front"',
    ],
    [
      'a circle',
      (text: string) => `${text}  - { from: db, to: api }\n`,
      'line 10: the links go round in a circle, so nobody can be started first',
    ],
    [
      'nobody public',
      (text: string) => text.replace(', public: true', ''),
      'line 3: no role is public: say "public: true" of who is talked to from outside',
    ],
    [
      'an id for a rule that there is not',
      (text: string) => `${text}ids:\n  web-both: attached nginx\n`,
      /line 13: there is no rule "attached nginx"; the rules are running, networks, attached web, /,
    ],
    [
      'one id for two rules',
      (text: string) =>
        `${text}ids:\n  same: attached web\n  web-networks: attached api\n  api-networks: attached db\n  db-networks: closed\n  embedded-dns: running\n`,
      'line 13: two rules have the same criterion id',
    ],
    ['the same role twice', (text: string) => text.replace('  api:', '  web:'), /line 4: Map keys must be unique/],
    ['no title', (text: string) => text.replace('title: A shop\n', ''), 'line 1: title must be a text'],
  ])('%s', (_, change, message) => {
    expect(() => parse(change(SHOP))).toThrow(message);
  });
});
