/** Where containers get their nameservers and their hosts file from. */
import { defineLab } from '../helpers/lab/lab-definition.ts';

export const definition = defineLab({
  name: 'dns-services',
  title: 'Nameservers and hosts files of containers',
  survey: {
    roles: [
      { name: 'on-default', images: [], serves: false },
      { name: 'on-custom', images: [], serves: false },
    ],
  },
  wanted: {
    networks: [
      { name: 'bridge', driver: 'bridge' },
      { name: 'lab-net', driver: 'bridge' },
    ],
    containers: [
      { role: 'on-default', networks: ['bridge'] },
      { role: 'on-custom', networks: ['lab-net'] },
    ],
    reach: [],
  },
  criteria: {
    'containers-running': {
      title: 'on-default and on-custom run and stay up',
      points: 15,
      hint: 'Look at `docker ps --all`. A container ends when its command ends: a shell without a terminal ends at once.',
      explanation:
        'Docker keeps a container only as long as its first process runs. A shell that has neither a terminal nor a command to read finds its input empty and ends.',
    },
    'default-copies-host': {
      title: 'on-default, on the default bridge network, uses the host’s nameservers',
      points: 17,
      hint: 'Which network is it on? Then compare /etc/resolv.conf inside and on the host. Which options of `docker run` change it?',
      explanation:
        'On the default bridge a container asks the host’s nameservers itself: Docker copies their addresses into its /etc/resolv.conf. They are others if an option named some, or if the container is on a network where Docker answers.',
    },
    'custom-uses-embedded': {
      title: 'on-custom, on lab-net, uses Docker’s embedded DNS server',
      points: 17,
      hint: 'Which network is it on, and who made that network? Then read /etc/resolv.conf inside.',
      explanation:
        'On every network that a user makes, Docker answers DNS questions itself, at an address inside the container’s own loopback range. A container that does not ask there is on the default bridge, or its resolv.conf was replaced.',
    },
    'embedded-forwards-to-host': {
      title: 'Through it, on-custom can ask for names that only the host’s nameserver knows',
      points: 17,
      hint: 'Docker’s server asks others for names that are no containers. Which others, and was on-custom told to use different ones?',
      explanation:
        'What is no container’s name, Docker’s server passes on to the nameservers that the host had when the container started. If a container was given nameservers of its own, the question goes to those, and they do not know the host’s names.',
    },
    'hosts-not-inherited': {
      title: 'Neither container has the host’s own /etc/hosts entries',
      points: 17,
      hint: 'Compare /etc/hosts inside and on the host. Docker does not copy it: who did, or which mount?',
      explanation:
        'Docker writes a hosts file for every container: loopback, the container itself and what it was told to add. Lines of the host’s file are only there when the file was mounted or copied into it.',
    },
    'add-host-entry': {
      title: 'on-custom knows db.internal as 10.11.12.13 from its hosts file',
      points: 17,
      hint: 'Read /etc/hosts inside on-custom. Which option of `docker run` adds a line to it?',
      explanation:
        'A line that is asked for when the container is made is written into its hosts file at each start. Lines that were written in by hand are gone after a restart, and another name or address is simply another entry.',
    },
  },
});
