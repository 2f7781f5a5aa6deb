/** Overlay network: two containers on two machines, as if on one. */
import { defineLab } from '../helpers/lab/lab-definition.ts';

export const definition = defineLab({
  name: 'overlay-network',
  title: 'One network across two machines',
  machines: 2,
  policy: { swarm: true },
  survey: {
    roles: [
      { name: 'alpine1', images: [], serves: false },
      { name: 'alpine2', images: [], serves: false },
    ],
  },
  wanted: {
    networks: [{ name: 'test-net', driver: 'overlay' }],
    containers: [
      { role: 'alpine1', machine: 1, networks: ['test-net'] },
      { role: 'alpine2', machine: 2, networks: ['test-net'] },
    ],
    reach: [
      { from: 'alpine1', to: 'alpine2', byName: true, byAddress: true },
      { from: 'alpine2', to: 'alpine1', byName: true, byAddress: true },
    ],
  },
  criteria: {
    'swarm-formed': {
      title: 'The two machines form one swarm',
      points: 20,
      hint: 'Look at `docker info` on both machines and at `docker node ls` on the manager. Which of them made the swarm, and did the other one join it?',
      explanation:
        'One machine makes a swarm, and the other one becomes part of it with a token and the address of the first. Often the token or the address never gets from one script to the other, or both machines make a swarm of their own.',
    },
    'overlay-attachable': {
      title: 'test-net is an overlay network that containers can be attached to',
      points: 20,
      hint: 'Look at the driver of test-net and at its "Attachable" in `docker network inspect`. Where do you make a network for a whole swarm?',
      explanation:
        'An overlay network is known to the whole swarm and is meant for services; single containers may only use it if it was made for that, too. A network made on a machine before the swarm was there is just that machine’s bridge.',
    },
    'on-different-machines': {
      title: 'alpine1 runs on machine 1, alpine2 on machine 2',
      points: 20,
      hint: 'Look at `docker ps --all` on each machine. Which of the two scripts starts which container?',
      explanation:
        'Plain docker run starts a container on the machine whose engine it asks, swarm or not. Both on one machine, or the wrong way round, means that a script ran the other one’s command.',
    },
    'names-resolve': {
      title: 'Each finds the other by its name, across the machines',
      points: 20,
      hint: 'Ask for the name inside each container with nslookup. Are both on test-net, and has nobody else that name?',
      explanation:
        'On an overlay network the engines tell each other which container has which name, so names work across machines. That needs both on the same network, and the machines’ own channel between them to be open.',
    },
    'reach-across-machines': {
      title: 'Each reaches the other at its address on test-net',
      points: 20,
      hint: 'The name leads to an address; follow the packets. Which ports do the machines of a swarm use among themselves, and does anything block them?',
      explanation:
        'Packets on an overlay network are wrapped and sent from machine to machine by UDP, then unwrapped on the other side. When names lead to the right address and nothing arrives, that channel is blocked or the machine announced another address.',
    },
  },
});
