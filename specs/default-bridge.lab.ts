/** Tutorial: two containers on the default bridge network. */
import { defineLab } from '../helpers/grading/lab-definition.ts';

export const definition = defineLab({
  name: 'default-bridge',
  title: 'Two containers on the default bridge network',
  survey: {
    roles: [
      { name: 'alpine1', images: [], serves: false },
      { name: 'alpine2', images: [], serves: false },
    ],
  },
  wanted: {
    networks: [{ name: 'bridge', driver: 'bridge' }],
    containers: [
      { role: 'alpine1', networks: ['bridge'] },
      { role: 'alpine2', networks: ['bridge'] },
    ],
    reach: [
      { from: 'alpine1', to: 'alpine2', byName: false, byAddress: true },
      { from: 'alpine2', to: 'alpine1', byName: false, byAddress: true },
    ],
  },
  criteria: {
    'containers-running': {
      title: 'alpine1 and alpine2 run and stay up',
      points: 16,
      hint: 'Look at `docker ps --all`. A container ends when its command ends: a shell without a terminal ends at once.',
    },
    'on-default-bridge-only': {
      title: 'Both are on the default bridge network and on nothing else',
      points: 16,
      hint: 'Which network does a container get when you name none? Look at each container’s networks with `docker inspect`.',
    },
    'addresses-from-pool': {
      title: 'Each has one address, out of the network’s pool',
      points: 12,
      hint: 'Compare `docker network inspect bridge` with the addresses that the container itself sees.',
    },
    'gateway-is-docker0': {
      title: 'Their default gateway is docker0’s address on the host',
      points: 12,
      hint: 'Compare the container’s routing table with `ip address show docker0` on the host.',
    },
    'reach-by-address': {
      title: 'They reach each other by address, in both directions',
      points: 16,
      hint: 'Ping the other container’s address from inside each of them. Has anything changed their routes?',
    },
    'no-names': {
      title: 'Neither knows the other by name',
      points: 14,
      hint: 'On the default bridge Docker answers no names. Who told the container this name? Read its /etc/hosts.',
    },
    'resolv-conf-from-host': {
      title: 'Their nameservers are copied from the host',
      points: 14,
      hint: 'Compare /etc/resolv.conf inside and on the host. Which options of `docker run` change it?',
    },
  },
});
