import { describe, expect, test } from '@jest/globals';
import { downloadFailure, isNoSuchImage } from '../../helpers/base/docker/download-failure.ts';
import { isAtAnAddress } from '../../helpers/base/docker/image-name.ts';
import { imagesNamedIn } from '../../helpers/deploy/named-images.ts';

describe('the images that a submission names', () => {
  test('in a Compose file: of services that are not built, anchors and merges heeded', () => {
    const text = `
x-common: &common { image: redis:7 }
services:
  cache: *common
  other: { <<: *common, image: 'registry.example:5000/team/app' }
  built: { build: ./app, image: called-so }
  inline: { build: { context: ., dockerfile_inline: "FROM golang:1\\nRUN x" } }
  variable: { image: "nginx:\${TAG}" }
  wrong: { image: [no, text] }
  nothing:
`;
    expect(imagesNamedIn([{ file: 'docker-compose.yml', text }])).toEqual([
      'redis:7',
      'registry.example:5000/team/app:latest',
      'golang:1',
    ]);
  });

  test('in a Dockerfile: what its stages are from, except each other', () => {
    const text = `ARG VERSION=3.8
ARG UNKNOWN
FROM --platform=linux/amd64 python:\${VERSION}-slim AS Base
ARG VERSION=4
FROM base
FROM scratch
FROM node:$UNKNOWN
from alpine \\
  as last
COPY --from=last /x /x
`;
    for (const name of ['Dockerfile', 'app.Dockerfile', 'Dockerfile.dev'])
      expect(imagesNamedIn([{ file: name, text }])).toEqual(['python:3.8-slim', 'alpine:latest']);
  });

  test('in a script: behind the options and their values', () => {
    const text = `#!/bin/bash
      docker run -dit --name a --network=net --rm -p 8080:80 -e A=b redis:7 redis-server --save ''
      docker run --privileged -p80:80 --name "b" \\
        busybox sleep 300 && docker container create -it mongo@sha256:${'a'.repeat(64)}
      docker pull --quiet postgres; docker network create net; docker rm -f a; docker run -d "$IMAGE"
      # docker run commented-out
      docker run --name only-options`;
    expect(imagesNamedIn([{ file: 'run.sh', text }])).toEqual([
      'redis:7',
      'busybox:latest',
      `mongo@sha256:${'a'.repeat(64)}`,
      'postgres:latest',
    ]);
  });

  test('are none that it builds: they are in no registry, and nobody has to ask for them', () => {
    const script = `
      docker build --tag hello .
      docker build -t other:1 -t third=no . && docker image build --tag=team/app ./app
      docker tag hello copy
      docker run -d hello; docker run other:1; docker run team/app; docker create copy; docker run other:2`;
    const compose = 'services: { one: { build: ., image: made-here }, two: { image: made-here } }';
    expect(
      imagesNamedIn([
        { file: 'run.sh', text: script },
        { file: 'compose.yaml', text: compose },
      ]),
    ).toEqual(['other:2']);
  });

  test('are no more than a few, and none of files of another kind or of YAML that is none', () => {
    const many = Array.from({ length: 200 }, (_, i) => `docker pull image-${i}`).join('\n');
    expect(imagesNamedIn([{ file: 'run.sh', text: many }])).toHaveLength(20);
    expect(imagesNamedIn([{ file: 'notes.txt', text: 'FROM nginx' }])).toEqual([]);
    expect(imagesNamedIn([{ file: 'compose.yaml', text: '{ services: [ ' }])).toEqual([]);
  });
});

test.each([
  'manifest for nginx:no-such-tag not found: manifest unknown: manifest unknown',
  'pull access denied for no/such, repository does not exist or may require authorization',
  'Error response from daemon: unauthorized: authentication required',
])('that a registry says it has no such image is not ours: %s', (message) => {
  expect([isNoSuchImage(message), downloadFailure(message)]).toEqual([true, undefined]);
});

test.each([
  'Get "https://registry.example/v2/": dial tcp: lookup registry.example: no such host',
  'toomanyrequests: You have reached your unauthenticated pull rate limit',
  'received unexpected HTTP status: 503 Service Unavailable',
])('that it cannot be asked is: %s', (message) => {
  expect([isNoSuchImage(message), downloadFailure(message)]).toEqual([false, message]);
});

describe('a registry that is named by its address', () => {
  test.each([
    '127.0.0.1:1/a',
    '10.0.0.1/a/b:1',
    'localhost:5000/a',
    'localhost/a',
    'intern:5000/a',
    '127.1/a',
    '0x7f.1:80/a',
  ])('is asked by no machine with a way out: %s', (image) => {
    expect(isAtAnAddress(image)).toBe(true);
  });

  test.each(['nginx', 'nginx:1.27', 'library/nginx', 'registry.example/a', 'registry.example:5000/a', '1.example/a'])(
    'is not meant by %s',
    (image) => {
      expect(isAtAnAddress(image)).toBe(false);
    },
  );
});
