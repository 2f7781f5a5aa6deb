/** One address for each network a container is on, and one hostname whatever its networks. */
import { defineLab } from '../helpers/grading/lab-definition.ts';

export const definition = defineLab({
  name: 'ip-and-hostname',
  title: 'Addresses, interfaces and hostnames of containers',
  survey: {
    roles: [
      { name: 'web', images: [], serves: false },
      { name: 'plain', images: [], serves: false },
    ],
  },
  wanted: {
    networks: [
      { name: 'net-a', driver: 'bridge' },
      { name: 'net-b', driver: 'bridge' },
    ],
    containers: [
      { role: 'web', networks: ['net-a', 'net-b'] },
      { role: 'plain', networks: ['net-a'] },
    ],
    reach: [],
  },
  criteria: {
    'containers-running': {
      title: 'web and plain run and stay up',
      points: 14,
      hint: 'Look at `docker ps --all`. A container ends when its command ends: a shell without a terminal ends at once.',
    },
    'address-per-network': {
      title: 'web has one address on net-a and one on net-b, plain has one on net-a',
      points: 16,
      hint: 'Look at the networks of both with `docker inspect`, and at `ip address` inside. Who else could have given them addresses or networks?',
    },
    'own-subnet-and-gateway': {
      title: 'Each network has a subnet and a gateway of its own, and the containers go out through such a gateway',
      points: 14,
      hint: 'Compare `docker network inspect` of both networks with `ip route` inside the containers.',
    },
    'interface-per-network': {
      title: 'Inside there is one interface for each network, and its other end is at the network’s bridge on the host',
      points: 14,
      hint: 'Compare `ip link` inside with `ip link show type veth` on the host: the numbers after @if lead from one end to the other.',
    },
    'hostname-overridden': {
      title: 'The hostname of web is web-1',
      points: 14,
      hint: 'A hostname is chosen when the container is made. The container’s name is something else.',
    },
    'hostname-defaults-to-id': {
      title: 'The hostname of plain is what Docker chose: the beginning of its id',
      points: 14,
      hint: 'Compare the hostname of plain with the first column of `docker ps`.',
    },
    'same-process-still-running': {
      title: 'web was started on net-a and connected to net-b while it was running',
      points: 14,
      hint: 'Look at `docker events --since 1h --until 0s` in another terminal: in which order was web connected and started?',
    },
  },
});
