/** What is done to put back what an experiment changed, from every state in which it may have been left. */
import { expect, test } from '@jest/globals';
import { withIds, type Note } from '../../helpers/machine/restore/note.ts';
import { inWords, planOf } from '../../helpers/machine/restore/plan.ts';
import type { ContainerThen, NetworkThen, Snapshot } from '../../helpers/machine/restore/snapshot.ts';

const STARTED = '2026-03-01T10:00:00.5Z';
const LATER = '2026-03-01T12:00:00.123456789Z';

function container(name: string, networks: string[], more: Partial<ContainerThen> = {}): ContainerThen {
  const endpoints = networks.map((network) => ({ network, networkId: network, config: { Aliases: [name] } }));
  return {
    id: name,
    name,
    state: 'running',
    startedAt: STARTED,
    networkMode: networks[0] ?? 'none',
    endpoints,
    ...more,
  };
}

function network(name: string, members: string[], more: Partial<NetworkThen> & { subnet?: string } = {}): NetworkThen {
  const { subnet = `subnet of ${name}`, ...rest } = more;
  const settings = { Driver: 'bridge', Labels: { of: 'frida' }, IPAM: { Config: [{ Subnet: subnet }] } };
  return { id: name, name, created: STARTED, members, settings, ...rest };
}

const MONGO = container('mongo', ['private']);
const FLASK = container('flask', ['public', 'private']);
const NGINX = container('nginx', ['public']);
const PUBLIC = network('public', ['flask', 'nginx']);
const PRIVATE = network('private', ['flask', 'mongo']);
const NOTE: Note = {
  version: 1,
  at: STARTED,
  owner: 'laptop:1:1',
  restarts: [MONGO, FLASK, NGINX].map(({ id }) => ({ id, stopSeconds: id === 'mongo' ? 5 : 0 })),
  was: { containers: [NGINX, FLASK, MONGO], networks: [PUBLIC, PRIVATE] },
};
const STOPPED = { state: 'stopped' } as const;
const OFF = { endpoints: [] };

/** @returns the steps in words, what was changed, and what is left as it is. */
function plan(
  now: Partial<Snapshot>,
  note = NOTE,
  { settled = [], lost = [] }: { settled?: string[]; lost?: string[] } = {},
): [string[], string[], string[]] {
  const circumstances = { settled: new Set(settled), lost: new Set(lost) };
  const { steps, changed, left } = planOf(note, { ...note.was, ...now }, circumstances);
  return [steps.map(inWords), changed, left];
}

const RESTARTED = ['restart mongo', 'restart flask', 'restart nginx'];

test('nothing, when everything is as it was', () => {
  expect(plan({})).toEqual([[], [], []]);
});

test('a paused backend is unpaused, and nobody is restarted', () => {
  const paused = { ...MONGO, state: 'paused' } as const;
  expect(plan({ containers: [NGINX, FLASK, paused] })).toEqual([['unpause mongo'], ['mongo is paused'], []]);
});

test('what was paused or stopped before stays so', () => {
  const was = [NGINX, FLASK, { ...MONGO, state: 'paused' } as const];
  expect(plan({}, { ...NOTE, was: { ...NOTE.was, containers: was } })).toEqual([[], [], []]);
});

test('stopped containers are started in the order of the note, and those that run are restarted after what they need', () => {
  const [steps, changed] = plan({ containers: [NGINX, { ...FLASK, ...STOPPED }, { ...MONGO, ...STOPPED }] });
  expect(steps).toEqual(['start mongo', 'start flask', 'restart nginx']);
  expect(changed).toEqual(['mongo does not run', 'flask does not run']);
});

test('a container that is off its network is connected again as it was', () => {
  const { steps } = planOf(NOTE, { ...NOTE.was, containers: [NGINX, FLASK, { ...MONGO, ...OFF }] });
  expect(steps.map(inWords)).toEqual(['connect mongo to private', ...RESTARTED]);
  expect(steps[0]).toMatchObject({ network: 'private', config: { Aliases: ['mongo'] } });
});

test('a network that is missing is made again as it was', () => {
  const now = {
    containers: [
      { ...NGINX, ...STOPPED, ...OFF },
      { ...FLASK, ...STOPPED, ...OFF },
      { ...MONGO, ...STOPPED },
    ],
    networks: [PRIVATE],
  };
  const { steps, changed } = planOf(NOTE, { ...now, containers: now.containers });
  expect(steps.map(inWords)).toEqual([
    'make the network public again',
    'connect nginx to public',
    'connect flask to public',
    'connect flask to private',
    'start mongo',
    'start flask',
    'start nginx',
  ]);
  expect(steps[0]).toMatchObject({ settings: PUBLIC.settings });
  expect(changed).toContain('the network public is missing');
});

/** The network with another id and subnet, and its members on it. */
function renumbered(created = LATER): Snapshot {
  const anew = network('public', ['flask', 'nginx'], { id: 'public-2', subnet: 'another one', created });
  const moved = (each: ContainerThen): ContainerThen => ({
    ...each,
    endpoints: each.endpoints.map((on) => (on.network === 'public' ? { ...on, networkId: 'public-2' } : on)),
  });
  return { containers: [moved(NGINX), moved(FLASK), MONGO], networks: [anew, PRIVATE] };
}

test('a network with another subnet is made anew with its former one', () => {
  expect(plan(renumbered())).toEqual([
    [
      'disconnect flask from public',
      'disconnect nginx from public',
      'remove the network public, which has another subnet than before',
      'make the network public again',
      'connect nginx to public',
      'connect flask to public',
      ...RESTARTED,
    ],
    ['the network public has another subnet'],
    [],
  ]);
});

test('the former subnet is not tried again when it is taken', () => {
  const now = renumbered(STARTED);
  expect(plan(now, NOTE, { settled: ['public'] })).toEqual([[], [], []]);
});

test('whoever has not been restarted since a network was made anew remembers addresses that are no more', () => {
  const { containers, networks } = renumbered();
  const restored = networks.map((each) => (each.name === 'public' ? { ...each, settings: PUBLIC.settings } : each));
  const half = containers.map((each) => (each.id === 'nginx' ? each : { ...each, startedAt: '2026-03-01T12:00:01Z' }));
  expect(plan({ containers: half, networks: restored })).toEqual([['restart nginx'], [], []]);
  const all = half.map((each) => ({ ...each, startedAt: '2026-03-01T12:00:01Z' }));
  expect(plan({ containers: all, networks: restored })).toEqual([[], [], []]);
});

test('a network on which others are meanwhile stays', () => {
  const { containers, networks } = renumbered(STARTED);
  const joined = networks.map((each) =>
    each.name === 'public' ? { ...each, members: [...each.members, 'theirs'] } : each,
  );
  expect(plan({ containers, networks: joined })).toEqual([
    [],
    [],
    ['the network public keeps its new subnet: other containers are on it now (theirs)'],
  ]);
});

test('a network stays if a container can start on nothing else', () => {
  const byId = { ...NGINX, networkMode: 'public' };
  const now = {
    containers: [byId, FLASK, MONGO],
    networks: [network('public', ['flask', 'nginx'], { subnet: 'other' }), PRIVATE],
  };
  const [steps, , left] = plan(now, { ...NOTE, was: { ...NOTE.was, containers: [byId, FLASK, MONGO] } });
  expect([steps, left]).toEqual([
    [],
    ['the network public keeps its new subnet: nginx can start only on this very network'],
  ]);
});

test('a fixed address is given back', () => {
  const endpoints = [{ network: 'private', networkId: 'private', config: { IPAMConfig: { IPv4Address: '10.1.2.3' } } }];
  const fixed = { ...NOTE, was: { ...NOTE.was, containers: [NGINX, FLASK, { ...MONGO, endpoints }] } };
  expect(plan({ containers: [NGINX, FLASK, MONGO] }, fixed)).toEqual([
    ['disconnect mongo from private', 'connect mongo to private', ...RESTARTED],
    ['mongo has not its fixed address on private'],
    [],
  ]);
});

test('what its owner has removed is not made again', () => {
  expect(plan({ containers: [FLASK, MONGO] })).toEqual([[], [], ['nginx is not there any more']]);
  expect(plan({ containers: [], networks: [] })[0]).toEqual([]);
});

test('a container of others on the network is moved with it, and not restarted', () => {
  const guest = container('guest', ['public']);
  const was = {
    containers: [...NOTE.was.containers, guest],
    networks: [network('public', ['flask', 'nginx', 'guest']), PRIVATE],
  };
  const [steps] = plan({ containers: [NGINX, FLASK, MONGO, { ...guest, ...OFF }] }, { ...NOTE, was });
  expect(steps).toEqual(['connect guest to public', ...RESTARTED]);
});

test('whoever comes after a container that is started is restarted, and nobody before it', () => {
  expect(plan({ containers: [NGINX, { ...FLASK, ...STOPPED }, MONGO] })[0]).toEqual(['start flask', 'restart nginx']);
});

test('a container of `docker run --rm` that its engine has lost is run again, and one that its owner removed is not', () => {
  const asRun = { Image: 'flask', Config: {}, HostConfig: {}, networks: [] };
  const was = { ...NOTE.was, containers: [NGINX, { ...FLASK, asRun }, MONGO] };
  const now = { containers: [NGINX, MONGO] };
  expect(plan(now, { ...NOTE, was }, { lost: ['flask'] })).toEqual([
    ['run flask again', 'restart nginx'],
    ['flask does not run'],
    [],
  ]);
  expect(plan(now, { ...NOTE, was })).toEqual([[], [], ['flask is not there any more']]);
});

test('a container that was run again has another id, and is the same', () => {
  const again = withIds(NOTE, new Map([['flask', 'flask-2']]));
  const now = { containers: [NGINX, { ...FLASK, id: 'flask-2', ...OFF }, MONGO] };
  expect(plan(now, again)[0]).toEqual(['connect flask to public', 'connect flask to private', ...RESTARTED]);
});
