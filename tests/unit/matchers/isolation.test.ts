import { expect } from '@jest/globals';
import { THE_HOST } from '../../../helpers/survey/facts.ts';
import type { Survey } from '../../../helpers/survey/facts.ts';
import { testMatcher } from '../../helpers/matcher-tests.ts';
import { recorded, sandboxOf } from '../../helpers/surveys.ts';

const survey = recorded('none-network');
const STRANGER = { from: 'isolated', to: 'other', address: '10.1.2.3' };

testMatcher('toHaveOnlyLoopback', {
  of: survey,
  asserts: (lab) => {
    expect(lab.role('isolated')).toHaveOnlyLoopback();
  },
  expects: ['isolated', 'lo'],
  holds: {
    'there is lo': { says: 'isolated has lo and no other interface' },
    'a tunnel device of the kernel stays down': {
      change: (draft) => {
        addInterface(draft, { name: 'tunl0', up: false, addresses: [] });
      },
      says: 'isolated has lo and no other interface',
    },
  },
  fails: {
    'there is another interface': {
      change: (draft) => {
        addInterface(draft, { name: 'eth0', up: true, addresses: ['10.1.2.4/24'] });
      },
      says: ['isolated has the interface eth0', '10.1.2.4/24'],
    },
    'another interface has no address yet': {
      change: (draft) => {
        addInterface(draft, { name: 'dummy0', up: true, addresses: [] });
      },
      says: 'isolated has the interface dummy0',
    },
    'another interface is down, and has an address': {
      change: (draft) => {
        addInterface(draft, { name: 'eth0', up: false, addresses: ['10.1.2.4/24'] });
      },
      says: 'eth0',
    },
  },
  settled: 'the kernel lists the interfaces of a sandbox',
});

function addInterface(draft: Survey, own: { name: string; up: boolean; addresses: string[] }): void {
  sandboxOf(draft, 'isolated').interfaces.push({ index: 9, mac: '', ...own });
}

testMatcher('toHaveNoRoute', {
  of: survey,
  asserts: (lab) => {
    expect(lab.role('isolated')).toHaveNoRoute();
  },
  expects: ['isolated', 'no route'],
  holds: {
    'there is none': { says: 'isolated has no route to anywhere' },
    'a route throws packets away': {
      change: (draft) => {
        sandboxOf(draft, 'isolated').routes.push({ destination: 'unreachable default', device: 'lo' });
      },
      says: 'isolated has no route to anywhere',
    },
    'a route leads to the loopback addresses': {
      change: (draft) => {
        sandboxOf(draft, 'isolated').routes.push({ destination: '127.0.0.0/8', device: 'lo' });
      },
      says: 'isolated has no route to anywhere',
    },
  },
  fails: {
    'a default route goes through a gateway': {
      change: (draft) => {
        sandboxOf(draft, 'isolated').routes.push({ destination: 'default', gateway: '10.1.2.1', device: 'eth0' });
      },
      says: 'default via 10.1.2.1 dev eth0',
    },
    'one subnet is at hand': {
      change: (draft) => {
        sandboxOf(draft, 'isolated').routes.push({ destination: '10.1.2.0/24', device: 'eth0' });
      },
      says: '10.1.2.0/24 dev eth0',
    },
  },
  settled: 'the kernel lists the routes of a sandbox',
});

testMatcher('toReachNothing', {
  of: survey,
  asserts: (lab) => {
    expect(lab.role('isolated')).toReachNothing();
  },
  expects: ['isolated', 'neither the host nor'],
  holds: {
    'the host was tried, and no packet left': {
      says: 'no packet of isolated gets anywhere',
      shows: ['nc -v -w 2 198.51.100.1', 'unreachable (ENETUNREACH)', 'tried from outside\nopen'],
    },
    'nobody answers': {
      change: (draft) => {
        for (const each of draft.reach) each.outcome = 'no-answer';
        draft.pings.push({ ...STRANGER, outcome: 'no-answer' });
      },
      says: 'no packet of isolated gets anywhere',
    },
    'somebody else reaches the host': {
      change: (draft) => {
        draft.reach.push({ ...draft.reach[0]!, from: 'other', outcome: 'open' });
      },
      says: 'no packet of isolated gets anywhere',
    },
    'the port of the grader is closed, but one of a container is open outside': {
      change: (draft) => {
        draft.outside.canary = 'no-answer';
        draft.outside.ports = recorded('host-network').outside.ports;
      },
      says: 'no packet of isolated gets anywhere',
    },
  },
  fails: {
    'the host answers': {
      change: (draft) => {
        for (const each of draft.reach) each.outcome = 'open';
      },
      says: 'isolated reaches the host at 198.51.100.1:',
    },
    'the host refuses: the packet got there': {
      change: (draft) => {
        for (const each of draft.reach) each.outcome = 'refused';
      },
      says: 'isolated reaches the host at 198.51.100.1:',
      shows: ['nc -v -w 2 198.51.100.1', 'refused'],
    },
    'a container refuses': {
      change: (draft) => {
        draft.reach.push({ ...STRANGER, port: 9, way: 'address', outcome: 'refused', ms: 1 });
      },
      says: 'isolated reaches other at 10.1.2.3:9',
    },
    'a container answers at the port that it publishes': {
      change: (draft) => {
        draft.reach.push({ ...STRANGER, port: 8080, way: 'published', outcome: 'open', ms: 1, again: 'open' });
      },
      says: 'isolated reaches other at 10.1.2.3:8080',
    },
    'a container shares its sandbox': {
      change: (draft) => {
        draft.reach.push({ ...STRANGER, address: '127.0.0.1', port: 80, way: 'own-sandbox', outcome: 'open', ms: 1 });
      },
      says: ['isolated reaches other at 127.0.0.1:80', 'share one sandbox'],
    },
    'a container answers the ping': {
      change: (draft) => {
        draft.pings.push({ ...STRANGER, outcome: 'answered' });
      },
      says: ['other', '10.1.2.3', 'ping'],
    },
    "one of its processes is in the host's sandbox": {
      change: (draft) => {
        ownProcess(draft).namespace = draft.host.sandbox.namespace;
      },
      says: "the host's sandbox",
    },
    'one of its processes is in a sandbox that nobody knows': {
      change: (draft) => {
        ownProcess(draft).namespace = 1;
      },
      says: 'a sandbox that Docker did not make',
      shows: ['readlink /proc/$pid/ns/net', '\nnet:[1]'],
    },
    'the machine has been closed since the submission was deployed': {
      change: (draft) => {
        draft.outside.canary = 'no-answer';
      },
      says: ['no-answer', 'since the submission was deployed'],
    },
  },
  inconclusive: {
    'the host was never tried': {
      change: (draft) => {
        draft.reach = draft.reach.filter(({ to }) => to !== THE_HOST);
      },
      says: 'isolated',
    },
    'only somebody else tried the host': {
      change: (draft) => {
        for (const each of draft.reach) each.from = 'other';
      },
      says: 'isolated',
    },
    'the port of the grader was closed from the start': {
      change: (draft) => {
        Object.assign(draft.outside, { canary: 'no-answer', wasOpen: false });
      },
      says: ['another machine', 'no-answer'],
    },
  },
});

function ownProcess(draft: Survey): Survey['processes'][number] {
  const { id } = draft.containers[0]!;
  return draft.processes.find(({ container }) => container === id)!;
}
