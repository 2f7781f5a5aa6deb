import { expect, test } from '@jest/globals';
import type { NameFacts, Survey } from '../../../helpers/survey/facts.ts';
import { endingOf, testMatcher, type Assertion } from '../../helpers/matcher-tests.ts';
import { changed, containerOf, nameOf, networkOf, recorded, sandboxOf } from '../../helpers/surveys.ts';

const survey = recorded('nginx-flask-mongo');

/** What Docker's DNS server answered in flask-app when it was asked for mongo. */
function answer(draft: Survey): NameFacts {
  const from = nameOf(draft, 'flask-app');
  return draft.names.find((each) => each.from === from && each.name === 'mongo')!;
}

testMatcher('toResolve', {
  of: survey,
  asserts: (lab) => {
    expect(lab.role('flask-app')).toResolve('mongo', lab.role('mongo'), lab.network('private-net-1'));
  },
  expects: ['flask-app', 'mongo', 'private-net-1'],
  holds: {
    'the answer is its address there': { says: ['mongo resolves to', 'which is mongo on private-net-1'] },
    'the other is on another machine': {
      of: recorded('overlay-network'),
      asserts: (lab) => {
        const there = lab.secondMachine();
        expect(lab.role('alpine1')).toResolve('alpine2', there.role('alpine2'), there.network('test-net'));
      },
      expects: ['alpine1', 'alpine2', 'test-net'],
      says: 'which is alpine2 on test-net',
    },
  },
  fails: {
    'the name is not known': {
      change: (draft) => {
        Object.assign(answer(draft), { outcome: 'no-such-name', addresses: [], code: 'ENOTFOUND' });
      },
      says: ['does not know the name mongo in flask-app', 'ENOTFOUND'],
    },
    'only the hosts file knows it': {
      change: (draft) => {
        Object.assign(answer(draft), { outcome: 'no-such-name', addresses: [] });
        sandboxOf(draft, 'flask-app').hosts += '10.9.8.7 mongo\n';
      },
      says: ['/etc/hosts', '10.9.8.7'],
    },
    'the answer is another container': {
      change: (draft) => {
        answer(draft).addresses = containerOf(draft, 'nginx').attachments[0]!.addresses;
      },
      says: ['not mongo but nginx_flask_mongodb-nginx-1'],
    },
    'the answer is nobody': {
      change: (draft) => {
        answer(draft).addresses = ['10.9.8.7'];
      },
      says: '10.9.8.7 is not mongo',
    },
    'one of two answers is another container': {
      change: (draft) => {
        answer(draft).addresses.push('10.9.8.7');
      },
      says: '10.9.8.7 is not mongo',
    },
    'the answer is its address on another network': {
      change: (draft) => {
        const { id, name } = networkOf(draft, 'public-net-1');
        containerOf(draft, 'mongo').attachments.push({
          ...{ network: name, networkId: id, addresses: ['10.9.8.7'], aliases: [], gateway: '' },
        });
        answer(draft).addresses = ['10.9.8.7'];
      },
      says: "10.9.8.7 is mongo's address on another network",
    },
  },
  inconclusive: {
    'the name was not asked there': {
      change: (draft) => {
        draft.names = draft.names.filter(({ from }) => from !== nameOf(draft, 'flask-app'));
      },
      says: ['mongo', 'flask-app'],
    },
    'another nameserver was asked': {
      change: (draft) => {
        answer(draft).server = '203.0.113.53';
      },
      says: ['mongo', 'flask-app'],
    },
  },
});

const ROLES = ['nginx', 'flask-app', 'mongo'];
const allUseIt: Assertion = (lab) => {
  expect(ROLES.map((name) => lab.role(name))).toUseEmbeddedDns();
};

testMatcher('toUseEmbeddedDns', {
  of: survey,
  asserts: allUseIt,
  expects: ['nginx, flask-app and mongo', '127.0.0.11'],
  holds: {
    'all name it': { says: 'nginx, flask-app and mongo use 127.0.0.11' },
    'one does not run: it is not asked': {
      change: (draft) => {
        Object.assign(containerOf(draft, 'mongo').state, { status: 'exited', running: false, pid: 0 });
        sandboxOf(draft, 'mongo').resolvConf = '';
      },
      says: 'nginx and flask-app use 127.0.0.11',
    },
  },
  fails: {
    'one names another': {
      change: (draft) => {
        sandboxOf(draft, 'mongo').resolvConf = 'nameserver 203.0.113.53\n';
      },
      says: 'mongo asks 203.0.113.53',
    },
    'one names none': {
      change: (draft) => {
        sandboxOf(draft, 'mongo').resolvConf = '# nameserver 127.0.0.11\n';
      },
      says: 'mongo asks no nameserver',
    },
  },
  settled: 'the file is read in every sandbox',
  saysNothingOfNobody: 'a criterion needs, after it, that all of them run',
});

test('that the sandbox of a container was not read is not taken for a container without a nameserver', () => {
  const unread = changed(survey, (draft) => {
    draft.sandboxes = { [nameOf(draft, 'nginx')]: sandboxOf(draft, 'nginx') };
  });
  expect(endingOf(allUseIt, unread)).toMatchObject({
    end: 'broken',
    actual: expect.stringContaining('the sandbox of flask-app was not read'),
  });
});
