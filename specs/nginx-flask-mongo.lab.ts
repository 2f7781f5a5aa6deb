/** Exercise 2: nginx → Flask → MongoDB on two networks. The criteria's ids are fixed; instructors' scripts use them. */
import { defineLab } from '../helpers/grading/lab-definition.ts';

export const definition = defineLab({
  name: 'nginx-flask-mongo',
  title: 'nginx, Flask and MongoDB on two networks',
  survey: {
    roles: [
      { name: 'nginx', images: ['nginx'], serves: true },
      { name: 'flask-app', images: ['python'], serves: true },
      { name: 'mongo', images: ['mongo'], serves: true },
    ],
    application: { front: 'nginx', database: 'mongo' },
  },
  criteria: {
    'containers-running': {
      title: 'nginx, flask-app and mongo run and stay up',
      points: 6,
      hint: 'Look at `docker ps --all`: which container is missing, has exited or keeps restarting? `docker logs` of that container says why.',
    },
    'networks-exist': {
      title: 'public-net-1 and private-net-1 exist, both user-defined bridge networks',
      points: 6,
      hint: 'Compare the names and drivers in `docker network ls` with the hand-out, letter by letter.',
    },
    'nginx-public-only': {
      title: 'nginx is on public-net-1 and on nothing else',
      points: 8,
      hint: 'Which networks does nginx need for the one container it talks to? A container that names no network is put on a default one.',
    },
    'flask-both': {
      title: 'The Flask app is on public-net-1 and private-net-1 and on nothing else',
      points: 8,
      hint: 'The Flask app is the only one that talks to both sides. Look at the networks it is attached to.',
    },
    'mongo-private-only': {
      title: 'mongo is on private-net-1 and on nothing else',
      points: 8,
      hint: 'Who has to reach the database? Look at every network mongo is attached to.',
    },
    'nginx-published': {
      title: 'nginx answers HTTP from outside the machine',
      points: 8,
      hint: 'EXPOSE only documents a port. Look at `docker port` of the nginx container: which host address and port lead to it, and does nginx listen behind it?',
    },
    'only-nginx-published': {
      title: 'No other container can be reached from outside the machine',
      points: 8,
      hint: 'Look at the PORTS column of `docker ps`: which containers besides nginx publish a port, and does anyone outside need it?',
    },
    'nginx-resolves-flask': {
      title: 'nginx finds the Flask app by the name flask-app, through Docker’s DNS',
      points: 6,
      hint: 'Docker’s DNS knows container names, Compose services and network aliases, on user-defined networks that both containers share. The hosts file is not DNS.',
    },
    'flask-resolves-mongo': {
      title: 'The Flask app finds MongoDB by the name mongo, through Docker’s DNS',
      points: 6,
      hint: 'Docker’s DNS knows container names, Compose services and network aliases, on user-defined networks that both containers share. The hosts file is not DNS.',
    },
    'embedded-dns': {
      title: 'All three use Docker’s embedded DNS server',
      points: 4,
      hint: 'Read /etc/resolv.conf inside each container. Which kind of network gives a container the server 127.0.0.11?',
    },
    'real-mongo': {
      title: 'mongo is a MongoDB that others can talk to',
      points: 4,
      hint: 'Which image and which command does the mongo container run, and on which address does it listen?',
    },
    'end-to-end': {
      title: 'A request from outside goes through nginx and Flask and really asks MongoDB',
      points: 12,
      hint: 'Follow one request: `docker logs` of nginx, then of the Flask app, then of mongo. Where does it stop?',
    },
    'nginx-cannot-reach-mongo': {
      title: 'nginx cannot reach mongo, while the Flask app can',
      points: 10,
      hint: 'There is a path between nginx and mongo: a network that both are on, or a port of mongo published on the host.',
    },
    'by-name-not-by-address': {
      title: 'Everything still works after every address has changed',
      points: 6,
      hint: 'Search the code, the configuration and the environment for an IP address. Addresses change; names stay.',
    },
  },
});
