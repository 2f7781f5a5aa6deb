/** EXPOSE is a note in the image; only publishing a port opens it to others. */
import { defineLab } from '../helpers/lab/lab-definition.ts';
import { OUTSIDE } from '../helpers/lab/survey-plan.ts';

export const definition = defineLab({
  name: 'expose-vs-publish',
  title: 'EXPOSE documents a port, publishing opens it',
  survey: {
    roles: [
      { name: 'exposed', images: [], serves: true },
      { name: 'published', images: [], serves: true },
    ],
    guarded: ['exposed'],
    apart: {
      pairs: [{ from: OUTSIDE, to: 'exposed' }],
      links: [],
      speaks: { exposed: 'http', published: 'http' },
      publics: ['published'],
    },
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
      explanation:
        'Docker keeps a container only as long as its first process runs. Usually that process has nothing left to do, or it ended with an error.',
    },
    'image-exposes': {
      title: 'Both run the same image, which exposes port 8080',
      points: 20,
      hint: 'Read the ExposedPorts in `docker image inspect`. An option of `docker run` does not change the image.',
      explanation:
        'EXPOSE is a line of the Dockerfile that becomes part of the image’s description. When it is missing, the image was built without it, or the containers run two different images.',
    },
    'exposed-not-reachable': {
      title: 'exposed serves on its port 8080, and nobody outside reaches it',
      points: 30,
      hint: 'Does it listen on port 8080 at all, for others than itself? Then compare `docker port` of both containers.',
      explanation:
        'Only publishing makes the host pass connections on to a container; what the image exposes is a remark and opens nothing. If outsiders get in, the port was published, perhaps together with all exposed ones, or the container uses the host’s network.',
    },
    'published-reachable': {
      title: 'A machine outside gets an HTTP answer from port 8080 of published',
      points: 30,
      hint: 'Look at `docker port`: to which address of the host is the port bound, and to which port of the container does it lead?',
      explanation:
        'Publishing ties a port of the host to a port of the container. Outsiders see nothing when it is tied to loopback only, leads to a port on which nobody listens, or the server inside listens only for itself.',
    },
  },
});
