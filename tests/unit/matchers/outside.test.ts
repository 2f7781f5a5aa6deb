import { expect, test } from '@jest/globals';
import type { OpenedDoor, OutsidePort, Survey } from '../../../helpers/survey/facts.ts';
import type { WaysFacts } from '../../../helpers/survey/way-facts.ts';
import { endingOf, testMatcher } from '../../helpers/matcher-tests.ts';
import { changed, containerOf, networkOf, recorded } from '../../helpers/surveys.ts';

const exposed = recorded('expose-vs-publish');
const exercise2 = recorded('nginx-flask-mongo');
const FLASK = 'nginx_flask_mongodb-flask-app-1';

const MAPPING = { hostAddress: '0.0.0.0', hostPort: 9090, containerPort: 9090, protocol: 'tcp' };

/** Nothing is open outside any more. */
function closeAll(draft: Survey, wasOpen: boolean): void {
  Object.assign(draft.outside, { canary: 'no-answer', wasOpen });
  for (const each of draft.outside.ports) {
    Object.assign(each, { reach: 'no-answer', http: { outcome: 'no-answer', ms: 1 }, mongo: false });
    delete each.refusal;
  }
}

function published(draft: Survey, container: string, change: Partial<OutsidePort> = {}): void {
  const [known] = draft.outside.ports;
  draft.outside.ports.push({ ...known!, container, port: 9999, ...change });
}

function door(reach: OpenedDoor['reach'], container?: string): OpenedDoor {
  const rule = { address: '198.51.100.1', port: 31337, rule: 'iptables -j DNAT', reach };
  return container === undefined ? rule : { ...rule, container };
}

testMatcher('toAnswerHttpFromOutside', {
  of: exposed,
  asserts: (lab) => {
    expect(lab.role('published')).toAnswerHttpFromOutside(8080);
  },
  expects: ['published', '8080', 'HTTP'],
  holds: {
    'it answers': { says: ['port 8080 of the machine', '200'] },
    'it only refuses a request by itself': {
      change: (draft) => {
        for (const each of draft.outside.ports)
          Object.assign(each, { http: { outcome: 'no-answer', ms: 1 }, refusal: 'HTTP/1.1 400 Bad Request' });
      },
      says: 'HTTP/1.1 400 Bad Request',
    },
    'it answers over TLS only': {
      change: (draft) => {
        for (const each of draft.outside.ports) {
          const https = { outcome: 'answered', status: 200, body: 'hello', ms: 1 };
          Object.assign(each, { http: { outcome: 'not-http', ms: 1 }, https });
          delete each.refusal;
        }
      },
      says: 'HTTP status 200 over TLS',
      shows: 'curl -k https://',
    },
    'some port will do': {
      of: exercise2,
      asserts: (lab) => {
        expect(lab.role('nginx')).toAnswerHttpFromOutside();
      },
      expects: ['nginx', 'HTTP'],
      says: 'port 8080 of the machine',
    },
  },
  fails: {
    'nothing is published': {
      change: (draft) => {
        draft.outside.ports = [];
        Object.assign(containerOf(draft, 'published'), { published: [], publishAsked: [] });
      },
      says: 'published publishes no port',
    },
    'another port of it is published': {
      change: (draft) => {
        for (const each of draft.outside.ports) each.mapping!.containerPort = 80;
        for (const each of containerOf(draft, 'published').published) each.containerPort = 80;
      },
      says: 'published publishes no port that leads to its port 8080',
    },
    'its network is internal': {
      change: (draft) => {
        draft.outside.ports = [];
        containerOf(draft, 'published').published = [];
        networkOf(draft, 'bridge').internal = true;
      },
      says: '"internal"',
    },
    'only another container answers': {
      change: (draft) => {
        for (const each of draft.outside.ports) each.container = 'exposed';
        containerOf(draft, 'published').published = [];
      },
      says: 'published publishes no port',
    },
    'it is published on loopback': {
      change: (draft) => {
        closeAll(draft, false);
        for (const each of draft.outside.ports) each.mapping!.hostAddress = '127.0.0.1';
      },
      says: ['port 8080', '127.0.0.1 only'],
    },
    'what answers is no HTTP': {
      change: (draft) => {
        for (const each of draft.outside.ports) {
          each.http = { outcome: 'not-http', ms: 1 };
          delete each.refusal;
        }
      },
      says: ['port 8080', 'not-http'],
    },
    'the machine has been closed since the submission was deployed': {
      change: (draft) => {
        closeAll(draft, true);
      },
      says: ['port 8080', 'since the submission was deployed', 'since the submission was deployed'],
    },
  },
  inconclusive: {
    'nothing of this machine was ever open outside': {
      change: (draft) => {
        closeAll(draft, false);
      },
      says: ['another machine', 'no-answer'],
    },
    'only loopback says why one port is closed, and nothing says it of the other': {
      change: (draft) => {
        closeAll(draft, false);
        draft.outside.ports[0]!.mapping!.hostAddress = '127.0.0.1';
      },
      says: ['another machine', 'no-answer'],
    },
    'a port that is published was not tried': {
      change: (draft) => {
        draft.outside.ports = [];
      },
      says: ['published', '8080'],
    },
  },
});

/** What somebody outside sent to a helper arrived at a role. */
function sentOutside(draft: Survey, role: string): WaysFacts {
  const to = containerOf(draft, role).name;
  const station = { address: '10.0.0.9', port: 80, from: '10.0.0.1' };
  const door = { address: '198.51.100.1', port: 9000, at: 'host', container: 'helper' } as const;
  const stations = [
    { ...station, container: 'helper' },
    { ...station, container: to },
  ];
  const pair = { from: '(outside)', to };
  return { tried: [{ ...pair, open: 1, missed: 0 }], ways: [{ ...pair, door, form: 'http', stations }] };
}

testMatcher('toBeReachableFromOutside', {
  of: exposed,
  asserts: (lab) => {
    expect(lab.role('published')).toBeReachableFromOutside(lab.role('exposed'));
  },
  expects: ['published', 'can be reached'],
  holds: {
    'a port is open': { says: ['published', 'port 8080', 'open'] },
  },
  fails: {
    'nothing is published': {
      change: (draft) => {
        draft.outside.ports = [];
        containerOf(draft, 'published').published = [];
      },
      says: 'published cannot be reached from outside',
    },
    'the machine has been closed since the submission was deployed': {
      change: (draft) => {
        closeAll(draft, true);
      },
      says: 'since the submission was deployed',
    },
  },
  inconclusive: {
    'nothing of this machine was ever open outside': {
      change: (draft) => {
        closeAll(draft, false);
      },
      says: ['another machine', 'no-answer'],
    },
  },
});

testMatcher('not.toBeReachableFromOutside', {
  of: exposed,
  asserts: (lab) => {
    expect(lab.role('exposed')).not.toBeReachableFromOutside(lab.role('published'));
  },
  expects: ['exposed', 'cannot be reached'],
  holds: {
    'it publishes nothing, and the control is open': { says: 'exposed cannot be reached from outside' },
    'the port of the grader is closed, but the control is open': {
      change: (draft) => {
        draft.outside.canary = 'no-answer';
        draft.outside.ports[1]!.reach = 'no-answer';
      },
      says: 'exposed cannot be reached from outside',
    },
    'the number at which it listens is refused': {
      change: (draft) => {
        draft.outside.unpublished.push({ container: 'exposed', address: '198.51.100.1', port: 8081, reach: 'refused' });
      },
      says: 'exposed cannot be reached from outside',
    },
    'it is published on loopback, where the machine itself refuses': {
      change: (draft) => {
        const mapping = { hostAddress: '127.0.0.1', hostPort: 9999, containerPort: 8080, protocol: 'tcp' };
        published(draft, 'exposed', { mapping, reach: 'refused' });
      },
      says: 'exposed cannot be reached from outside',
    },
  },
  fails: {
    'somebody else passes on what outsiders send': {
      change: (draft) => {
        draft.ways = sentOutside(draft, 'exposed');
      },
      says: "somebody outside gets through to exposed by way of helper (port 9000 of the host): an HTTP request that somebody outside sent there arrived in exposed's sandbox (outside -> port 9000 of the host -> helper:80",
    },
    'a port is open': {
      change: (draft) => {
        published(draft, 'exposed');
      },
      says: ['exposed', 'port 9999', 'open'],
    },
    'a port is refused: the packet got there': {
      change: (draft) => {
        published(draft, 'exposed', { reach: 'refused' });
      },
      says: ['exposed', 'port 9999', 'refused'],
    },
    'a firewall rule forwards a port to it': {
      change: (draft) => {
        draft.outside.doors = [door('open', 'exposed')];
      },
      says: 'exposed can be reached from outside at port 31337, by a firewall rule: iptables -j DNAT',
    },
    'a firewall rule forwards a port, nobody knows where to': {
      change: (draft) => {
        draft.outside.doors = [door('open')];
      },
      says: 'something can be reached from outside at port 31337, by a firewall rule',
    },
    'the number at which it listens is open': {
      change: (draft) => {
        draft.outside.unpublished.push({ container: 'exposed', address: '198.51.100.1', port: 8081, reach: 'open' });
      },
      says: 'port 8081 of the machine is open outside',
    },
    'the machine has been closed since the submission was deployed': {
      change: (draft) => {
        closeAll(draft, true);
      },
      says: ['no-answer', 'since the submission was deployed'],
    },
  },
  inconclusive: {
    'the control is not open, and nothing else ever was': {
      change: (draft) => {
        closeAll(draft, false);
      },
      says: ['another machine', 'no-answer'],
    },
    'a port that it publishes was not tried': {
      change: (draft) => {
        containerOf(draft, 'exposed').published = [
          { hostAddress: '0.0.0.0', hostPort: 9999, containerPort: 8080, protocol: 'tcp' },
        ];
      },
      says: ['exposed', '9999'],
    },
  },
});

testMatcher('toBeClosedFromOutsideExcept', {
  of: exercise2,
  asserts: (lab) => {
    expect(lab).toBeClosedFromOutsideExcept([lab.role('nginx')]);
  },
  expects: ['nginx', 'outside'],
  holds: {
    'firewall rules forward ports to nginx, or are of no use': {
      change: (draft) => {
        draft.outside.doors = [
          door('open', containerOf(draft, 'nginx').name),
          door('refused', FLASK),
          door('no-answer'),
        ];
      },
      says: 'no container but nginx can be reached from outside',
    },
    'only nginx is open': { says: 'no container but nginx can be reached from outside' },
    'another is published on loopback': {
      change: (draft) => {
        const mapping = { hostAddress: '127.0.0.1', hostPort: 9999, containerPort: 9090, protocol: 'tcp' };
        published(draft, FLASK, { mapping, reach: 'refused' });
        containerOf(draft, 'flask-app').published = [mapping];
      },
      says: 'no container but nginx can be reached from outside',
    },
    'two are meant to be open': {
      of: recorded('web-shop'),
      asserts: (lab) => {
        expect(lab).toBeClosedFromOutsideExcept([lab.role('shop'), lab.role('backoffice')]);
      },
      expects: 'shop and backoffice',
      says: 'no container but shop and backoffice can be reached from outside',
    },
    "one in the host's sandbox was told to publish, in vain": {
      change: (draft) => {
        Object.assign(containerOf(draft, 'flask-app'), { networkMode: 'host', published: [MAPPING] });
      },
      says: 'no container but nginx can be reached from outside',
    },
    'one uses the sandbox of nginx, and so its port': {
      change: (draft) => {
        const { name, published: own } = containerOf(draft, 'nginx');
        Object.assign(containerOf(draft, 'flask-app'), { sandboxOf: name, published: own });
      },
      says: 'no container but nginx can be reached from outside',
    },
    'one that has stopped publishes a UDP port': {
      change: (draft) => {
        const flask = containerOf(draft, 'flask-app');
        flask.published = [{ hostAddress: '0.0.0.0', hostPort: 53, containerPort: 53, protocol: 'udp' }];
        flask.state.running = false;
      },
      says: 'no container but nginx can be reached from outside',
    },
  },
  fails: {
    'the database is published': {
      change: (draft) => {
        published(draft, containerOf(draft, 'mongo').name);
      },
      says: 'mongo-1 can be reached from outside at port 9999',
      showsFirst: 'docker port nginx_flask_mongodb-mongo-1\n',
    },
    'bytes that outsiders send arrive behind the public one': {
      change: (draft) => {
        draft.ways = sentOutside(draft, 'mongo');
      },
      says: 'somebody outside gets through to mongo by way of helper (port 9000 of the host)',
      showsFirst: 'something sent from outside',
    },
    'a firewall rule forwards a port to another': {
      change: (draft) => {
        draft.outside.doors = [door('open', FLASK)];
      },
      says: `${FLASK} can be reached from outside at port 31337, by a firewall rule: iptables -j DNAT`,
    },
    'another is open': {
      change: (draft) => {
        published(draft, FLASK);
      },
      says: [`${FLASK} can be reached from outside at port 9999`, 'open'],
    },
    'another is open at an IPv4 and an IPv6 address, which is said once': {
      change: (draft) => {
        published(draft, FLASK, { address: '192.0.2.1' });
        published(draft, FLASK, { address: '2001:db8::1' });
      },
      says: `${FLASK} can be reached from outside at port 9999 (open at 192.0.2.1 and 2001:db8::1)`,
    },
    'another is open at one address and refuses at the other': {
      change: (draft) => {
        published(draft, FLASK, { address: '192.0.2.1' });
        published(draft, FLASK, { address: '2001:db8::1', reach: 'refused' });
      },
      says: `${FLASK} can be reached from outside at port 9999 (open at 192.0.2.1, refused at 2001:db8::1)`,
    },
    'another is refused: the packet got there': {
      change: (draft) => {
        published(draft, FLASK, { reach: 'refused' });
      },
      says: [`${FLASK} can be reached from outside at port 9999`, 'refused'],
    },
    'a container that plays no role is open': {
      change: (draft) => {
        published(draft, 'adminer');
      },
      says: 'adminer can be reached from outside at port 9999',
    },
    'another can be reached at its own address': {
      change: (draft) => {
        published(draft, FLASK, { direct: true });
      },
      says: `${FLASK} can be reached from outside at port 9999 of its own address`,
    },
    'the public one passes MongoDB on': {
      change: (draft) => {
        draft.outside.ports[0]!.mongo = true;
      },
      says: ['MongoDB', 'port 8080'],
    },
    'another publishes a UDP port': {
      change: (draft) => {
        containerOf(draft, 'flask-app').published = [
          { hostAddress: '0.0.0.0', hostPort: 53, containerPort: 53, protocol: 'udp' },
        ];
      },
      says: [FLASK, 'UDP'],
    },
    'the machine has been closed since the submission was deployed': {
      change: (draft) => {
        closeAll(draft, true);
      },
      says: ['no-answer', 'since the submission was deployed'],
    },
  },
  inconclusive: {
    'nothing of this machine was ever open outside': {
      change: (draft) => {
        closeAll(draft, false);
      },
      says: ['another machine', 'no-answer'],
    },
    'a port that another publishes was not tried': {
      change: (draft) => {
        containerOf(draft, 'flask-app').published = [MAPPING];
      },
      says: [FLASK, '9090'],
    },
    'of that number, only a port of nginx was tried': {
      change: (draft) => {
        containerOf(draft, 'flask-app').published = [{ ...MAPPING, hostPort: 8080 }];
        published(draft, FLASK, { mapping: { ...MAPPING, hostAddress: '127.0.0.1' }, reach: 'refused' });
      },
      says: [FLASK, '8080'],
    },
  },
});

test('an internal network that a container is not on is no reason why it publishes nothing', () => {
  const elsewhere = changed(exposed, (draft) => {
    draft.outside.ports = [];
    containerOf(draft, 'published').published = [];
    draft.networks.push({
      ...networkOf(draft, 'bridge'),
      id: 'another',
      name: 'inner',
      names: ['inner'],
      internal: true,
    });
  });
  const { end, actual } = endingOf((lab) => {
    expect(lab.role('published')).toAnswerHttpFromOutside();
  }, elsewhere);
  expect([end, actual]).toEqual(['fails', 'published publishes no port']);
});
