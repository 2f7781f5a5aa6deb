import { expect, test } from '@jest/globals';
import { findRoles } from '../../helpers/survey/roles.ts';
import { container } from '../helpers/facts.ts';

const WANTED = [
  { name: 'nginx', images: ['nginx'], serves: true },
  { name: 'flask-app', images: ['python'], serves: true },
  { name: 'mongo', images: ['mongo'], serves: true },
];

test.each([
  ['container name', container({ name: 'mongo' })],
  ['compose service', container({ name: 'lab-mongo-1', service: 'mongo' })],
  [
    'network alias',
    container({
      name: 'db',
      attachments: [{ network: 'n', networkId: 'n', addresses: [], aliases: ['mongo'], gateway: '' }],
    }),
  ],
  ['hostname', container({ name: 'db', hostname: 'mongo' })],
  ['image', container({ name: 'db', ancestors: ['mongo'] })],
])('finds a role by its %s', (by, candidate) => {
  expect(findRoles([container({ name: 'other' }), candidate], WANTED, {})['mongo']).toEqual({
    found: 'one',
    container: candidate.name,
    by,
  });
});

test('a stronger rank wins over a second candidate of a weaker one', () => {
  const roles = findRoles([container({ name: 'decoy', hostname: 'mongo' }), container({ name: 'mongo' })], WANTED, {});
  expect(roles['mongo']).toMatchObject({ found: 'one', container: 'mongo' });
});

test('two candidates of one rank are both named', () => {
  const roles = findRoles(
    [container({ name: 'a', service: 'mongo' }), container({ name: 'b', service: 'mongo' })],
    WANTED,
    {},
  );
  expect(roles['mongo']).toEqual({ found: 'several', containers: ['a', 'b'], by: 'compose service' });
});

test('submission.yaml decides before everything else, even wrongly', () => {
  const roles = findRoles([container({ name: 'mongo' })], WANTED, { mongo: 'nobody' });
  expect(roles['mongo']).toEqual({ found: 'none' });
});

test('a container that plays a role by name does not play another by its image', () => {
  const roles = findRoles(
    [
      container({ name: 'flask-app', ancestors: ['nginx', 'python'] }),
      container({ name: 'web', ancestors: ['nginx'] }),
    ],
    WANTED,
    {},
  );
  expect(roles['nginx']).toMatchObject({ found: 'one', container: 'web' });
});

test('nobody plays a role when nothing fits', () => {
  expect(findRoles([], WANTED, {})['nginx']).toEqual({ found: 'none' });
});
