import { expect, test } from '@jest/globals';
import { calledName, findRoles } from '../../helpers/survey/roles.ts';
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

test('a guest in another container’s sandbox is not found by its hostname or alias', () => {
  const attachments = [{ network: 'n', networkId: 'n', addresses: [], aliases: ['nginx'], gateway: '' }];
  const roles = findRoles(
    [
      container({ name: 'owner', hostname: 'mongo', attachments }),
      container({ name: 'guest', hostname: 'mongo', attachments, sandboxOf: 'owner' }),
    ],
    WANTED,
    {},
  );
  expect(roles['mongo']).toMatchObject({ found: 'one', container: 'owner' });
  expect(roles['nginx']).toMatchObject({ found: 'one', container: 'owner' });
});

test('others know a role by its name, or by its container’s if submission.yaml has named it', () => {
  expect(calledName('mongo', { found: 'one', container: 'db', by: 'submission.yaml' })).toBe('db');
  expect(calledName('mongo', { found: 'one', container: 'lab-mongo-1', by: 'compose service' })).toBe('mongo');
  expect(calledName('mongo', { found: 'none' })).toBe('mongo');
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
