/** Lesson: a container's sandbox, and that two containers may share one. */
import { defineLab } from '../helpers/lab/lab-definition.ts';

export const definition = defineLab({
  name: 'sandbox',
  title: 'Two sandboxes for three containers',
  survey: {
    roles: [
      { name: 'a', images: [], serves: true },
      { name: 'b', images: [], serves: true },
      { name: 'c', images: [], serves: false },
    ],
  },
  wanted: {
    networks: [],
    containers: [
      { role: 'a', networks: [] },
      { role: 'b', networks: [] },
      { role: 'c', networks: [], sandboxOf: 'a' },
    ],
    reach: [],
  },
  criteria: {
    'containers-running': {
      title: 'a, b and c run and stay up',
      points: 20,
      hint: 'Look at `docker ps --all` and at `docker logs`. Do two of them want the same port of the same sandbox?',
      explanation:
        'Docker keeps a container only as long as its first process runs. A second server in the same sandbox finds the port in use and ends at once; in a sandbox of its own the same port is free.',
    },
    'own-ports': {
      title: 'a and b both listen on port 80',
      points: 25,
      hint: 'List what listens inside each of them (`netstat -tln`). On which port, on which address, and whose process is it?',
      explanation:
        'Ports belong to a sandbox, so two containers with one each can both have port 80. When one of them does not listen, its server did not start, listens elsewhere, or sits in the other’s sandbox.',
    },
    'own-interfaces-and-routes': {
      title: 'a and b have interfaces and routes of their own',
      points: 25,
      hint: 'Compare interfaces, addresses and routes in a, in b and on the host.',
      explanation:
        'A sandbox holds a container’s interfaces, routes and filter rules, and Docker makes a new one for each container unless told otherwise. If two are alike, one was told to use the other’s or the host’s.',
    },
    'shared-sandbox': {
      title: 'c uses the sandbox of a',
      points: 30,
      hint: 'Compare the interfaces and addresses that c sees with those that a sees. What may `--network` be besides a network?',
      explanation:
        'A container may be started into the sandbox of another one; then both see the same interfaces, addresses and ports, and each is the other’s localhost. Being on the same network is not that: there each has an address of its own.',
    },
  },
});
