import { describe, expect, test } from '@jest/globals';
import { needsOfCompose } from '../../helpers/deploy/compose-needs.ts';
import { noNeeds, portsIn } from '../../helpers/deploy/needs.ts';
import { needsOfScript } from '../../helpers/deploy/script-needs.ts';

describe('a published port', () => {
  test.each([
    ['8080:80', [[8080, '0.0.0.0', 'tcp']]],
    ['127.0.0.1:8080:80', [[8080, '127.0.0.1', 'tcp']]],
    ['[::1]:8080:80', [[8080, '::1', 'tcp']]],
    ['53:53/udp', [[53, '0.0.0.0', 'udp']]],
    [
      '8080-8081:80-81',
      [
        [8080, '0.0.0.0', 'tcp'],
        [8081, '0.0.0.0', 'tcp'],
      ],
    ],
    // Docker chooses.
    ['80', []],
    [':80', []],
    ['$PORT:80', []],
  ])('%s', (text, ports) => {
    expect(portsIn(text).map(({ port, address, protocol }) => [port, address, protocol])).toEqual(ports);
  });
});

describe('what a script will make', () => {
  test('stands in its docker commands, however they are written', () => {
    const script = `#!/bin/bash
      # docker run --name commented-out alpine
      docker network create --driver bridge --subnet 172.30.0.0/16 "public-net-1" && docker volume create data
      docker run -d --name=nginx --network public-net-1 \\
        -p 8080:80 --publish=127.0.0.1:9090:90 nginx; sudo docker create --name 'mongo' mongo
      docker network connect private-net-1 flask-app
      docker rm -f old older || true
      docker container stop running`;
    expect(needsOfScript(script)).toEqual({
      ...noNeeds(),
      containers: ['nginx', 'mongo'],
      networks: ['public-net-1'],
      volumes: ['data'],
      subnets: ['172.30.0.0/16'],
      ports: [
        { port: 8080, address: '0.0.0.0', protocol: 'tcp' },
        { port: 9090, address: '127.0.0.1', protocol: 'tcp' },
      ],
      touches: ['flask-app', 'old', 'older', 'running'],
    });
  });

  test('is not known of what is computed', () => {
    expect(needsOfScript('docker run --name $NAME -p $PORT:80 nginx; docker rm $(docker ps -q)')).toEqual(noNeeds());
  });
});

test('what a Compose file will make stands in its configuration; what is external is there already', () => {
  const config = {
    name: 'lab',
    services: {
      nginx: { ports: [{ published: '8080', host_ip: '127.0.0.1', protocol: 'tcp' }, { target: 90 }] },
      mongo: { container_name: 'mongo' },
      flask: { deploy: { replicas: 2 } },
    },
    networks: {
      public: { name: 'lab_public' },
      private: { name: 'private-net-1', ipam: { config: [{ subnet: '172.30.0.0/16' }] } },
      theirs: { name: 'theirs', external: true },
    },
    volumes: { data: { name: 'lab_data' } },
  };
  expect(needsOfCompose(JSON.stringify(config))).toEqual({
    project: 'lab',
    containers: ['lab-nginx-1', 'mongo', 'lab-flask-1', 'lab-flask-2'],
    networks: ['lab_public', 'private-net-1'],
    volumes: ['lab_data'],
    subnets: ['172.30.0.0/16'],
    ports: [{ port: 8080, address: '127.0.0.1', protocol: 'tcp' }],
    touches: [],
  });
});
