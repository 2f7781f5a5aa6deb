/** Tutorial: nginx in the host's own network stack. */
import { defineLab } from '../helpers/lab/lab-definition.ts';

export const definition = defineLab({
  name: 'host-network',
  title: 'nginx in the host’s sandbox',
  survey: { roles: [{ name: 'my_nginx', images: ['nginx'], serves: true }], hostPorts: [80] },
  wanted: {
    networks: [{ name: 'host', driver: 'host' }],
    containers: [{ role: 'my_nginx', networks: ['host'], published: true }],
    reach: [],
  },
  criteria: {
    'containers-running': {
      title: 'my_nginx runs and stays up',
      points: 20,
      hint: 'Look at `docker ps --all` and at `docker logs`. Is somebody else using its port already?',
      explanation:
        'A container in the host’s sandbox opens the host’s own ports, and each of them can be had once. If another server has port 80 already, nginx says so in its log and ends.',
    },
    'shares-host-sandbox': {
      title: 'my_nginx has no sandbox of its own: it uses the host’s',
      points: 30,
      hint: 'Compare the interfaces that the container sees with those of the host. Which option of `docker run` decides it?',
      explanation:
        'With the network called host, Docker makes no sandbox: the container’s processes see the host’s interfaces, addresses and ports. On any other network they get a set of their own, published ports or not.',
    },
    'answers-on-host-port': {
      title: 'Port 80 of the host answers, and it is my_nginx’s own port',
      points: 30,
      hint: 'On the host, list who listens on which port (`netstat -tlnp`), and ask port 80 for a page from another machine.',
      explanation:
        'There is nothing in between here: when nginx opens port 80, it is the host’s port 80. If nobody answers, nginx does not run or was told another port; if the answer is not nginx’s, the port belongs to somebody else or is published.',
    },
    'nothing-published': {
      title: 'No port is published',
      points: 20,
      hint: 'What is there to map between the container’s ports and the host’s, when they are the same ports?',
      explanation:
        'Publishing joins two sandboxes; a container in the host’s has none of its own, so Docker ignores the option with a warning. A published port shows that the container is on another network.',
    },
  },
});
