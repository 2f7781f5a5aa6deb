/** Networks as records have them, for tests of what is made from them: exercise 2 as it should be, and gone wrong. */
import type { ReachRecord } from '../../helpers/report/reach.ts';
import type { SeenTopology } from '../../helpers/report/record.ts';

type Container = SeenTopology['containers'][number];

const PROJECT = 'shop';
export const PUBLIC = 'public-net-1';
export const PRIVATE = 'private-net-1';

const PREDEFINED = (['bridge', 'host', 'none'] as const).map((name) => ({
  name,
  driver: name === 'none' ? 'null' : name,
  internal: false,
  subnets: name === 'bridge' ? ['172.17.0.0/16'] : [],
}));

/** A network that Compose made. */
export function network(plays: string, subnet: string): SeenTopology['networks'][number] {
  return { name: `${PROJECT}_${plays}`, plays, driver: 'bridge', internal: false, subnets: [subnet] };
}

/** A container that Compose started. */
export function container(role: string, on: Record<string, string>, more: Partial<Container> = {}): Container {
  return {
    name: `${PROJECT}-${role}-1`,
    role,
    image: `${role}-image`,
    state: 'running',
    networks: Object.entries(on).map(([name, address]) => ({ name: `${PROJECT}_${name}`, addresses: [address] })),
    ports: [],
    ...more,
  };
}

export const EXPECTED: NonNullable<SeenTopology['expected']> = {
  networks: [PUBLIC, PRIVATE].map((name) => ({ name, driver: 'bridge' })),
  containers: [
    { role: 'nginx', networks: [PUBLIC], published: true },
    { role: 'flask-app', networks: [PUBLIC, PRIVATE] },
    { role: 'mongo', networks: [PRIVATE] },
  ],
};

const PORTS = ['0.0.0.0:8080->80/tcp', ':::8080->80/tcp'];
const NGINX = container('nginx', { [PUBLIC]: '10.76.1.3' }, { ports: PORTS });
const FLASK = container('flask-app', { [PRIVATE]: '10.76.0.3', [PUBLIC]: '10.76.1.2' });
const MONGO = container('mongo', { [PRIVATE]: '10.76.0.2' });

function reach(from: string, to: string, expected: boolean, reached: boolean): ReachRecord {
  return {
    ...{ from, to },
    byName: { expected, observed: reached ? 'reached' : 'no-such-name' },
    byAddress: { expected, observed: reached ? 'reached' : 'not-reached' },
  };
}

export const GOOD: SeenTopology = {
  networks: [...PREDEFINED, network(PRIVATE, '10.76.0.0/24'), network(PUBLIC, '10.76.1.0/24')],
  containers: [FLASK, MONGO, NGINX],
  expected: EXPECTED,
  reach: [
    reach('nginx', 'flask-app', true, true),
    reach('nginx', 'mongo', false, false),
    reach('flask-app', 'mongo', true, true),
  ],
};

/** nginx is on the private network, instead of the public one. */
export const MISPLACED: SeenTopology = {
  ...GOOD,
  containers: [FLASK, MONGO, container('nginx', { [PRIVATE]: '10.76.0.4' }, { ports: PORTS })],
  reach: [
    reach('nginx', 'flask-app', true, true),
    reach('nginx', 'mongo', false, true),
    reach('flask-app', 'mongo', true, true),
  ],
};

/** Nothing is published, mongo has ended, and there is a relay that nobody asked for. */
export const BROKEN: SeenTopology = {
  ...GOOD,
  containers: [
    FLASK,
    container('mongo', {}, { state: 'exited' }),
    container('nginx', { [PUBLIC]: '10.76.1.3' }),
    {
      name: 'relay',
      image: 'alpine',
      state: 'running',
      networks: [{ name: `${PROJECT}_${PRIVATE}`, addresses: ['10.76.0.9'] }],
      ports: ['0.0.0.0:27017->27017/tcp'],
    },
  ],
  reach: [
    reach('nginx', 'flask-app', true, true),
    {
      ...{ from: 'flask-app', to: 'mongo' },
      byName: { expected: true, observed: 'not-tried' },
      byAddress: { expected: true, observed: 'not-tried' },
    },
  ],
};

/** Two machines: one overlay network over both, and each one's default bridge. */
export const TWO_MACHINES: SeenTopology = {
  networks: [
    ...PREDEFINED,
    { name: 'test-net', plays: 'test-net', driver: 'overlay', internal: false, subnets: ['10.0.1.0/24'] },
  ],
  containers: ['alpine1', 'alpine2'].map((role, i) => ({
    ...container(role, {}, { name: role, machine: i + 1 }),
    networks: [{ name: 'test-net', addresses: [`10.0.1.${i + 2}`] }],
  })),
  expected: {
    networks: [{ name: 'test-net', driver: 'overlay' }],
    containers: ['alpine1', 'alpine2'].map((role, i) => ({ role, machine: i + 1, networks: ['test-net'] })),
  },
};

/** As many containers as a submission has no need of, all of them with names of megabytes or markup. */
export function hugeTopology(text: string): SeenTopology {
  const networks = Array.from({ length: 60 }, (_, i) => network(`${i} ${text}`, text));
  return {
    networks,
    containers: Array.from({ length: 500 }, (_, i) => ({
      name: `${i} ${text}`,
      ...(i < 250 ? { role: `role ${i} ${text}` } : {}),
      image: text,
      state: i % 2 === 0 ? 'running' : text,
      ...(i === 3 ? { sandboxOf: `2 ${text}` } : {}),
      networks: networks.slice(i % 50, (i % 50) + 3).map(({ name }) => ({ name, addresses: [text, text] })),
      ports: [text, `0.0.0.0:${i}->80/tcp`, `127.0.0.1:${i}->80/tcp`],
    })),
    expected: {
      networks: [{ name: text, driver: text }],
      containers: Array.from({ length: 250 }, (_, i) => ({ role: `role ${i} ${text}`, networks: [text] })),
    },
    reach: Array.from({ length: 1_600 }, (_, i) => ({
      from: `role ${i % 40} ${text}`,
      to: `role ${Math.floor(i / 40)} ${text}`,
      byName: { observed: 'another-address' },
      byAddress: { expected: false, observed: 'reached' },
    })),
  };
}
