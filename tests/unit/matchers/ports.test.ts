import { expect } from '@jest/globals';
import type { PublishedPort, Survey } from '../../../helpers/survey/facts.ts';
import { testMatcher } from '../../helpers/matcher-tests.ts';
import { containerOf, recorded, sandboxOf } from '../../helpers/surveys.ts';

const survey = recorded('sandbox');
const hostNetwork = recorded('host-network');
const MAPPING: PublishedPort = { hostAddress: '0.0.0.0', hostPort: 8080, containerPort: 80, protocol: 'tcp' };

function processesOf(draft: Survey, role: string): Survey['processes'] {
  const { id } = containerOf(draft, role);
  return draft.processes.filter(({ container }) => container === id);
}

testMatcher('toListenOn', {
  of: survey,
  asserts: (lab) => {
    expect(lab.role('a')).toListenOn(80, 'so it says nothing');
  },
  expects: ['a listens', '80'],
  holds: {
    'it listens': { says: 'a listens on port 80', shows: ['container:box-a', '0.0.0.0:80 (a)'] },
    'it listens on loopback, too': {
      change: (draft) => {
        const { listeners } = sandboxOf(draft, 'a');
        listeners.push({ ...listeners[0]!, address: '127.0.0.1' });
      },
      says: 'a listens on port 80',
    },
  },
  fails: {
    'nobody listens': {
      change: (draft) => {
        sandboxOf(draft, 'a').listeners = [];
      },
      says: ['nothing in a listens on port 80', 'so it says nothing'],
    },
    'it listens on another port': {
      change: (draft) => {
        for (const each of sandboxOf(draft, 'a').listeners) each.port = 8080;
      },
      says: ['port 80; a listens on port 8080'],
    },
    'it listens on loopback only': {
      change: (draft) => {
        for (const each of sandboxOf(draft, 'a').listeners) each.address = '127.0.0.1';
      },
      says: 'a listens on port 80 of 127.0.0.1 only',
    },
    'another container in the same sandbox listens': {
      change: (draft) => {
        const sockets = processesOf(draft, 'a').flatMap((each) => each.sockets.splice(0));
        processesOf(draft, 'c')[0]!.sockets.push(...sockets);
      },
      says: ['port 80', 'box-c'],
    },
  },
  settled: 'the kernel lists the sockets that listen and the processes that hold them',
});

testMatcher('toAnswerOnHostPort', {
  of: hostNetwork,
  asserts: (lab) => {
    expect(lab.role('my_nginx')).toAnswerOnHostPort(80);
  },
  expects: ['my_nginx', '80'],
  holds: {
    'it answers': { says: ['port 80 of the host answers', 'my_nginx'] },
    'it only refuses a request by itself': {
      change: (draft) => {
        Object.assign(draft.outside.ports[0]!, {
          http: { outcome: 'no-answer', ms: 1 },
          refusal: 'HTTP/1.1 400 Bad Request',
        });
      },
      says: ['port 80 of the host answers', 'my_nginx'],
    },
  },
  fails: {
    'it does not listen': {
      change: (draft) => {
        sandboxOf(draft, 'my_nginx').listeners = [];
      },
      says: 'nothing in my_nginx listens on port 80',
    },
    'a container that publishes the port listens there': {
      change: (draft) => {
        for (const each of processesOf(draft, 'my_nginx')) each.sockets = [];
        const [nginx] = draft.containers;
        draft.containers.push({ ...nginx!, id: 'id', name: 'web', published: [{ ...MAPPING, hostPort: 80 }] });
      },
      says: ['port 80', 'by web'],
    },
    'what answers is no HTTP': {
      change: (draft) => {
        const [port] = draft.outside.ports;
        port!.http = { outcome: 'not-http', ms: 1 };
        delete port!.refusal;
      },
      says: ['my_nginx listens on port 80', 'no HTTP answer'],
    },
    'the machine has been closed since the submission was deployed': {
      change: (draft) => {
        close(draft, true);
      },
      says: ['my_nginx listens on port 80', 'since the submission was deployed'],
    },
  },
  inconclusive: {
    'nothing of this machine was ever open outside': {
      change: (draft) => {
        close(draft, false);
      },
      says: ['another machine', 'no-answer'],
    },
    'the port was not tried': {
      change: (draft) => {
        draft.outside.ports = [];
      },
      says: ['port 80', 'my_nginx'],
    },
    'another port of it was tried, and this one of another container': {
      change: (draft) => {
        const [port] = draft.outside.ports;
        draft.outside.ports = [
          { ...port!, port: 8080 },
          { ...port!, container: 'another' },
        ];
      },
      says: ['port 80', 'my_nginx'],
    },
  },
});

function close(draft: Survey, wasOpen: boolean): void {
  Object.assign(draft.outside, { canary: 'no-answer', wasOpen });
  const [port] = draft.outside.ports;
  Object.assign(port!, { reach: 'no-answer', http: { outcome: 'no-answer', ms: 1 } });
  delete port!.refusal;
}

testMatcher('toPublishNothing', {
  of: hostNetwork,
  asserts: (lab) => {
    expect(lab.role('my_nginx')).toPublishNothing();
  },
  expects: ['my_nginx', 'no port'],
  holds: {
    'it was told to publish nothing': { says: 'my_nginx publishes nothing' },
  },
  fails: {
    'it was told to publish a port': {
      change: (draft) => {
        containerOf(draft, 'my_nginx').publishAsked = [MAPPING];
      },
      says: ['8080:80', "no effect in the host's sandbox"],
    },
    'it was told to publish a UDP port, at any number': {
      change: (draft) => {
        containerOf(draft, 'my_nginx').publishAsked = [{ ...MAPPING, hostPort: 0, protocol: 'udp' }];
      },
      says: 'publish 80/udp',
      shows: 'false :80/udp',
    },
    'it was told to publish all': {
      change: (draft) => {
        containerOf(draft, 'my_nginx').publishAsked = 'all';
      },
      says: '-P',
    },
    'it uses a sandbox that publishes one': {
      change: (draft) => {
        Object.assign(containerOf(draft, 'my_nginx'), { sandboxOf: 'web', published: [MAPPING] });
      },
      says: ['the sandbox of web', '8080:80'],
    },
  },
  settled: 'the engine keeps what it was told',
});
