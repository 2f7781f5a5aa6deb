/** Tutorial: a user-defined bridge network beside the default one, and a container on both. */
import { defineLab } from '../helpers/lab/lab-definition.ts';

export const definition = defineLab({
  name: 'user-defined-bridge',
  title: 'Four containers, a bridge network of one’s own, and the default one',
  survey: {
    roles: [
      { name: 'alpine1', images: [], serves: false },
      { name: 'alpine2', images: [], serves: false },
      { name: 'alpine3', images: [], serves: false },
      { name: 'alpine4', images: [], serves: false },
    ],
  },
  wanted: {
    networks: [
      { name: 'alpine-net', driver: 'bridge' },
      { name: 'bridge', driver: 'bridge' },
    ],
    containers: [
      { role: 'alpine1', networks: ['alpine-net'] },
      { role: 'alpine2', networks: ['alpine-net'] },
      { role: 'alpine3', networks: ['bridge'] },
      { role: 'alpine4', networks: ['alpine-net', 'bridge'] },
    ],
    reach: [
      { from: 'alpine1', to: 'alpine2', byName: true },
      { from: 'alpine1', to: 'alpine3', byName: false, byAddress: false },
      { from: 'alpine1', to: 'alpine4', byName: true },
      { from: 'alpine2', to: 'alpine1', byName: true },
      { from: 'alpine2', to: 'alpine3', byName: false, byAddress: false },
      { from: 'alpine2', to: 'alpine4', byName: true },
      { from: 'alpine4', to: 'alpine1', byName: true, byAddress: true },
      { from: 'alpine4', to: 'alpine2', byName: true, byAddress: true },
      { from: 'alpine4', to: 'alpine3', byName: false, byAddress: true },
    ],
  },
  criteria: {
    'containers-running': {
      title: 'alpine1 to alpine4 run and stay up',
      points: 14,
      hint: 'Look at `docker ps --all`. A container ends when its command ends: a shell without a terminal ends at once.',
      explanation:
        'Docker keeps a container only as long as its first process runs. A shell that has neither a terminal nor a command to read finds its input empty and ends.',
    },
    'network-exists': {
      title: 'alpine-net is a user-defined network with the driver bridge',
      points: 10,
      hint: 'Compare the name and the driver in `docker network ls` with the task.',
      explanation:
        'Docker makes a network only when it is told to, under exactly the name it is told; Compose puts the project’s name in front unless the name is fixed. Networks of other drivers behave differently, so the driver counts, too.',
    },
    attachments: {
      title: 'alpine1 and alpine2 are on alpine-net, alpine3 on the default bridge network, alpine4 on both',
      points: 16,
      hint: 'Which containers does `docker network inspect` list for alpine-net, and which for bridge?',
      explanation:
        'docker run takes a container to the network that is named, and to the default bridge only when none is. A container on two networks is usually connected to the second one after it was made; that is what is mostly forgotten.',
    },
    'names-resolve': {
      title: 'On alpine-net, alpine1, alpine2 and alpine4 find each other by name',
      points: 16,
      hint: 'Ask for each name from inside the others. How many containers answer to it? Which names and aliases have you given?',
      explanation:
        'On a network that a user made, Docker’s DNS answers with the addresses of the containers that have the name or alias there. A name fails when its container is not on that network, and misleads when two answer to it.',
    },
    'alpine3-isolated': {
      title: 'alpine1 and alpine2 reach alpine3 neither by name nor by address, though it can be reached',
      points: 18,
      hint: 'Which ways lead to alpine3 besides a network they share? Look at `docker port`, /etc/hosts and the host’s own addresses.',
      explanation:
        'Docker keeps the packets of different bridge networks apart, and its DNS knows only who shares a network with the asker. Somebody who still gets through shares a network, uses a published port, or has a name or a route of their own.',
    },
    'alpine4-reaches-all': {
      title: 'alpine4 reaches the three others, and alpine3 by address only',
      points: 14,
      hint: 'Ping each of them from inside alpine4, by address and by name. Look at its routes and at its /etc/hosts.',
      explanation:
        'A container on two networks has an interface in each and reaches everybody there; it gets names only from the network that a user made. If one side is missing, so is a connection; if alpine3 has a name, it comes from a hosts file.',
    },
    'embedded-dns': {
      title: 'alpine1, alpine2 and alpine4 use Docker’s embedded DNS server',
      points: 12,
      hint: 'Compare /etc/resolv.conf inside with the one that a container on a user-defined network gets from Docker.',
      explanation:
        'Docker writes its own server into /etc/resolv.conf of every container on a network that a user made. Another server there means that the file was replaced, or that the container is only on the default bridge.',
    },
  },
});
