/** Exercise 1: a busybox container on two networks, and eleven questions about it. */
import { ANSWERS } from '../helpers/submission/answers.ts';
import { defineLab } from '../helpers/lab/lab-definition.ts';

export const definition = defineLab({
  name: 'inspect-busybox',
  title: 'A busybox container looked at closely',
  survey: {
    roles: [{ name: 'busybox', images: ['busybox'], serves: false }],
    answers: ANSWERS,
  },
  criteria: {
    'containers-running': {
      title: 'A container from the image busybox runs and stays up',
      points: 8,
      hint: 'Look at `docker ps --all`. A container ends when its command ends: a shell without a terminal ends at once.',
      explanation:
        'Docker keeps a container only as long as its first process runs. A shell that has neither a terminal nor a command to read finds its input empty and ends.',
    },
    'two-networks': {
      title: 'It is on the default bridge network and on one bridge network that you made',
      points: 8,
      hint: 'Look at the container’s networks with `docker inspect`, and at `docker network ls`.',
      explanation:
        'Every container starts on one network, the default bridge if none is named, and can be connected to more while it runs. Each network it is on gives it one more interface; usually the one is missing that had to be made and connected.',
    },
    'ping-both-addresses': {
      title: 'The host gets an answer to its ping at both addresses',
      points: 7,
      hint: 'Ping each address from the host. What could keep packets of this kind from being answered?',
      explanation:
        'The host is itself on every bridge network, so it reaches a container at each of its addresses without any published port. No answer means that the address is gone, that the container is stopped, or that something drops pings.',
    },
    q1: {
      title: 'q1: the network that the container was started on',
      points: 7,
      hint: 'Look at the container’s networks with `docker inspect` before you connect it to another one.',
      explanation:
        'docker run without a network puts a container on one that Docker has made itself. Its name in docker network ls is what is asked for, neither its id nor the name of its interface on the host.',
    },
    q2: {
      title: 'q2: its interface as the host sees it',
      points: 7,
      hint: 'Look for the pair’s other end with `ip link` on the host; the number after @if inside says which one it is.',
      explanation:
        'A container’s interface is one end of a pair, and the other end is plugged into the bridge on the host. Each end names the other one’s number after @if; with several containers it is easy to pick somebody else’s.',
    },
    q3: {
      title: 'q3: its interface as it is called inside',
      points: 7,
      hint: 'Look at `ip link` inside the container. Do the numbers fit those of the other end?',
      explanation:
        'Inside its sandbox a container counts its interfaces itself, and its end of the pair has another name than the end on the host. Usually the names of the two ends have been mixed up.',
    },
    q4: {
      title: 'q4: its IP address',
      points: 7,
      hint: 'Look at `ip address` inside the container, or at `docker inspect`.',
      explanation:
        'Docker gives every container on a network an address out of the network’s subnet. What is often given instead is the gateway’s address, or one from before a restart, after which it may be another one.',
    },
    q5: {
      title: 'q5: its default gateway',
      points: 7,
      hint: 'Look at `ip route` inside the container, before you connect it to another network.',
      explanation:
        'Packets to anywhere outside go by the default route, and its gateway is the host’s own address on the bridge. Often the network’s first line of the routing table is taken for it, which names no gateway at all.',
    },
    q6: {
      title: 'q6: the proof that the gateway is docker0',
      points: 7,
      hint: 'Look at the addresses of docker0 on the host, and compare.',
      explanation:
        'The bridge’s interface on the host carries the address that containers use as their gateway. A proof holds both next to each other: what the host says of docker0, and what the container says of its route.',
    },
    q7: {
      title: 'q7: its DNS servers',
      points: 7,
      hint: 'Read /etc/resolv.conf inside the container, before you connect it to another network.',
      explanation:
        'On the default bridge, Docker copies the host’s nameservers into the container’s resolv.conf when it starts. After connecting to a network that you made, the file may say something else, so the order of looking matters.',
    },
    q8: {
      title: 'q8: the proof that these are the host’s DNS servers',
      points: 7,
      hint: 'Find out which DNS servers the host uses. If it is only one on loopback, whom does that one ask?',
      explanation:
        'On hosts with a resolver of their own, resolv.conf names only a loopback address, which would be of no use inside a container. Docker then takes the servers that this resolver asks, and those are what has to be compared.',
    },
    q9: {
      title: 'q9: the network that you made and connected the container to',
      points: 7,
      hint: 'Look at `docker network ls`: which of these were there before you came?',
      explanation:
        'docker network ls always shows bridge, host and none; everything else was made by somebody. The container knows the network by that same name.',
    },
    q10: {
      title: 'q10: both of its addresses',
      points: 7,
      hint: 'Look at `ip address` inside, after the container has been connected. Is the first address still there?',
      explanation:
        'Connecting a running container adds an interface with an address of the new network, and the old one stays. Often only the new address is given, or the addresses of both networks’ gateways.',
    },
    q11: {
      title: 'q11: the DNS server that it uses now, and what that means',
      points: 7,
      hint: 'Read /etc/resolv.conf inside the container once more.',
      explanation:
        'As soon as a container is on a network that a user made, Docker answers its DNS questions itself, at a loopback address inside its sandbox. If the first file was read again from memory, the answer is that of question 7.',
    },
  },
});
