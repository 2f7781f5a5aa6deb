/** EXPOSE is a note in the image; only publishing a port opens it to others. */
import { defineLab } from '../helpers/grading/lab-definition.ts';

export const definition = defineLab({
  name: 'expose-vs-publish',
  title: 'EXPOSE documents a port, publishing opens it',
  survey: {
    roles: [
      { name: 'exposed', images: [], serves: true },
      { name: 'published', images: [], serves: true },
    ],
  },
  wanted: {
    networks: [],
    containers: [
      { role: 'exposed', networks: [] },
      { role: 'published', networks: [], published: true },
    ],
    reach: [],
  },
  criteria: {
    'containers-running': {
      title: 'exposed and published run and stay up',
      points: 20,
      hint: 'Look at `docker ps --all`, then at `docker logs` of a container that is not running.',
    },
    'image-exposes': {
      title: 'Both run the same image, which exposes port 8080',
      points: 20,
      hint: 'Read the ExposedPorts in `docker image inspect`. An option of `docker run` does not change the image.',
    },
    'exposed-not-reachable': {
      title: 'exposed serves on its port 8080, and nobody outside reaches it',
      points: 30,
      hint: 'Does it listen on port 8080 at all, for others than itself? Then compare `docker port` of both containers.',
    },
    'published-reachable': {
      title: 'A machine outside gets an HTTP answer from port 8080 of published',
      points: 30,
      hint: 'Look at `docker port`: to which address of the host is the port bound, and to which port of the container does it lead?',
    },
  },
});
