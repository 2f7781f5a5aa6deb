import { fails, holds, type Theme } from '../../helpers/lab/self-check-question.ts';

export const names: Theme = {
  title: 'DNS and the hosts file',
  questions: [
    {
      id: 'dns-on-default-bridge',
      title: 'DNS servers on the default bridge',
      setup: '# /etc/resolv.conf of the host\nnameserver 127.0.0.1\nnameserver 203.0.113.53',
      asks: 'Which servers does `/etc/resolv.conf` name in a container on the default bridge?',
      options: {
        a: fails(
          '127.0.0.1 and 203.0.113.53, as on the host.',
          'In the container’s sandbox 127.0.0.1 is the container itself, where no DNS server is. So Docker leaves it out.',
        ),
        b: fails('127.0.0.11', 'That is Docker’s own server, for containers on user-defined networks.'),
        c: fails('The address of `docker0`.', 'The gateway passes packets on; it is not a DNS server.'),
        d: holds(
          '203.0.113.53',
          'A copy of the host’s file, without servers on the host’s loopback: those cannot be reached from inside.',
        ),
      },
      hint: 'Read `/etc/resolv.conf` in a container on the default bridge, and on its host.',
      experiment: 'names',
    },
    {
      id: 'dns-on-custom-network',
      title: 'DNS on a network of your own',
      setup: [
        'docker network create lab-net',
        'docker run -dit --name one --network lab-net busybox',
        'docker run -dit --name two --network lab-net busybox',
        'docker run -dit --name three busybox',
      ].join('\n'),
      asks: 'What is true of names in `one`?',
      options: {
        a: holds(
          'It asks 127.0.0.11, and finds `two`.',
          'That is Docker’s own DNS server, which knows the names on the network.',
        ),
        b: holds(
          'Names outside are found, too: they are asked of the host’s DNS servers in the end.',
          'Docker’s server passes on what it does not know itself.',
        ),
        c: fails(
          '127.0.0.11 is the host: a program on the host that asks 127.0.0.11 finds `two` as well.',
          'All of 127.0.0.0/8 is the asker’s own sandbox. Docker’s server is there inside the container only.',
        ),
        d: fails(
          'It finds `three`, too: Docker’s server knows every container of the engine.',
          'It answers for containers that share a user-defined network with the asker.',
        ),
      },
      hint: 'Ask with `nslookup NAME 127.0.0.11`, from inside and from the host.',
      experiment: 'names',
    },
    {
      id: 'hosts-file',
      title: 'The hosts file and --add-host',
      setup: [
        '# the host’s /etc/hosts has the line "203.0.113.77 printer.lab"',
        'docker network create lab-net',
        'docker run -dit --name box --network lab-net --add-host db.internal:10.11.12.13 busybox',
        'docker run -dit --name mate --network lab-net busybox',
      ].join('\n'),
      asks: 'What is true?',
      options: {
        a: fails(
          '`box` has the line of `printer.lab` in its `/etc/hosts`.',
          'Entries of the host’s own file are not inherited.',
        ),
        b: fails(
          '`mate` finds `db.internal`, as it is on the same network.',
          '`--add-host` writes a line into the file of one container. Nobody tells the others.',
        ),
        c: holds(
          '`box` has its own address and hostname in its `/etc/hosts`.',
          'Docker writes a file for each container, with that line in it.',
        ),
        d: fails(
          'The host’s `/etc/hosts` has the line of `db.internal` now.',
          'The option is about the container’s file; the host’s is left alone.',
        ),
        e: holds(
          '`box` finds `db.internal` at 10.11.12.13.',
          '`--add-host` adds an entry to its `/etc/hosts`, where names are looked up first.',
        ),
      },
      hint: 'Read `/etc/hosts` in both containers and on the host.',
      experiment: 'names',
    },
  ],
};
