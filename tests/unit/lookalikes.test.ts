/** Networks of other names that evidently play a part. */
import { expect, test } from '@jest/globals';
import { lookalikesOf } from '../../helpers/judge/lookalikes.ts';
import type { ContainerFacts, NetworkFacts } from '../../helpers/survey/facts.ts';
import { container } from '../helpers/facts.ts';

const PARTS = { 'public-net': ['web', 'app'], 'private-net': ['app', 'db'] };

/** @param on The networks that each container is on. @returns which network plays which missing part. */
function found(on: Record<string, string[]>, unused: string[] = []): Record<string, string> {
  const names = [...new Set([...Object.values(on).flat(), ...unused])];
  const networks = names.map(
    (name) => ({ id: `id-${name}`, name, names: [name], predefined: name === 'bridge' }) as NetworkFacts,
  );
  const containers = Object.entries(on).map(([name, theirs]) =>
    container({
      name,
      attachments: theirs.map((network) => ({
        ...{ network, networkId: `id-${network}`, addresses: [], aliases: [], gateway: '' },
      })),
    }),
  );
  const playersOf = (role: string): ContainerFacts[] => containers.filter(({ name }) => name === role);
  const parts = Object.entries(PARTS).map(([name, roles]) => ({ name, members: roles.map(playersOf) }));
  const players = containers.filter(({ name }) => ['web', 'app', 'db'].includes(name));
  return Object.fromEntries([...lookalikesOf(parts, networks, players)].map(([part, { name }]) => [part, name]));
}

test('networks of the right names need none', () => {
  expect(found({ web: ['public-net'], app: ['public-net', 'private-net'], db: ['private-net', 'other'] })).toEqual({});
});

test('are known by those who are on them', () => {
  expect(found({ web: ['front'], app: ['front', 'back'], db: ['back'] })).toEqual({
    'public-net': 'front',
    'private-net': 'back',
  });
});

test('are known by those who are on them, whoever has no role', () => {
  expect(found({ web: ['front'], app: ['front', 'private-net'], db: ['private-net'], helper: ['front'] })).toEqual({
    'public-net': 'front',
  });
});

test('are known by a name that is nearly right, whoever is on them', () => {
  expect(found({ web: ['Public_Net'], app: ['Public_Net', 'private-net'], db: ['Public_Net'] })).toEqual({
    'public-net': 'Public_Net',
  });
});

test('are known if there is somebody on them who should not be', () => {
  expect(found({ web: ['front', 'back'], app: ['front', 'back'], db: ['back'] })).toEqual({
    'public-net': 'front',
    'private-net': 'back',
  });
});

test('play one part only: where everybody is on one network, it is neither', () => {
  expect(found({ web: ['all'], app: ['all'], db: ['all'] })).toEqual({});
});

test('are not known where two could be meant, where a member is missing, or where nobody is on them', () => {
  expect(found({ web: ['one', 'two'], app: ['one', 'two', 'private-net'], db: ['private-net'] })).toEqual({});
  expect(found({ web: ['front'], app: ['private-net'], db: ['private-net'] })).toEqual({});
  expect(found({ web: ['bridge'], app: ['bridge', 'private-net'], db: ['private-net'] }, ['public_net'])).toEqual({});
});
