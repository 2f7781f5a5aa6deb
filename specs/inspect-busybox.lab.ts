/** Exercise 1: a busybox container on two networks, and eleven questions about it. */
import { ANSWERS } from '../helpers/answers/answers.ts';
import { defineLab } from '../helpers/grading/lab-definition.ts';

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
    },
    'two-networks': {
      title: 'It is on the default bridge network and on one bridge network that you made',
      points: 8,
      hint: 'Look at the container’s networks with `docker inspect`, and at `docker network ls`.',
    },
    'ping-both-addresses': {
      title: 'The host gets an answer to its ping at both addresses',
      points: 7,
      hint: 'Ping each address from the host. What could keep packets of this kind from being answered?',
    },
    q1: {
      title: 'q1: the network that the container was started on',
      points: 7,
      hint: 'Look at the container’s networks with `docker inspect` before you connect it to another one.',
    },
    q2: {
      title: 'q2: its interface as the host sees it',
      points: 7,
      hint: 'Look for the pair’s other end with `ip link` on the host; the number after @if inside says which one it is.',
    },
    q3: {
      title: 'q3: its interface as it is called inside',
      points: 7,
      hint: 'Look at `ip link` inside the container. Do the numbers fit those of the other end?',
    },
    q4: {
      title: 'q4: its IP address',
      points: 7,
      hint: 'Look at `ip address` inside the container, or at `docker inspect`.',
    },
    q5: {
      title: 'q5: its default gateway',
      points: 7,
      hint: 'Look at `ip route` inside the container, before you connect it to another network.',
    },
    q6: {
      title: 'q6: the proof that the gateway is docker0',
      points: 7,
      hint: 'Look at the addresses of docker0 on the host, and compare.',
    },
    q7: {
      title: 'q7: its DNS servers',
      points: 7,
      hint: 'Read /etc/resolv.conf inside the container, before you connect it to another network.',
    },
    q8: {
      title: 'q8: the proof that these are the host’s DNS servers',
      points: 7,
      hint: 'Find out which DNS servers the host uses. If it is only one on loopback, whom does that one ask?',
    },
    q9: {
      title: 'q9: the network that you made and connected the container to',
      points: 7,
      hint: 'Look at `docker network ls`: which of these were there before you came?',
    },
    q10: {
      title: 'q10: both of its addresses',
      points: 7,
      hint: 'Look at `ip address` inside, after the container has been connected. Is the first address still there?',
    },
    q11: {
      title: 'q11: the DNS server that it uses now, and what that means',
      points: 7,
      hint: 'Read /etc/resolv.conf inside the container once more.',
    },
  },
});
