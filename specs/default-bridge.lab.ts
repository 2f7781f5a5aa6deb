/** Tutorial: two containers on the default bridge network. */
import { defineLab } from '../helpers/lab/lab-definition.ts';

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
      explanation:
        'Docker keeps a container only as long as its first process runs. A shell that has neither a terminal nor a command to read finds its input empty and ends.',
    },
    'on-default-bridge-only': {
      title: 'Both are on the default bridge network and on nothing else',
      points: 16,
      hint: 'Which network does a container get when you name none? Look at each container’s networks with `docker inspect`.',
      explanation:
        'A container that is started without a word about networks is put on the network called bridge. One that has another network as well, or instead, was told so when it was started, or was connected later.',
    },
    'addresses-from-pool': {
      title: 'Each has one address, out of the network’s pool',
      points: 12,
      hint: 'Compare `docker network inspect bridge` with the addresses that the container itself sees.',
      explanation:
        'Docker takes the container’s address out of the network’s subnet and gives it to the interface inside. The two only differ when somebody changes the interface’s addresses afterwards.',
    },
    'gateway-is-docker0': {
      title: 'Their default gateway is docker0’s address on the host',
      points: 12,
      hint: 'Compare the container’s routing table with `ip address show docker0` on the host.',
      explanation:
        'docker0 is the host’s own interface on the default bridge, and Docker sets it as the way out of every container there. Another default route means that the container is on another network, or that its routes were changed.',
    },
    'reach-by-address': {
      title: 'They reach each other by address, in both directions',
      points: 16,
      hint: 'Ping the other container’s address from inside each of them. Has anything changed their routes?',
      explanation:
        'Containers on one bridge are like machines on one switch: packets between them need no port to be published. When they do not arrive, the containers are on different networks, or a route or a filter rule inside is in the way.',
    },
    'no-names': {
      title: 'Neither knows the other by name',
      points: 14,
      hint: 'On the default bridge Docker answers no names. Who told the container this name? Read its /etc/hosts.',
      explanation:
        'The default bridge has no DNS for containers; that came with networks that users make. A name that works there all the same stands in a hosts file, put there by --link, by --add-host or by hand.',
    },
    'resolv-conf-from-host': {
      title: 'Their nameservers are copied from the host',
      points: 14,
      hint: 'Compare /etc/resolv.conf inside and on the host. Which options of `docker run` change it?',
      explanation:
        'For containers on the default bridge, Docker copies the host’s nameservers into /etc/resolv.conf when they start. Other servers stand there when an option gave them, or when the file was changed or mounted.',
    },
  },
});
