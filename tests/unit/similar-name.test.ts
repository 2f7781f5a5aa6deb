import { expect, test } from '@jest/globals';
import { byName, isSimilar } from '../../helpers/base/similar-name.ts';

test.each([
  ['alpine_1', 'alpine1'],
  ['Alpine1', 'alpine1'],
  ['alpine-1-1', 'alpine1'],
  ['Flask-App', 'flask-app'],
  ['flaskapp', 'flask-app'],
  ['flask.app_2', 'flask-app'],
  ['alpine_net', 'alpine-net'],
  ['Public-Net-1', 'public-net-1'],
])('%s is similar to %s', (name, wanted) => {
  expect(isSimilar(name, wanted)).toBe(true);
});

test.each([
  ['alpine1', 'alpine1'],
  ['alpine2', 'alpine1'],
  ['alpine', 'alpine1'],
  ['alpine1-2-x', 'alpine1'],
  ['my-nginx', 'nginx'],
  ['nginx2', 'nginx'],
  ['container_a', 'a'],
  ['public-net-2', 'public-net-1'],
  ['---', 'nginx'],
  ['', 'nginx'],
])('%s is not similar to %s', (name, wanted) => {
  expect(isSimilar(name, wanted)).toBe(false);
});

test('a long name takes no long time', () => {
  const started = performance.now();
  isSimilar(`${'-_'.repeat(100_000)}a`, 'flask-app');
  isSimilar('a-'.repeat(100_000), 'flask-app');
  expect(performance.now() - started).toBeLessThan(1000);
});

test('names are in the order in which people look for them', () => {
  const names = ['student 10', 'Émile', 'student 2', 'zoe', 'Bob', 'alice', 'bob', 's010', 's10'];
  expect(names.toSorted(byName)).toEqual([
    'alice',
    'bob',
    'Bob',
    'Émile',
    's010',
    's10',
    'student 2',
    'student 10',
    'zoe',
  ]);
});
