/** Tutorial: a container without a network. */
import { defineLab } from '../helpers/grading/lab-definition.ts';

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
    },
    'loopback-only': {
      title: 'isolated has the loopback interface and no other',
      points: 30,
      hint: 'List the interfaces inside. Which network is the container on, according to `docker inspect`?',
    },
    'no-route': {
      title: 'isolated has no route to anywhere',
      points: 20,
      hint: 'Look at the routing table inside: it has no line as long as nobody adds one.',
    },
    'cannot-reach': {
      title: 'isolated reaches neither the host nor another container',
      points: 30,
      hint: 'Try the host’s addresses and other containers from inside. Do all of its processes stand in its own sandbox?',
    },
  },
});
