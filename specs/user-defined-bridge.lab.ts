/** Tutorial: a user-defined bridge network beside the default one, and a container on both. */
import { defineLab } from '../helpers/grading/lab-definition.ts';

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
    },
    'network-exists': {
      title: 'alpine-net is a user-defined network with the driver bridge',
      points: 10,
      hint: 'Compare the name and the driver in `docker network ls` with the task.',
    },
    attachments: {
      title: 'alpine1 and alpine2 are on alpine-net, alpine3 on the default bridge network, alpine4 on both',
      points: 16,
      hint: 'Which containers does `docker network inspect` list for alpine-net, and which for bridge?',
    },
    'names-resolve': {
      title: 'On alpine-net, alpine1, alpine2 and alpine4 find each other by name',
      points: 16,
      hint: 'Ask for each name from inside the others. How many containers answer to it? Which names and aliases have you given?',
    },
    'alpine3-isolated': {
      title: 'alpine1 and alpine2 reach alpine3 neither by name nor by address, though it can be reached',
      points: 18,
      hint: 'Which ways lead to alpine3 besides a network they share? Look at `docker port`, /etc/hosts and the host’s own addresses.',
    },
    'alpine4-reaches-all': {
      title: 'alpine4 reaches the three others, and alpine3 by address only',
      points: 14,
      hint: 'Ping each of them from inside alpine4, by address and by name. Look at its routes and at its /etc/hosts.',
    },
    'embedded-dns': {
      title: 'alpine1, alpine2 and alpine4 use Docker’s embedded DNS server',
      points: 12,
      hint: 'Compare /etc/resolv.conf inside with the one that a container on a user-defined network gets from Docker.',
    },
  },
});
