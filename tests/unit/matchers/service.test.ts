import { expect } from '@jest/globals';
import type { BackendAway, NewAddresses } from '../../../helpers/survey/experiment-facts.ts';
import { isWhole, type ChainFacts, type FollowedRequest } from '../../../helpers/survey/chain-facts.ts';
import type { DatabaseFacts, Survey } from '../../../helpers/survey/facts.ts';
import { OUTSIDE } from '../../../helpers/lab/survey-plan.ts';
import { testMatcher } from '../../helpers/matcher-tests.ts';
import { nameOf, recorded } from '../../helpers/surveys.ts';

const survey = recorded('nginx-flask-mongo');

function databasePorts(draft: Survey): DatabaseFacts['ports'] {
  return draft.databases[0]!.ports;
}

testMatcher('toSpeakMongo', {
  of: survey,
  asserts: (lab) => {
    expect(lab.role('mongo')).toSpeakMongo();
  },
  expects: ['mongo', 'MongoDB'],
  holds: {
    'it says hello': {
      says: ['mongo answered "hello" on port 27017', 'wire version'],
      shows: ['--port 27017', '"maxWireVersion"'],
    },
    'it says hello at one address only': {
      change: (draft) => {
        delete databasePorts(draft)[0]!.hello;
      },
      says: 'mongo answered "hello" on port 27017',
    },
  },
  fails: {
    'something else answers': {
      change: (draft) => {
        for (const each of databasePorts(draft)) delete each.hello;
      },
      says: ['mongo listens on port 27017', 'not MongoDB'],
      shows: 'open; no MongoDB answer',
    },
    'it listens on loopback only': {
      change: (draft) => {
        for (const each of databasePorts(draft)) {
          delete each.hello;
          Object.assign(each, { reach: 'refused', loopbackOnly: true });
        }
      },
      says: ['mongo listens on 127.0.0.1 only', '27017'],
    },
    'nothing listens': {
      change: (draft) => {
        for (const each of databasePorts(draft)) {
          delete each.hello;
          each.reach = 'refused';
        }
      },
      says: 'nothing in mongo listens on port 27017',
    },
  },
  inconclusive: {
    'it was not asked': {
      change: (draft) => {
        draft.databases = [];
      },
      says: 'mongo',
    },
    'another database was asked': {
      change: (draft) => {
        draft.databases[0]!.container = nameOf(draft, 'nginx');
      },
      says: 'mongo',
    },
    'no port of it was asked': {
      change: (draft) => {
        draft.databases[0]!.ports = [];
      },
      says: 'mongo',
    },
  },
});

function experiment(draft: Survey): BackendAway {
  return draft.experiments.backendAway[0]!;
}

const [first, second] = [
  { from: 'nginx', to: 'flask-app', asked: 312, answered: 120, ms: 1 },
  { from: 'flask-app', to: 'mongo', asked: 94, answered: 45, ms: 2.5 },
];
const silent = { from: 'flask-app', to: 'mongo', asked: 0, answered: 0 };

/** Several requests that went the same way, at a door where nothing was paused if they did not get through. */
function went(draft: Survey, request: FollowedRequest, chain: Partial<ChainFacts> = {}): BackendAway {
  const facts = experiment(draft);
  const way = ['nginx', 'flask-app', 'mongo'];
  facts.chain = { way, requests: [request], count: 3, whole: isWhole(request) ? 3 : 0, ...chain };
  return facts;
}
const wentWrong = (draft: Survey, request: FollowedRequest, chain: Partial<ChainFacts> = {}): void => {
  Object.assign(went(draft, request, chain), { away: [], after: [] });
};

testMatcher('toAsk', {
  of: survey,
  asserts: (lab) => {
    expect(lab.role('nginx')).toAsk(lab.role('mongo'));
  },
  expects: ['outside', 'mongo'],
  holds: {
    'nobody answers while it is stopped': {
      says: ['Hello from the MongoDB client!', 'with mongo stopped for a moment: no answer', 'answered again'],
      shows: ['curl -i -m 5 http://', 'docker pause nginx_flask_mongodb-mongo-1', 'docker unpause'],
    },
    'an error is answered while it is stopped': {
      change: (draft) => {
        for (const each of experiment(draft).away)
          Object.assign(each, { outcome: 'answered', status: 500, body: 'no database' });
      },
      says: 'with mongo stopped for a moment: HTTP 500',
    },
    'what it is asked is refused while it is stopped': {
      change: (draft) => {
        experiment(draft).told = 'refused';
      },
      says: 'answered again',
      shows: 'docker pause nginx_flask_mongodb-mongo-1` holds, and what it is asked is refused in its place',
    },
    'a page with other words is answered while it is stopped': {
      change: (draft) => {
        for (const each of experiment(draft).away)
          Object.assign(each, { outcome: 'answered', status: 200, body: 'nobody there' });
      },
      says: 'with mongo stopped for a moment: HTTP 200 "nobody there"',
    },
    'it is the second door that leads there, over TLS': {
      change: (draft) => {
        const facts = experiment(draft);
        const { before } = facts;
        const others = [{ url: 'http://192.0.2.1:80/', before, away: before, after: before }];
        Object.assign(facts, { url: 'https://192.0.2.1:8443/', others });
      },
      says: 'Hello from the MongoDB client!',
      shows: ['curl -i -m 5 -k https://192.0.2.1:8443/', 'curl -i -m 5 http://192.0.2.1:80/'],
    },
    'the request is seen to go the whole way': {
      change: (draft) => {
        went(draft, { links: [first, second], reply: { refused: false } });
      },
      says: 'the request goes nginx → flask-app → mongo and back; answered (HTTP 200',
      shows: '3 of 3 requests went the whole way',
    },
    'the request is seen to go the whole way, and what is said there cannot be read': {
      change: (draft) => {
        Object.assign(went(draft, { links: [first, second], unread: true }), { cannotEnd: true });
      },
      says: 'and back',
      shows: ['could not be read: it is encrypted or compressed', 'the lab host does not allow that'],
    },
    'the way of the request could not be seen': {
      change: (draft) => {
        experiment(draft).unseen = 'this machine lets nobody listen';
      },
      says: 'answered again',
      shows: 'could not be seen: this machine lets nobody listen',
    },
    'a redirect leads there': {
      change: (draft) => {
        Object.assign(experiment(draft), { url: 'http://192.0.2.1:80/a;b', redirectedFrom: 'http://192.0.2.1:80/' });
      },
      says: 'Hello from the MongoDB client!',
      shows: ['redirects to http://192.0.2.1:80/a;b', "curl -i -m 5 'http://192.0.2.1:80/a;b'"],
    },
  },
  fails: {
    'the request goes no further than to the application': {
      change: (draft) => {
        wentWrong(draft, { links: [first, silent] });
      },
      says: ['the request never went to mongo (answered: HTTP 200 "Hello'],
      shows: [
        '0 of 3 requests went the whole way',
        'nginx → flask-app: 312 bytes, 1 ms after the request came; back: 120 bytes\nflask-app → mongo: nothing',
      ],
    },
    'nginx asks somebody else': {
      change: (draft) => {
        const links = [
          { ...silent, from: 'nginx', to: 'flask-app', insteadTo: ['helper'] },
          { ...silent, insteadFrom: ['helper'] },
        ];
        wentWrong(draft, { links }, { astray: 3 });
      },
      says: 'the request never went to flask-app; nginx asked helper instead',
      shows: 'flask-app → mongo: nothing; mongo was asked by helper',
    },
    'somebody else is asked, and what looks right goes on in the background': {
      change: (draft) => {
        const astray = { links: [first, { ...silent, insteadFrom: ['nginx'] }] };
        wentWrong(draft, astray, { requests: [astray, { links: [first, second] }], count: 12, whole: 4, astray: 8 });
      },
      says: 'the request never went to mongo; mongo was asked by nginx',
      shows: ['4 of 12 requests went the whole way', 'flask-app → mongo: nothing'],
    },
    'something else answers at its port': {
      change: (draft) => {
        const link = { from: OUTSIDE, to: 'nginx', asked: 0, answered: 0, insteadTo: ['flask-app'] };
        wentWrong(draft, { links: [link] }, { astray: 3 });
      },
      says: 'the request never went to nginx; it came to flask-app (answered',
      shows: `${OUTSIDE} → nginx: nothing`,
    },
    'nothing comes back': {
      change: (draft) => {
        wentWrong(draft, { links: [first, { ...second, answered: 0 }] });
      },
      says: 'mongo was asked by flask-app and sent nothing back',
      shows: 'flask-app → mongo: 94 bytes, 2.5 ms after the request came; back: nothing',
    },
    'the database refuses what it is asked': {
      change: (draft) => {
        const says = `Authentication failed. (code 18)\u001b[31m${'x'.repeat(400)}`;
        wentWrong(draft, { links: [first, second], reply: { refused: true, says } });
      },
      says: ['the request reaches mongo, which refuses it: "Authentication failed. (code 18)'],
      shows: ['what mongo replied to the last command', 'Authentication failed. (code 18)', '3 of 3 requests'],
    },
    'the answer is the same while it is stopped, and when its connections are ended': {
      change: (draft) => {
        const facts = went(draft, { links: [first, second] });
        const error = { outcome: 'answered', status: 500, body: 'error', ms: 1 };
        Object.assign(facts, { away: [error, ...facts.before, error], told: 'ended' });
      },
      says: 'the answer is the same while mongo is stopped, so it does not come from there: HTTP 200 "Hello',
      shows: 'docker pause nginx_flask_mongodb-mongo-1` holds, and its connections are ended',
    },
    'the answer is the same while it is stopped': {
      change: (draft) => {
        experiment(draft).away = experiment(draft).before;
      },
      says: ['the answer is the same while mongo is stopped', 'Hello from the MongoDB client!'],
    },
    'only a number in the answer differs while it is stopped': {
      change: (draft) => {
        const facts = experiment(draft);
        for (const situation of ['before', 'away', 'after'] as const)
          facts[situation] = facts.before.map((each, i) => ({ ...each, body: `Visit ${i} ${situation.length}` }));
      },
      says: 'the answer is the same while mongo is stopped',
    },
    'the request fails from the start': {
      change: (draft) => {
        Object.assign(experiment(draft), { away: [], after: [] });
        for (const each of experiment(draft).before) Object.assign(each, { status: 502, body: 'Bad Gateway' });
      },
      says: ['the request from outside fails', 'HTTP 502'],
    },
    'there is no page': {
      change: (draft) => {
        Object.assign(experiment(draft), { url: 'http://192.0.2.1:8080/', away: [], after: [] });
        for (const each of experiment(draft).before) Object.assign(each, { status: 404, body: 'Not Found' });
      },
      says: 'the application answers 404 at /: there is no page',
    },
    'there is no page where a redirect leads': {
      change: (draft) => {
        const [url, redirectedFrom] = ['http://192.0.2.1:8080/home', 'http://192.0.2.1:8080/'];
        Object.assign(experiment(draft), { url, redirectedFrom, away: [], after: [] });
        for (const each of experiment(draft).before) Object.assign(each, { status: 404, body: 'Not Found' });
      },
      says: 'the application answers 404 at /home, to which / redirects',
    },
    'there is only a redirect': {
      change: (draft) => {
        const facts = experiment(draft);
        facts.before = facts.before.map((each) => ({ ...each, status: 301, location: 'https://localhost/', body: '' }));
        Object.assign(facts, { away: facts.before, after: facts.before });
      },
      says: 'the answer is only a redirect, to https://localhost/, which leads to no page of nginx',
    },
    'no door leads there': {
      change: (draft) => {
        const facts = experiment(draft);
        const [bad] = facts.before.map((each) => ({ ...each, status: 502, body: 'Bad Gateway' }));
        const others = [{ url: 'http://192.0.2.1:8080/', before: [bad], away: [], after: [] }];
        Object.assign(facts, { url: 'http://192.0.2.1:80/', away: facts.before, others });
      },
      says: [
        'http://192.0.2.1:80/: the answer is the same while mongo is stopped',
        'http://192.0.2.1:8080/: the request from outside fails: HTTP 502',
      ],
      shows: ['curl -i -m 5 http://192.0.2.1:80/', 'curl -i -m 5 http://192.0.2.1:8080/'],
    },
    'the answer does not come back': {
      change: (draft) => {
        for (const each of experiment(draft).after) Object.assign(each, { status: 502, body: 'Bad Gateway' });
      },
      says: ['after mongo was back', 'HTTP 502'],
    },
  },
  inconclusive: {
    'the request was not made': {
      change: (draft) => {
        draft.experiments.backendAway = [];
      },
      says: 'not made',
    },
    'another backend was stopped': {
      change: (draft) => {
        experiment(draft).backend = nameOf(draft, 'flask-app');
      },
      says: 'not made',
    },
    'nothing was asked at first': {
      change: (draft) => {
        experiment(draft).before = [];
      },
      says: 'mongo',
    },
    'nothing was asked while it was stopped': {
      change: (draft) => {
        experiment(draft).away = [];
      },
      says: 'mongo',
    },
    'nothing was asked at another door while it was stopped': {
      change: (draft) => {
        const facts = experiment(draft);
        const others = [{ url: 'http://192.0.2.1:8080/', before: facts.before, away: [], after: [] }];
        Object.assign(facts, { away: facts.before, others });
      },
      says: 'mongo',
    },
    'nothing was asked when it was back': {
      change: (draft) => {
        experiment(draft).after = [];
      },
      says: 'mongo',
    },
  },
});

function moved(draft: Survey): NewAddresses {
  return draft.experiments.newAddresses!;
}

testMatcher('toWorkWithNewAddresses', {
  of: survey,
  asserts: (lab) => {
    expect(lab).toWorkWithNewAddresses();
  },
  expects: 'every address has changed',
  holds: {
    'the same is answered': { says: 'it still works: HTTP 200 "Hello from the MongoDB client!"' },
    'only the front was started again': {
      change: (draft) => {
        moved(draft).restarted = ['nginx'];
      },
      says: 'it still works',
      shows: 'at its start only\nnginx',
    },
    'the first answer was another one': {
      change: (draft) => {
        moved(draft).requests[0]!.answers.unshift({ outcome: 'refused', ms: 1 });
      },
      says: 'it still works',
    },
  },
  fails: {
    'nobody answers': {
      change: (draft) => {
        moved(draft).requests[0]!.answers = [{ outcome: 'no-answer', ms: 2000 }];
      },
      says: ['it no longer works', 'no answer within 2.0 s'],
    },
    'an error is answered': {
      change: (draft) => {
        Object.assign(moved(draft).requests[0]!.answers[0]!, { status: 502, body: 'Bad Gateway' });
      },
      says: ['it no longer works', 'HTTP 502'],
    },
    'a container could not be started again': {
      change: (draft) => {
        moved(draft).notStarted = { db: 'no such address' };
        moved(draft).requests[0]!.answers = [{ outcome: 'refused', ms: 1 }];
      },
      says: ['db could not be started again', 'no such address', 'refused'],
    },
    'one of two requests no longer works': {
      change: (draft) => {
        const [known] = moved(draft).requests;
        moved(draft).requests.push({ ...known!, answers: [{ outcome: 'refused', ms: 1 }] });
      },
      says: 'it no longer works: refused',
    },
  },
  inconclusive: {
    'the addresses were not changed': {
      change: (draft) => {
        delete draft.experiments.newAddresses;
      },
      says: 'addresses',
    },
    'there was no request to repeat': {
      change: (draft) => {
        moved(draft).requests = [];
      },
      says: 'addresses',
    },
    'no request was made after the change': {
      change: (draft) => {
        moved(draft).requests[0]!.answers = [];
      },
      says: 'after the change',
    },
    'the answers before it had nothing in common': {
      change: (draft) => {
        moved(draft).requests[0]!.before[0]!.status = 302;
      },
      says: 'after the change',
    },
  },
});
