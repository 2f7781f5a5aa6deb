import { describe, expect, test } from '@jest/globals';
import { actOf } from '../../helpers/machine/gate/act.ts';

describe('what a request to the engine is about to do', () => {
  test.each([
    ['GET', '/v1.51/containers/json?all=1', { act: 'look' }],
    ['HEAD', '/_ping', { act: 'look' }],
    ['POST', '/v1.51/containers/abc/wait?condition=next-exit', { act: 'look' }],
    ['POST', '/v1.51/containers/create?name=mongo', { act: 'make', what: 'container', name: 'mongo' }],
    ['POST', '/containers/create', { act: 'make', what: 'container' }],
    ['POST', '/v1.40/networks/create', { act: 'make', what: 'network' }],
    ['POST', '/v1.40/volumes/create', { act: 'make', what: 'volume' }],
    ['POST', '/v1.51/containers/mongo/start', { act: 'change', what: 'container', ref: 'mongo' }],
    ['POST', '/v1.51/containers/mongo/exec', { act: 'change', what: 'container', ref: 'mongo' }],
    ['PUT', '/v1.51/containers/mongo/archive?path=/', { act: 'change', what: 'container', ref: 'mongo' }],
    ['DELETE', '/v1.51/containers/mongo?force=1', { act: 'change', what: 'container', ref: 'mongo' }],
    ['DELETE', '/v1.51/networks/public-net-1', { act: 'change', what: 'network', ref: 'public-net-1' }],
    ['DELETE', '/v1.51/volumes/my%20data', { act: 'change', what: 'volume', ref: 'my data' }],
    ['DELETE', '/v1.51/images/library/nginx:1', { act: 'change', what: 'image', ref: 'library/nginx:1' }],
    ['POST', '/v1.51/networks/public-net-1/connect', { act: 'attach' }],
    ['POST', '/v1.51/networks/public-net-1/disconnect', { act: 'attach' }],
    ['POST', '/v1.51/images/create?fromImage=nginx', { act: 'supply' }],
    ['POST', '/v1.51/build?t=flask-app', { act: 'supply' }],
    ['POST', '/session', { act: 'supply' }],
    ['POST', '/v1.51/exec/0123/start', { act: 'supply' }],
    ['POST', '/v1.51/images/a/b/tag?repo=c', { act: 'supply' }],
  ])('%s %s', (method, url, act) => {
    expect(actOf(method, url)).toEqual(act);
  });

  test.each([
    ['POST', '/v1.51/containers/prune'],
    ['POST', '/v1.51/build/prune'],
    ['POST', '/v1.51/swarm/init'],
    ['POST', '/v1.51/services/create'],
    ['DELETE', '/v1.51/plugins/some'],
    ['POST', '/v1.51/something/new'],
  ])('%s %s takes whatever is there, or changes the machine itself', (method, url) => {
    expect(actOf(method, url).act).toBe('sweep');
  });

  test.each([
    ['POST', '/v1.51/containers/%zz/start'],
    ['GET', '//'],
  ])('%s %s is malformed: it ends neither the gate nor the grader', (method, url) => {
    expect(actOf(method, url)).toEqual({ act: 'sweep', what: `send what is no request (${method} ${url})` });
  });
});
