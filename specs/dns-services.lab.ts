/** Where containers get their nameservers and their hosts file from. */
import { defineLab } from '../helpers/grading/lab-definition.ts';

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
    },
    'default-copies-host': {
      title: 'on-default, on the default bridge network, uses the host’s nameservers',
      points: 17,
      hint: 'Which network is it on? Then compare /etc/resolv.conf inside and on the host. Which options of `docker run` change it?',
    },
    'custom-uses-embedded': {
      title: 'on-custom, on lab-net, uses Docker’s embedded DNS server',
      points: 17,
      hint: 'Which network is it on, and who made that network? Then read /etc/resolv.conf inside.',
    },
    'embedded-forwards-to-host': {
      title: 'Through it, on-custom can ask for names that only the host’s nameserver knows',
      points: 17,
      hint: 'Docker’s server asks others for names that are no containers. Which others, and was on-custom told to use different ones?',
    },
    'hosts-not-inherited': {
      title: 'Neither container has the host’s own /etc/hosts entries',
      points: 17,
      hint: 'Compare /etc/hosts inside and on the host. Docker does not copy it: who did, or which mount?',
    },
    'add-host-entry': {
      title: 'on-custom knows db.internal as 10.11.12.13 from its hosts file',
      points: 17,
      hint: 'Read /etc/hosts inside on-custom. Which option of `docker run` adds a line to it?',
    },
  },
});
