import { fails, holds, type Theme } from '../../helpers/lab/self-check-question.ts';

const CHAIN = '# localhost:8080 → nginx → flask-app:9090 → mongo:27017';

export const exercise2: Theme = {
  title: 'nginx, Flask and MongoDB',
  questions: [
    {
      id: 'two-networks',
      title: 'Exercise 2 as it should be',
      setup: [CHAIN, 'public-net-1:   nginx (publishes 8080:80), flask-app', 'private-net-1:  flask-app, mongo'].join(
        '\n',
      ),
      asks: 'All three containers run. What is true?',
      options: {
        a: holds(
          'flask-app finds the name `mongo`.',
          'Both are on `private-net-1`, where Docker’s DNS server knows it.',
        ),
        b: fails('nginx finds the name `mongo`.', 'They share no network, and names are known on a network only.'),
        c: fails(
          'nginx can connect to port 27017 at the address of mongo.',
          'The two bridge networks are isolated. That flask-app is on both opens no way for others.',
        ),
        d: fails('Another machine can connect to mongo at port 27017 of the host.', 'Nobody has published it.'),
        e: holds(
          'A request from another machine to port 8080 of the host is answered with what mongo had to say.',
          'Each link of the chain has a network that both of its ends are on, and the first one is published.',
        ),
      },
      hint: 'Take each pair of containers: is there a network that both are on?',
      experiment: 'exercise-2',
    },
    {
      id: 'nginx-misplaced',
      title: 'Exercise 2 with nginx on the wrong network',
      setup: [CHAIN, 'public-net-1:   flask-app', 'private-net-1:  nginx (publishes 8080:80), flask-app, mongo'].join(
        '\n',
      ),
      asks: 'nginx is on `private-net-1` instead of `public-net-1`. What happens?',
      options: {
        a: fails(
          'Requests to port 8080 of the host are not answered: a container on a private network cannot be published.',
          '`private-net-1` is a bridge network like any other. It is private by its name only.',
        ),
        b: fails(
          'nginx answers with an error, because it does not find flask-app.',
          'flask-app is on `private-net-1`, too, and is found there.',
        ),
        c: holds(
          'Requests are answered as they should be, and nginx can connect to mongo.',
          'It works, and breaks the rule that the public container must not reach the database. A good answer proves nothing about that.',
        ),
        d: fails(
          'Requests are answered as they should be, and nginx cannot connect to mongo, as its configuration does not name it.',
          'Whoever breaks into nginx does not care for its configuration: on a shared network, mongo is within reach.',
        ),
      },
      hint: 'Draw who is on which network, and then who reaches whom.',
      experiment: 'exercise-2',
    },
    {
      id: 'database-stopped',
      title: 'Exercise 2 when the database is gone',
      setup: `${CHAIN}\ndocker stop mongo`,
      asks: 'The exercise’s app catches errors of the database. What does a request to port 8080 of the host get in the end?',
      options: {
        a: fails('502, from nginx.', 'nginx complains when flask-app is gone. But flask-app runs, and answers.'),
        b: holds(
          '200, and a text that says that the database is not available.',
          'The app answers for itself, after about 30 s: so long pymongo looks for a server before it gives up, and nginx waits longer. So a 200 alone does not prove that the chain works to its end.',
        ),
        c: fails('500, from the app.', 'It would be so if the app let the error through. This one catches it.'),
        d: fails(
          'No connection: flask-app and nginx have stopped with mongo.',
          'Containers do not stop with those they talk to, whatever `depends_on` says of their start.',
        ),
      },
      hint: 'Read the app’s source: what does it return when the database does not answer?',
      experiment: 'exercise-2',
    },
  ],
};
