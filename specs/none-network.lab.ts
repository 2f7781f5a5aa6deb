/** Tutorial: a container without a network. */
import { defineLab } from '../helpers/lab/lab-definition.ts';

export const definition = defineLab({
  name: 'none-network',
  title: 'A container without a network',
  survey: { roles: [{ name: 'isolated', images: [], serves: false }] },
  wanted: {
    networks: [{ name: 'none', driver: 'null' }],
    containers: [{ role: 'isolated', networks: ['none'] }],
    reach: [],
  },
  criteria: {
    'containers-running': {
      title: 'isolated runs and stays up',
      points: 20,
      hint: 'Look at `docker ps --all`. A container ends when its command ends: a shell without a terminal ends at once.',
      explanation:
        'Docker keeps a container only as long as its first process runs. A shell that has neither a terminal nor a command to read finds its input empty and ends.',
    },
    'loopback-only': {
      title: 'isolated has the loopback interface and no other',
      points: 30,
      hint: 'List the interfaces inside. Which network is the container on, according to `docker inspect`?',
      explanation:
        'On the network called none, Docker makes a sandbox and puts nothing into it but loopback. Another interface comes from another network, or from somebody with the rights to make one.',
    },
    'no-route': {
      title: 'isolated has no route to anywhere',
      points: 20,
      hint: 'Look at the routing table inside: it has no line as long as nobody adds one.',
      explanation:
        'Without an interface there is nothing that a route could lead over. A route means that an interface was added, or that the container is on a network after all.',
    },
    'cannot-reach': {
      title: 'isolated reaches neither the host nor another container',
      points: 30,
      hint: 'Try the host’s addresses and other containers from inside. Do all of its processes run in its own sandbox?',
      explanation:
        'A sandbox with loopback alone has no way to the host or to other containers. If something gets through all the same, a process of the container runs in another sandbox, or an interface was moved in.',
    },
  },
});
