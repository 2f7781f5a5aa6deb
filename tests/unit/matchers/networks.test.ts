import { expect } from '@jest/globals';
import type { Attachment } from '../../../helpers/survey/facts.ts';
import { testMatcher } from '../../helpers/matcher-tests.ts';
import { containerOf, networkOf, recorded } from '../../helpers/surveys.ts';

const exercise2 = recorded('nginx-flask-mongo');
const LISTED = 'the engine lists networks and attachments';

function attachment(network: string, networkId: string): Attachment {
  return { network, networkId, addresses: ['10.9.8.7'], aliases: [], gateway: '' };
}

testMatcher('toBeUserDefinedBridges', {
  of: exercise2,
  asserts: (lab) => {
    expect([lab.network('public-net-1'), lab.network('private-net-1')]).toBeUserDefinedBridges();
  },
  expects: ['public-net-1 and private-net-1', 'bridge'],
  holds: {
    'both exist': { says: 'public-net-1 and private-net-1 exist' },
    'there is another network of the same name': {
      change: (draft) => {
        draft.networks.push({ ...networkOf(draft, 'private-net-1'), id: 'another', driver: 'overlay' });
      },
      says: 'public-net-1 and private-net-1 exist',
    },
  },
  fails: {
    'one does not exist': {
      change: (draft) => {
        networkOf(draft, 'private-net-1').names = ['private-net'];
      },
      says: 'there is no network called private-net-1',
      showsFirst: 'docker network ls --filter name=private-net-1 ',
    },
    'one has another driver': {
      change: (draft) => {
        networkOf(draft, 'private-net-1').driver = 'overlay';
      },
      says: 'private-net-1 has the driver overlay',
    },
    "one is Docker's own": {
      asserts: (lab) => {
        expect([lab.network('bridge')]).toBeUserDefinedBridges();
      },
      expects: 'bridge',
      says: 'bridge has the driver bridge',
    },
  },
  settled: LISTED,
});

testMatcher('toBeAttachedToExactly', {
  of: exercise2,
  asserts: (lab) => {
    expect(lab.role('flask-app')).toBeAttachedToExactly([lab.network('public-net-1'), lab.network('private-net-1')]);
  },
  expects: ['flask-app', 'public-net-1 and private-net-1'],
  holds: {
    'it is on both': { says: ['flask-app is on', 'public-net-1', 'private-net-1'] },
    'it is stopped: its configuration counts': {
      change: (draft) => {
        const flask = containerOf(draft, 'flask-app');
        for (const each of flask.attachments) each.addresses = [];
        Object.assign(flask.state, { status: 'exited', running: false, pid: 0 });
      },
      says: 'flask-app is on',
    },
  },
  fails: {
    'it is not on one of them': {
      change: (draft) => {
        containerOf(draft, 'flask-app').attachments.pop();
      },
      says: 'it is not on public-net-1',
    },
    'it is on another one, too': {
      change: (draft) => {
        const bridge = networkOf(draft, 'bridge');
        containerOf(draft, 'flask-app').attachments.push(attachment('bridge', bridge.id));
      },
      says: ['flask-app is on', 'private-net-1, public-net-1 and bridge; bridge '],
    },
    'it is on none': {
      change: (draft) => {
        Object.assign(containerOf(draft, 'flask-app'), { attachments: [], networkMode: 'none' });
      },
      says: ['network mode none', 'it is not on public-net-1', 'it is not on private-net-1'],
    },
    'it uses the sandbox of another': {
      change: (draft) => {
        const { name, attachments } = containerOf(draft, 'mongo');
        Object.assign(containerOf(draft, 'flask-app'), { sandboxOf: name, attachments });
      },
      says: ['sandbox of nginx_flask_mongodb-mongo-1', 'it is not on public-net-1'],
    },
    'two networks have the name': {
      change: (draft) => {
        draft.networks.push({ ...networkOf(draft, 'private-net-1'), id: 'another' });
        containerOf(draft, 'flask-app').attachments.push(attachment('private-net-1', 'another'));
      },
      says: 'two networks have the same name',
    },
    'both names are those of one network': {
      change: (draft) => {
        const { id } = networkOf(draft, 'public-net-1');
        draft.networks = draft.networks.filter((each) => each.id !== id);
        networkOf(draft, 'private-net-1').names.push('public-net-1');
        const flask = containerOf(draft, 'flask-app');
        flask.attachments = flask.attachments.filter(({ networkId }) => networkId !== id);
      },
      says: 'one and the same network',
    },
  },
  settled: LISTED,
});

testMatcher('toBeOnTheDefaultBridgeAndOneMore', {
  of: recorded('inspect-busybox'),
  asserts: (lab) => {
    expect(lab.role('busybox')).toBeOnTheDefaultBridgeAndOneMore();
  },
  expects: ['busybox', 'default bridge'],
  holds: {
    'it is on both': { says: 'busybox is on the default bridge network and on my-net' },
  },
  fails: {
    'it is not on the default bridge': {
      change: (draft) => {
        const { id } = networkOf(draft, 'bridge');
        const box = containerOf(draft, 'busybox');
        box.attachments = box.attachments.filter(({ networkId }) => networkId !== id);
      },
      says: 'busybox is not on the default bridge network',
    },
    'it is on no other': {
      change: (draft) => {
        const { id } = networkOf(draft, 'bridge');
        const box = containerOf(draft, 'busybox');
        box.attachments = box.attachments.filter(({ networkId }) => networkId === id);
      },
      says: 'busybox is on no network that you made',
    },
    'it is on two others': {
      change: (draft) => {
        draft.networks.push({ ...networkOf(draft, 'my-net'), id: 'another', name: 'net-2', names: ['net-2'] });
        containerOf(draft, 'busybox').attachments.push(attachment('net-2', 'another'));
      },
      says: 'my-net and net-2',
    },
    'the other is no bridge': {
      change: (draft) => {
        networkOf(draft, 'my-net').driver = 'macvlan';
      },
      says: ['my-net', 'driver macvlan'],
    },
    "a network of the student's is called bridge, too": {
      change: (draft) => {
        networkOf(draft, 'bridge').predefined = false;
      },
      says: 'busybox is not on the default bridge network',
    },
  },
  settled: LISTED,
});
