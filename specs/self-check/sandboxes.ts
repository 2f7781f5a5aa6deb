import { fails, holds, type Theme } from '../../helpers/lab/self-check-question.ts';

export const sandboxes: Theme = {
  title: 'Sandboxes and drivers',
  questions: [
    {
      id: 'same-port-twice',
      title: 'Two servers on one port number',
      setup: 'docker run -d --name web-1 nginx\ndocker run -d --name web-2 nginx',
      asks: 'Both web servers listen on port 80. What is true?',
      options: {
        a: fails(
          '`web-2` ends at once, because port 80 is taken.',
          'A container’s sandbox has ports of its own: port 80 of `web-2` is another port than port 80 of `web-1`.',
        ),
        b: holds(
          'Each of the two answers at port 80 of its own address.',
          'Each has a sandbox, so each has an address and a port 80 that nobody shares with it.',
        ),
        c: holds(
          'With `-p 8081:80` for one and `-p 8082:80` for the other, the host would publish both.',
          'Only ports of the host have to differ, and 8081 and 8082 do.',
        ),
        d: fails(
          'With `-p 8080:80` for both, Docker would share port 8080 of the host between them.',
          'A port of the host can be given away once. The second container is refused: the port is already allocated.',
        ),
      },
      hint: 'Start both, and look at `docker ps --all`. Then publish them in both ways.',
      experiment: 'sandboxes',
    },
    {
      id: 'shared-sandbox',
      title: 'A container in the sandbox of another',
      setup: 'docker run -d --name web nginx\ndocker run -dit --name guest --network container:web busybox',
      asks: 'What is true of `guest`?',
      options: {
        a: holds(
          'The page of `web` answers it at `http://localhost`.',
          'Both are in one sandbox, so the loopback interface is the same one, too.',
        ),
        b: fails(
          'It has an address of its own beside that of `web`.',
          'Addresses belong to a sandbox, and here there is one: no interface was added for `guest`.',
        ),
        c: holds(
          'It has the same interfaces and the same routes as `web`.',
          '`--network container:web` makes no sandbox but uses the one of `web`.',
        ),
        d: fails(
          'It can start a server of its own on port 80.',
          'In a shared sandbox the ports are shared, and nginx has port 80: the address is already in use.',
        ),
        e: fails(
          'It sees the files of `web`, such as those in `/etc/nginx`.',
          'Only the network stack is shared. Each container keeps its own file system.',
        ),
      },
      hint: 'Compare `ip address` in both, and try what you are not sure of with `docker exec guest …`.',
      experiment: 'sandboxes',
    },
    {
      id: 'none-network',
      title: 'A container without a network',
      setup: 'docker run -dit --name isolated --network none alpine',
      asks: 'What is true of `isolated`?',
      options: {
        a: fails('It has an interface `eth0`, but no address on it.', 'The driver `none` adds no interface at all.'),
        b: fails(
          'It still gets out to other machines; only nobody gets in.',
          'It has no route and no interface that leads anywhere, so nothing gets out either.',
        ),
        c: holds(
          'Its only interface that is up is `lo`.',
          'A sandbox always has its loopback interface, and the driver `none` adds nothing to it. Some kernels put idle devices of their own into every sandbox, such as `tunl0`; they are down and lead nowhere.',
        ),
        d: fails(
          'With `-p 8080:80`, a web server in such a container would be reachable from other machines.',
          'The option is accepted and does nothing: there is no address to which packets could be sent on.',
        ),
      },
      hint: 'Look at `ip link` and `ip route` inside, and at `docker ps` for what is published.',
      experiment: 'drivers',
    },
    {
      id: 'host-network',
      title: 'The web server of the host network tutorial',
      setup: 'docker run -d --name my_nginx --network host nginx',
      asks: 'What is true of `my_nginx`?',
      options: {
        a: holds(
          'It sees the interfaces of the host, `docker0` among them.',
          'It has no sandbox of its own: it is in the host’s.',
        ),
        b: holds(
          'Other machines get its page at port 80 of the host.',
          'A port that it listens on is a port of the host. There is nothing to publish.',
        ),
        c: fails(
          'It has an address out of the subnet of `docker0`.',
          'It has the addresses of the host, and no interface to a bridge.',
        ),
        d: fails(
          'With `-p 8080:80` in addition, its page would be answered at port 8080 of the host, too.',
          'With `--network host` Docker discards published ports: nothing listens on port 8080.',
        ),
        e: fails(
          'A second nginx with `--network host` would run beside it, each with a port 80 of its own.',
          'Both would be in the host’s sandbox, which has one port 80. The second nginx finds it in use, and ends.',
        ),
      },
      hint: 'Follow the tutorial for the host network, and then try to do it twice.',
      experiment: 'drivers',
    },
    {
      id: 'overlay-network',
      title: 'One network across two machines',
      setup: [
        '# machine 1 made a swarm, and machine 2 has joined it',
        'machine-1$ docker network create --driver overlay --attachable test-net',
        'machine-1$ docker run -dit --name alpine1 --network test-net alpine',
        'machine-2$ docker run -d --name web --network test-net nginx',
      ].join('\n'),
      asks: 'What is true?',
      options: {
        a: holds(
          '`alpine1` finds `web` by its name, though it runs on another machine.',
          'The nodes of a swarm share what they know of the network’s containers.',
        ),
        b: fails(
          '`web` has to publish port 80 before `alpine1` gets its page.',
          'Publishing is for those outside of the network. On an overlay network containers talk as if on one machine.',
        ),
        c: holds(
          'Both containers have addresses out of the same subnet.',
          'It is one network with one subnet, wherever its containers run.',
        ),
        d: fails(
          'A bridge network called `test-net` on each of the machines would have done the same.',
          'A bridge network ends at its machine: two of them are two networks, even under one name.',
        ),
        e: holds(
          'Without a swarm, the network could not have been made.',
          'The driver `overlay` needs the nodes of a swarm; without one, Docker refuses.',
        ),
      },
      hint: 'Look at the overlay-network lab: what is done on which machine, and in which order?',
      experiment: 'overlay',
    },
  ],
};
