import { expect } from '@jest/globals';
import type { ContainerFacts, Survey } from '../../../helpers/survey/facts.ts';
import { testMatcher } from '../../helpers/matcher-tests.ts';
import { containerOf, nameOf, recorded } from '../../helpers/surveys.ts';

const survey = recorded('nginx-flask-mongo');

function state(draft: Survey, change: Partial<ContainerFacts['state']>): void {
  Object.assign(containerOf(draft, 'mongo').state, change);
}

testMatcher('toRunAndStayUp', {
  of: survey,
  asserts: (lab) => {
    expect([lab.role('nginx'), lab.role('flask-app'), lab.role('mongo')]).toRunAndStayUp();
  },
  expects: ['nginx, flask-app and mongo', 'run'],
  holds: {
    'all run': { says: ['nginx is nginx_flask_mongodb-nginx-1', 'compose service', 'mongo is'] },
    'one was restarted before it was looked at': {
      change: (draft) => {
        state(draft, { restartCount: 3 });
      },
      says: 'mongo is nginx_flask_mongodb-mongo-1',
    },
    'a container that plays no role has changed': {
      change: (draft) => {
        draft.unstable['helper'] = 'it exited with code 0';
      },
      says: 'mongo is nginx_flask_mongodb-mongo-1',
    },
  },
  fails: {
    'nobody plays one': {
      change: (draft) => {
        draft.roles['mongo'] = { found: 'none' };
      },
      says: 'mongo',
    },
    'several could play one': {
      change: (draft) => {
        draft.roles['mongo'] = { found: 'several', containers: ['db-1', 'db-2'], by: 'image' };
      },
      says: ['mongo', 'db-1 and db-2', 'image'],
    },
    'one has stopped': {
      change: (draft) => {
        state(draft, { status: 'exited', running: false, pid: 0, exitCode: 137 });
      },
      says: ['mongo', 'exit code 137'],
    },
    'one keeps restarting': {
      change: (draft) => {
        state(draft, { status: 'restarting', restarting: true, exitCode: 3 });
      },
      says: ['mongo', 'exit code 3'],
    },
    'one is paused': {
      change: (draft) => {
        state(draft, { status: 'paused', paused: true });
      },
      says: 'mongo is paused',
    },
    'one was never started': {
      change: (draft) => {
        state(draft, { status: 'created', running: false, pid: 0, error: 'port is already allocated' });
      },
      says: ['mongo was created', 'port is already allocated'],
    },
    'one was another process when the probes had ended': {
      change: (draft) => {
        draft.unstable[nameOf(draft, 'mongo')] = 'it was started again';
      },
      says: ['mongo', 'it was started again'],
    },
    'an image does not exist, memory was used up, and a request was denied': {
      change: (draft) => {
        draft.roles['mongo'] = { found: 'none' };
        draft.deployment.noSuchImages = ['mogno'];
        draft.usedUp = [{ what: 'memory', bound: '1 GB' }];
        draft.policy!.denied = [
          { what: 'privileged', request: 'POST /containers/create', sentence: 'no privileged containers' },
        ];
      },
      says: ['mogno', '1 GB', 'no privileged containers'],
    },
  },
  settled: 'the engine lists containers and their state, at the first look and at the last',
});
