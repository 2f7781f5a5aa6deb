/** One address for each network a container is on, and one hostname whatever its networks. */
import { defineLab } from '../helpers/lab/lab-definition.ts';

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
      explanation:
        'Docker keeps a container only as long as its first process runs. A shell that has neither a terminal nor a command to read finds its input empty and ends.',
    },
    'address-per-network': {
      title: 'web has one address on net-a and one on net-b, plain has one on net-a',
      points: 16,
      hint: 'Look at the networks of both with `docker inspect`, and at `ip address` inside. Who else could have given them addresses or networks?',
      explanation:
        'A container gets one address for each network it is on, and none for others. One too many or too few means a connection that was forgotten or was not asked for, or an address that was set inside by hand.',
    },
    'own-subnet-and-gateway': {
      title: 'Each network has a subnet and a gateway of its own, and the containers go out through such a gateway',
      points: 14,
      hint: 'Compare `docker network inspect` of both networks with `ip route` inside the containers.',
      explanation:
        'Docker gives each network a range of addresses that no other one has, and an address in it to the host’s bridge, by which the containers get out. Another gateway inside means that routes were changed, or that a network has no way out.',
    },
    'interface-per-network': {
      title: 'Inside there is one interface for each network, and its other end is at the network’s bridge on the host',
      points: 14,
      hint: 'Compare `ip link` inside with `ip link show type veth` on the host: the numbers after @if lead from one end to the other.',
      explanation:
        'For each network Docker makes a pair of interfaces: one end goes into the sandbox, the other into the network’s bridge on the host. Interfaces beyond that were made by somebody inside, or belong to another container’s sandbox.',
    },
    'hostname-overridden': {
      title: 'The hostname of web is web-1',
      points: 14,
      hint: 'A hostname is chosen when the container is made. The container’s name is something else.',
      explanation:
        'The hostname is part of how a container is made; its name is only what Docker and its DNS call it. A container that was made without saying it keeps the hostname that Docker chose.',
    },
    'hostname-defaults-to-id': {
      title: 'The hostname of plain is what Docker chose: the beginning of its id',
      points: 14,
      hint: 'Compare the hostname of plain with the first column of `docker ps`.',
      explanation:
        'When nobody says otherwise, Docker takes the first twelve characters of the container’s id as its hostname. Any other hostname was given when the container was made, or set from inside.',
    },
    'same-process-still-running': {
      title: 'web was started on net-a and connected to net-b while it was running',
      points: 14,
      hint: 'Look at `docker events --since 1h --until 0s` in another terminal: in which order was web connected and started?',
      explanation:
        'Connecting changes a container’s sandbox while its processes go on; it is neither stopped nor made anew. If it was connected before it was started, or started again since, both networks may have been named at the start or the container recreated.',
    },
  },
});
