/** Lesson: a container's sandbox, and that two containers may share one. */
import { defineLab } from '../helpers/grading/lab-definition.ts';

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
    },
    'own-ports': {
      title: 'a and b both listen on port 80',
      points: 25,
      hint: 'List what listens inside each of them (`netstat -tln`). On which port, on which address, and whose process is it?',
    },
    'own-interfaces-and-routes': {
      title: 'a and b have interfaces and routes of their own',
      points: 25,
      hint: 'Compare interfaces, addresses and routes in a, in b and on the host.',
    },
    'shared-sandbox': {
      title: 'c uses the sandbox of a',
      points: 30,
      hint: 'Compare the interfaces and addresses that c sees with those that a sees. What may `--network` be besides a network?',
    },
  },
});
