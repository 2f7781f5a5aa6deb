import { fails, holds, type Theme } from '../../helpers/lab/self-check-question.ts';

export const ports: Theme = {
  title: 'Ports: exposing and publishing',
  questions: [
    {
      id: 'expose',
      title: 'What EXPOSE does, and what it does not',
      setup: [
        'docker network create lab-net',
        '# the Dockerfile of nginx has EXPOSE 80; that of busybox exposes nothing',
        'docker run -d --name web --network lab-net nginx',
        'docker run -d --name plain --network lab-net busybox httpd -f -p 8080',
      ].join('\n'),
      asks: 'What is true?',
      options: {
        a: fails(
          'Other machines get the page of `web` at port 80 of the host.',
          '`EXPOSE` documents which port is meant to be used. Only `-p` or `-P` opens a port of the host.',
        ),
        b: fails(
          'Containers on `lab-net` cannot connect to port 8080 of `plain`: its image does not expose it.',
          'On a network every port that is listened on can be reached, exposed or not.',
        ),
        c: holds(
          'Containers on `lab-net` get the page of `web` at port 80.',
          'They are on the same network. It would be so without `EXPOSE`, too.',
        ),
        d: holds(
          'With `-P`, `web` would be reachable at a port of the host that Docker chooses.',
          '`-P` publishes the exposed ports: for this, `EXPOSE` does matter.',
        ),
        e: fails(
          'With `-p 8080:8080`, `plain` would still not be reachable: first its image has to expose the port.',
          '`-p` needs no `EXPOSE`: it names the port itself.',
        ),
      },
      hint: 'Look at the column PORTS of `docker ps`: what is there with an arrow, and what without?',
      experiment: 'ports',
    },
    {
      id: 'publish',
      title: 'Publishing a port to other machines',
      setup: 'docker run -d --name web -p 8080:80 nginx',
      asks: 'What is true?',
      options: {
        a: fails(
          'Other machines get the page at port 80 of the host.',
          'The host’s port stands before the colon: 8080. Port 80 is the container’s.',
        ),
        b: holds(
          'Other machines get the page at port 8080 of the host.',
          'Packets to port 8080 of the host are sent on to port 80 of `web`.',
        ),
        c: fails(
          'nginx listens on port 8080 inside of `web` now.',
          'Nothing changes inside: it listens on port 80 and does not know that it is published.',
        ),
        d: holds(
          'The host has a NAT rule that gives such packets the address of `web` and port 80 as their destination.',
          'That is destination NAT (DNAT), and how publishing is done.',
        ),
      },
      hint: 'Look at `docker port web`, and as root at `iptables -t nat -S` on the host (`nft list ruleset` where Docker uses nftables).',
      experiment: 'ports',
    },
    {
      id: 'publish-on-loopback',
      title: 'Publishing a port on 127.0.0.1',
      setup: 'docker run -d --name web -p 127.0.0.1:8080:80 nginx',
      asks: 'Who gets the page at port 8080?',
      options: {
        a: fails(
          'Other machines, at the host’s address.',
          'The port is open on 127.0.0.1 only, which other machines cannot send packets to.',
        ),
        b: fails(
          'The host itself, at the address by which other machines know it.',
          'That is another address of the host than the one on which the port was published.',
        ),
        c: holds(
          'The host itself, at `http://localhost:8080`.',
          '127.0.0.1 is the host’s loopback: it is for programs on the host.',
        ),
        d: fails(
          'Nobody: Docker publishes on all addresses or not at all, and refuses.',
          'An address before the host’s port says on which address it is published.',
        ),
      },
      hint: 'Ask with curl: from another machine, and from the host at each of its addresses.',
      experiment: 'ports',
    },
    {
      id: 'outgoing',
      title: 'From a container to the outside',
      setup: 'docker run -dit --name box busybox\n# in box, a program connects to a server on another machine',
      asks: 'From which address does the server see the connection come?',
      options: {
        a: fails(
          'From the address of `box`.',
          'Other machines would not know where to send answers: that address is known on the host only.',
        ),
        b: fails(
          'From the address of `docker0`.',
          'That is the gateway which `box` sends to; it is not known outside of the host either.',
        ),
        c: fails(
          'From none: without `-p`, the answers do not get back to `box`.',
          'Publishing is for connections from outside. Answers to its own find their way back.',
        ),
        d: holds(
          'From the address of the host on that side.',
          'The host puts its own address in place of the container’s (NAT), and back again in what comes back.',
        ),
      },
      hint: 'Look at what a server outside writes into its log, or as root at `iptables -t nat -S` on the host (`nft list ruleset` where Docker uses nftables).',
      experiment: 'ports',
    },
  ],
};
