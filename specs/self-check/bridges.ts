import { fails, holds, type Theme } from '../../helpers/lab/self-check-question.ts';

export const bridges: Theme = {
  title: 'Interfaces and bridge networks',
  questions: [
    {
      id: 'interface-pair',
      title: 'How a container is joined to a network',
      setup: 'docker network create lab-net\ndocker run -dit --name box --network lab-net busybox',
      asks: 'What is true of the interface that joins `box` to `lab-net`?',
      options: {
        a: holds(
          'It is called `eth0` inside, and has an end called `veth…` on the host.',
          'The two ends of a pair: what goes in at one end comes out at the other.',
        ),
        b: fails(
          'The end on the host has the address of `box`.',
          'The address is on the inner end. The end on the host has none: it is a port of a bridge.',
        ),
        c: holds(
          'The end on the host is a port of the bridge that belongs to `lab-net`.',
          'That is what being on the network means: the bridge passes packets on between its ports.',
        ),
        d: fails(
          'After `docker network connect other-net box`, the same pair leads to both networks.',
          'Each attached network gets a pair of its own: a second interface appears inside.',
        ),
        e: holds(
          'The number after `@if` in `ip link` inside says which interface of the host is its other end.',
          'It is the index of the other end, so you know which of the host’s `veth…` belongs to `box`.',
        ),
      },
      hint: 'Compare `ip link` inside with `ip link` on the host: names, numbers, and what stands after `master`.',
      experiment: 'bridges',
    },
    {
      id: 'new-bridge-network',
      title: 'What a new bridge network is made of',
      setup: 'docker network create lab-net',
      asks: 'No container is on it yet. What has appeared on the host?',
      options: {
        a: fails(
          'A pair of interfaces `veth…`, ready for the first container.',
          'A pair is made when a container is attached, one for each.',
        ),
        b: fails(
          'A container that gives the network’s containers their addresses and answers for their names.',
          'The engine does both by itself; there is no container for it.',
        ),
        c: holds(
          'A Linux bridge `br-…` that has the address of the network’s gateway.',
          'The bridge is the network. With an address on it, the host is reachable from it, and can send packets on.',
        ),
        d: fails(
          'A second address on `docker0`.',
          '`docker0` is the bridge of the default network only; a new network gets a new bridge.',
        ),
      },
      hint: 'Look at `ip address` on the host and at `docker ps` before and after.',
      experiment: 'bridges',
    },
    {
      id: 'no-network-named',
      title: 'A container for which no network is named',
      setup: 'docker run -dit --name box busybox',
      asks: 'Which network is `box` on?',
      options: {
        a: fails(
          'On none, until `docker network connect` attaches it to one.',
          'Only with `--network none` would it start without one.',
        ),
        b: holds(
          'On the network `bridge`, which is there before anybody makes one.',
          'It is the default. Its bridge on the host is `docker0`.',
        ),
        c: fails(
          'On a new network of its own.',
          'Docker makes no network for a container. (Compose makes one for each project.)',
        ),
        d: fails(
          'On the host’s own network: it has the host’s interfaces.',
          'That takes `--network host`. It has a sandbox of its own, with one end of a pair in it.',
        ),
      },
      hint: 'Look at what `docker inspect box` says of its networks, and at `docker network ls` before and after.',
      experiment: 'bridges',
    },
    {
      id: 'default-bridge-names',
      title: 'Names and addresses on the default bridge',
      setup: 'docker run -dit --name alpine1 alpine\ndocker run -dit --name alpine2 --hostname second alpine',
      asks: 'Which of these succeed? (ADDRESS is that of `alpine2`.)',
      options: {
        a: fails(
          '`docker exec alpine1 ping -c 1 alpine2`',
          'On the default bridge nobody answers for containers’ names.',
        ),
        b: fails(
          '`docker exec alpine1 ping -c 1 second`',
          'Docker’s DNS server answers for hostnames, too, but only on networks that users made; here nobody asks it.',
        ),
        c: fails(
          '`docker exec alpine2 ping -c 1 alpine1`',
          'It is no different in the other direction: names are not known on the default bridge.',
        ),
        d: holds(
          '`docker exec alpine1 ping -c 1 ADDRESS`',
          'Both are on one bridge, so they reach each other directly by address.',
        ),
      },
      hint: 'Follow the tutorial for the default bridge.',
      experiment: 'bridges',
    },
    {
      id: 'user-defined-names',
      title: 'Names and isolation on networks of your own',
      setup: [
        'docker network create net-a',
        'docker network create net-b',
        'docker run -dit --name a1 --network net-a alpine',
        'docker run -dit --name a2 --network net-a --network-alias cache alpine',
        'docker run -dit --name b1 --network net-b alpine',
      ].join('\n'),
      asks: 'Which of these succeed? (ADDRESS is that of `b1`.)',
      options: {
        a: holds(
          '`docker exec a1 ping -c 1 a2`',
          'On a user-defined network, Docker’s DNS server knows containers by their names.',
        ),
        b: fails('`docker exec a1 ping -c 1 b1`', 'Names are known on a network, and `b1` is on another one.'),
        c: holds('`docker exec a1 ping -c 1 cache`', 'An alias is a further name for the container on that network.'),
        d: fails(
          '`docker exec a1 ping -c 1 ADDRESS`',
          'Bridge networks are isolated: the host drops packets from one to another.',
        ),
      },
      hint: 'Follow the tutorial for user-defined bridges, then do the same with two of them.',
      experiment: 'bridges',
    },
    {
      id: 'alpine-net',
      title: 'The four containers of the bridge tutorial',
      setup: [
        'docker network create alpine-net',
        'docker run -dit --name alpine1 --network alpine-net alpine',
        'docker run -dit --name alpine2 --network alpine-net alpine',
        'docker run -dit --name alpine3 alpine',
        'docker run -dit --name alpine4 --network alpine-net alpine',
        'docker network connect bridge alpine4',
      ].join('\n'),
      asks: 'Which of these succeed? (ADDRESS is that of `alpine3`.)',
      options: {
        a: fails(
          '`docker exec alpine4 ping -c 1 alpine3`',
          'They share the default bridge only, and names are not known there.',
        ),
        b: holds(
          '`docker exec alpine4 ping -c 1 ADDRESS`',
          '`alpine4` has an interface on the default bridge, too, and reaches addresses there.',
        ),
        c: fails(
          '`docker exec alpine1 ping -c 1 ADDRESS`',
          '`alpine1` and `alpine3` share no network. `alpine4` is on both, but passes nothing on.',
        ),
        d: holds(
          '`docker exec alpine1 ping -c 1 alpine4`',
          'Both are on `alpine-net`, where names are known. Being on a second network changes nothing in that.',
        ),
        e: fails(
          '`docker exec alpine3 ping -c 1 alpine1`',
          '`alpine3` neither knows names nor shares a network with `alpine1`.',
        ),
      },
      hint: 'Draw the two networks and who is on which; then follow the tutorial.',
      experiment: 'bridges',
    },
  ],
};
