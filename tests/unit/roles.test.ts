import { describe, expect, test } from '@jest/globals';
import type { SurveyPlan } from '../../helpers/lab/survey-plan.ts';
import type { ContainerFacts } from '../../helpers/survey/facts.ts';
import { calledName, findRoles, misnomerOf } from '../../helpers/survey/roles.ts';
import { container } from '../helpers/facts.ts';

const WANTED: Pick<SurveyPlan, 'roles' | 'application'> = {
  roles: [
    { name: 'nginx', images: ['nginx'], serves: true },
    { name: 'flask-app', images: ['python'], serves: true },
    { name: 'mongo', images: ['mongo'], serves: true },
  ],
  application: {
    requests: [{ front: 'nginx', path: '/', backends: ['mongo'], ways: [] }],
    databases: [{ role: 'mongo', port: 27017 }],
    startOrder: [['mongo'], ['flask-app'], ['nginx']],
  },
};
const ONE_ROLE = { roles: [{ name: 'isolated', images: [], serves: false }] };

function stopped(facts: Parameters<typeof container>[0]): ContainerFacts {
  const it = container(facts);
  return { ...it, state: { ...it.state, running: false, status: 'exited', pid: 0 } };
}

/** A container that Compose keeps up, with all of its labels. */
function replica(service: string, number: number, facts: Partial<ContainerFacts> = {}): ContainerFacts {
  return container({
    name: `lab-${service}-${number}`,
    ...{ project: 'lab', service, replica: { number, config: 'c0ffee' } },
    ...facts,
  });
}

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
  expect(roles['mongo']).toEqual({ found: 'none', named: 'nobody' });
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

describe('a name that is nearly a role’s', () => {
  test.each([
    container({ name: 'Flask_App' }),
    container({ name: 'flask.app' }),
    container({ name: 'flask-app-1' }),
    replica('Flask-App', 1),
    container({ name: 'own', service: 'flask_app' }),
  ])('plays it: $name', (each) => {
    const finding = findRoles([each], WANTED, {})['flask-app']!;
    expect(finding).toEqual({ found: 'one', container: each.name, by: 'similar name' });
    expect(misnomerOf('flask-app', finding, each)).toMatch(/^flask[-_.]app(-1)?$/i);
  });

  test.each(['my-flask-app', 'flask-app2', 'flask', 'a-flask-app-proxy'])('%s is not', (name) => {
    expect(findRoles([container({ name })], WANTED, {})['flask-app']).toEqual({ found: 'none' });
  });

  test('does not count where somebody has the name itself, even as an alias', () => {
    const attachments = [{ network: 'n', networkId: 'n', addresses: [], aliases: ['flask-app'], gateway: '' }];
    const roles = findRoles([container({ name: 'Flask-App' }), container({ name: 'real', attachments })], WANTED, {});
    expect(roles['flask-app']).toMatchObject({ found: 'one', container: 'real', by: 'network alias' });
  });

  test('does not count where it has stopped and another container is found by its image', () => {
    const roles = findRoles([stopped({ name: 'Mongo' }), container({ name: 'db', ancestors: ['mongo'] })], WANTED, {});
    expect(roles['mongo']).toMatchObject({ found: 'one', container: 'db', by: 'image' });
  });

  test('of two containers says that it could be both', () => {
    const roles = findRoles([container({ name: 'Mongo' }), container({ name: 'MONGO' })], WANTED, {});
    expect(roles['mongo']).toEqual({ found: 'several', containers: ['Mongo', 'MONGO'], by: 'similar name' });
  });
});

describe('a container that has stopped', () => {
  test('does not compete with one that runs', () => {
    const roles = findRoles(
      [stopped({ name: 'old', service: 'mongo' }), container({ name: 'new', service: 'mongo' })],
      WANTED,
      {},
    );
    expect(roles['mongo']).toMatchObject({ found: 'one', container: 'new' });
  });

  test('does not compete by its image, either', () => {
    const [seeder, database] = [
      stopped({ name: 'seed', ancestors: ['mongo'] }),
      container({ name: 'db', ancestors: ['mongo'] }),
    ];
    expect(findRoles([seeder, database], WANTED, {})['mongo']).toMatchObject({ found: 'one', container: 'db' });
  });

  test('plays its role where no other does', () => {
    const roles = findRoles([stopped({ name: 'mongo' }), container({ name: 'db', ancestors: ['mongo'] })], WANTED, {});
    expect(roles['mongo']).toMatchObject({ found: 'one', container: 'mongo' });
  });
});

describe('of several containers that an image fits', () => {
  const published = [{ hostAddress: '0.0.0.0', hostPort: 8080, containerPort: 80, protocol: 'tcp' }];

  test('the front is the one that publishes', () => {
    const roles = findRoles(
      [
        container({ name: 'proxy', image: 'lab-proxy', ancestors: ['lab-proxy', 'nginx'], published }),
        container({ name: 'static', image: 'nginx:alpine', ancestors: ['nginx'] }),
      ],
      WANTED,
      {},
    );
    expect(roles['nginx']).toMatchObject({ found: 'one', container: 'proxy' });
  });

  test('the image itself comes before one that was built from it', () => {
    const roles = findRoles(
      [
        container({ name: 'seeder', image: 'lab-seeder', ancestors: ['lab-seeder', 'mongo'] }),
        container({ name: 'db', image: 'mongo:6', ancestors: ['mongo'] }),
      ],
      WANTED,
      {},
    );
    expect(roles['mongo']).toMatchObject({ found: 'one', container: 'db' });
  });

  test('what the image is for comes before another command', () => {
    const [tool, database] = [
      container({ name: 'backup', image: 'mongo', ancestors: ['mongo'], runsItsImage: false }),
      container({ name: 'db', image: 'mongo', ancestors: ['mongo'], runsItsImage: true }),
    ];
    expect(findRoles([tool, database], WANTED, {})['mongo']).toMatchObject({ found: 'one', container: 'db' });
  });

  test('two that are alike are both named', () => {
    const both = ['a', 'b'].map((name) => container({ name, image: 'mongo', ancestors: ['mongo'] }));
    expect(findRoles(both, WANTED, {})['mongo']).toMatchObject({ found: 'several', containers: ['a', 'b'] });
  });
});

describe('in a lab with one role', () => {
  test('the only container plays it, whatever it is called', () => {
    expect(findRoles([container({ name: 'no-net-alpine' })], ONE_ROLE, {})['isolated']).toMatchObject({
      container: 'no-net-alpine',
      by: 'only container',
    });
  });

  test('the only one that runs plays it', () => {
    const roles = findRoles([stopped({ name: 'try' }), container({ name: 'box' })], ONE_ROLE, {});
    expect(roles['isolated']).toMatchObject({ container: 'box' });
  });

  test('none of two plays it, nor one if submission.yaml says that it is another', () => {
    const two = [container({ name: 'one' }), container({ name: 'two' })];
    expect(findRoles(two, ONE_ROLE, {})['isolated']).toEqual({ found: 'none' });
    const other = findRoles(two.slice(1), ONE_ROLE, { isolated: 'three' });
    expect(other['isolated']).toEqual({ found: 'none', named: 'three' });
  });

  test('the only one does not play it where the submission was denied another', () => {
    expect(findRoles([container({ name: 'other' })], ONE_ROLE, {}, true)['isolated']).toEqual({ found: 'none' });
  });

  test('in a lab with more roles, a container needs a name', () => {
    expect(findRoles([container({ name: 'box' })], WANTED, {})['mongo']).toEqual({ found: 'none' });
  });
});

describe('replicas', () => {
  const roleOf = (containers: ContainerFacts[]): unknown => findRoles(containers, WANTED, {})['flask-app'];

  test('of one service play its role together', () => {
    expect(roleOf([replica('flask-app', 2), replica('flask-app', 1)])).toEqual({
      ...{ found: 'one', container: 'lab-flask-app-1', by: 'compose service' },
      replicas: ['lab-flask-app-2'],
    });
  });

  test('are found by their image, too', () => {
    const both = [1, 2].map((number) => replica('api', number, { ancestors: ['python'] }));
    expect(roleOf(both)).toMatchObject({ container: 'lab-api-1', replicas: ['lab-api-2'], by: 'image' });
  });

  test('that submission.yaml names are called by their service', () => {
    const finding = findRoles([replica('api', 1), replica('api', 2)], WANTED, { 'flask-app': 'api' })['flask-app'];
    expect([finding, calledName('flask-app', finding)]).toMatchObject([{ replicas: ['lab-api-2'] }, 'api']);
  });

  test('count even if one of them has stopped: it is judged, too', () => {
    const one = replica('flask-app', 1);
    const two = replica('flask-app', 2, { state: { ...one.state, running: false, status: 'exited' } });
    expect(roleOf([one, two])).toMatchObject({ container: 'lab-flask-app-1', replicas: ['lab-flask-app-2'] });
  });

  test.each<[string, Partial<ContainerFacts>]>([
    ['has only the service’s label', { name: 'other', service: 'flask-app' }],
    [
      'has the labels of the service and the project',
      { name: 'lab-flask-app-2', service: 'flask-app', project: 'lab' },
    ],
    ['is of another project', { ...replica('flask-app', 2), project: 'other', name: 'other-flask-app-2' }],
    ['is called otherwise', { ...replica('flask-app', 2), name: 'decoy' }],
    ['has another image', { ...replica('flask-app', 2), imageId: 'another' }],
    ['has another configuration', { ...replica('flask-app', 2), replica: { number: 2, config: 'decaf' } }],
    ['has the same number', { ...replica('flask-app', 1), id: 'decoy', name: 'lab_flask-app_1' }],
  ])('a container is none that %s', (_, decoy) => {
    const finding = roleOf([replica('flask-app', 1), container({ name: '', ...decoy })]);
    expect(finding).not.toHaveProperty('replicas');
  });

  test('are too many to be judged, one by one, if they are more than twelve', () => {
    const crowd = Array.from({ length: 13 }, (__, i) => replica('flask-app', i + 1));
    expect(roleOf(crowd)).toMatchObject({ found: 'several' });
  });

  test('come before a container that `compose run` has made of the same service', () => {
    const oneOff = container({ name: 'lab-flask-app-run-1', project: 'lab', service: 'flask-app' });
    expect(roleOf([oneOff, replica('flask-app', 1)])).toMatchObject({ container: 'lab-flask-app-1' });
  });
});
