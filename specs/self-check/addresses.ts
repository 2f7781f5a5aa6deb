import { fails, holds, type Theme } from '../../helpers/lab/self-check-question.ts';

export const addresses: Theme = {
  title: 'Addresses, gateways and hostnames',
  questions: [
    {
      id: 'connect-while-running',
      title: 'Connecting a container that runs already',
      setup: [
        'docker network create net-a',
        'docker network create net-b',
        'docker run -dit --name box --network net-a busybox',
        'docker network connect net-b box',
      ].join('\n'),
      asks: 'What is true?',
      options: {
        a: fails(
          '`box` was started again to get its new interface.',
          'It is the same process as before: a pair is put into a sandbox while it is in use.',
        ),
        b: holds(
          '`box` has two addresses, one out of the subnet of each network.',
          'One address for each attached network, out of that network’s pool.',
        ),
        c: fails(
          'Its address on `net-a` was replaced by one on `net-b`.',
          'Connecting adds; only `docker network disconnect` takes away.',
        ),
        d: holds(
          'After `docker network disconnect net-a box` it would run on, with the address on `net-b` only.',
          'The pair to `net-a` is taken out while the process goes on.',
        ),
        e: fails(
          'The two networks have the same subnet; the host tells them apart by their bridges.',
          'Each network has a subnet and a gateway of its own, or the host could not tell where an address is.',
        ),
      },
      hint: 'Look at `ip address` inside before and after, and at the time when the container was started.',
      experiment: 'connecting',
    },
    {
      id: 'default-gateway',
      title: 'The default gateway on the default bridge',
      setup: 'docker run -dit --name box busybox\ndocker exec box ip route',
      asks: 'Which address stands after `default via`?',
      options: {
        a: holds(
          'The address of `docker0` on the host.',
          'Whatever is not on its own network goes to the bridge’s address: the host passes it on.',
        ),
        b: fails(
          'The host’s own default gateway.',
          'That is the host’s next step, not the container’s: it is on another network.',
        ),
        c: fails('127.0.0.1', 'In its sandbox that is `box` itself. A gateway is somebody else.'),
        d: fails(
          'The address by which other machines know the host.',
          'The host has several addresses. On this network it has that of the bridge.',
        ),
      },
      hint: 'Compare with `ip address` and `ip route` on the host.',
      experiment: 'connecting',
    },
    {
      id: 'dns-after-connecting',
      title: 'Names after connecting to a network of your own',
      setup: [
        'docker run -dit --name box busybox',
        'docker run -dit --name old-friend busybox',
        'docker network create lab-net',
        'docker run -dit --name new-friend --network lab-net busybox',
        'docker network connect lab-net box',
      ].join('\n'),
      asks: '`box` was on the default bridge and is now on `lab-net` as well. Which DNS server does it use, and to what effect?',
      options: {
        a: fails(
          'Still the host’s: its `/etc/resolv.conf` is what it was at the start.',
          'Docker writes the file anew when a container joins its first user-defined network.',
        ),
        b: fails(
          '127.0.0.11: it finds `old-friend` and `new-friend` by name.',
          'Docker’s server knows names on user-defined networks; `old-friend` is on the default bridge only.',
        ),
        c: fails(
          '127.0.0.11: it finds `new-friend` by name, but no longer any name outside, such as that of a web site.',
          'Docker’s server passes on to the host’s DNS servers what it does not know itself.',
        ),
        d: holds(
          '127.0.0.11: it finds `new-friend` by name, and names outside as before.',
          'Docker’s own server answers for containers on `lab-net`, and asks the host’s servers for the rest.',
        ),
      },
      hint: 'It is the last question of exercise 1: read `/etc/resolv.conf` inside before and after.',
      experiment: 'connecting',
    },
    {
      id: 'hostname',
      title: 'What a container calls itself',
      setup: 'docker run -dit --name web busybox\ndocker run -dit --name shop --hostname web-1 busybox',
      asks: 'What does `hostname` print inside?',
      options: {
        a: fails(
          '`web` in the first: the container’s name.',
          'The name is what Docker and other containers call it. Its hostname is made from its id, if you say nothing.',
        ),
        b: holds(
          'In the first, the beginning of its id, as `docker ps` shows it.',
          'The first 12 characters of the id are the default.',
        ),
        c: holds('`web-1` in the second.', '`--hostname` overrides the default.'),
        d: fails(
          'After `docker rename web www`, `www` in the first.',
          'Renaming changes what others call it, not what it calls itself.',
        ),
        e: fails(
          'Nothing in a third one with `--hostname web-1`: it would be refused, as the hostname is taken.',
          'Hostnames need not differ: each container has a UTS namespace, which is what a hostname belongs to.',
        ),
      },
      hint: 'Compare `hostname` inside with what `docker ps` shows.',
      experiment: 'names',
    },
  ],
};
