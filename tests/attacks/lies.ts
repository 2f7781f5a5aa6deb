/** Containers that lie to whoever looks at them or asks them: answers, names, labels, and what changes after a look. */
import { cpSync } from 'node:fs';
import path from 'node:path';
import { files, ISOLATED, MARK, NOT_RUNNING, together, within, type Attack } from './attack.ts';

const EXERCISE = 'nginx-flask-mongo';
const HONEST = 'submissions/example-good/nginx-flask-mongo/nginx_flask_mongodb';
const PYTHON = 'python:3.8.12-slim-buster';

/** A TCP server on a port that answers everybody in one of several bad ways. */
const LIAR = `
import os, socket, struct, sys, threading, time
way, port = sys.argv[1], int(sys.argv[2])
def answer(s):
    if way == 'garbage': s.sendall(os.urandom(1000))
    elif way == 'body':
        s.sendall(b'HTTP/1.1 200 OK\\r\\n\\r\\n')
        while True: s.sendall(b'x' * 65536)
    elif way == 'header':
        s.sendall(b'HTTP/1.1 200 OK\\r\\n')
        while True: s.sendall(b'X-Filler: x\\r\\n' * 4096)
    elif way == 'continue':
        while True: s.sendall(b'HTTP/1.1 100 Continue\\r\\n\\r\\n' * 1000)
    elif way == 'message':
        s.sendall(struct.pack('<iiii', 0x7fffffff, 1, 0, 2013))
        while True: s.sendall(b'\\0' * 65536)
    elif way == 'short':
        s.sendall(struct.pack('<iiii', 16, 1, 0, 2013))
        s.sendall(struct.pack('<i', -1))
    elif way == 'drip':
        while True: s.sendall(b'H'); time.sleep(0.2)
    elif way == 'redirect':
        s.sendall(('HTTP/1.1 302 Found\\r\\nLocation: http://%s/\\r\\nContent-Length: 0\\r\\n\\r\\n' % sys.argv[3]).encode())
    elif way == 'hang': threading.Event().wait()
    if way in ('garbage', 'short', 'redirect'): s.close()
def quietly(s):
    try: answer(s)
    except OSError: pass
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('', port)); server.listen(50)
while True: threading.Thread(target=quietly, args=(server.accept()[0],), daemon=True).start()
`;

/** The exercise's three roles on its two networks, each lying in its own way. */
function liars(nginx: string, flask: string, mongo: string): string {
  const service = (name: string, way: string, port: number, networks: string): string => `  ${name}:
    image: ${PYTHON}
    command: python /liar.py ${way.replace(/ /, ` ${port} `).replace(/^(\w+)$/, `$1 ${port}`)}
    volumes: ['./liar.py:/liar.py:ro']
    networks: [${networks}]
`;
  return `services:
${service('nginx', nginx, 80, 'public-net-1')}    ports: ['8080:80']
${service('flask-app', flask, 9090, 'public-net-1, private-net-1')}${service('mongo', mongo, 27017, 'private-net-1')}networks: { public-net-1: {}, private-net-1: {} }
`;
}

/** Of the exercise's rules, those that a stack of liars breaks: nothing is behind its names that they stand for. */
const ONLY_A_FRONT = ['real-mongo'];

/** A shell loop that goes on when its script has ended. */
function goesOn(...commands: string[]): string {
  return `setsid bash -c 'while :; do ${commands.join('; ')}; done' >/dev/null 2>&1 </dev/null &\n`;
}

export const LIES: Attack[] = [
  {
    name: 'answers-garbage',
    shows:
      'Servers that answer every question with random bytes, and a database whose messages are shorter than they say. What is no HTTP and no MongoDB is none.',
    lab: EXERCISE,
    write: files({ 'compose.yaml': liars('garbage', 'garbage', 'short'), 'liar.py': LIAR }),
    outcomes: [{ status: 'graded', fails: ['nginx-published', ...ONLY_A_FRONT] }],
  },
  {
    name: 'answers-without-end',
    shows:
      'Servers whose HTTP headers and bodies never end, and a database that announces 2 GiB and sends on and on. Every probe has an end, in bytes and in seconds.',
    lab: EXERCISE,
    write: files({ 'compose.yaml': liars('body', 'header', 'message'), 'liar.py': LIAR }),
    outcomes: [{ status: 'graded', fails: ['end-to-end', ...ONLY_A_FRONT] }],
  },
  {
    name: 'never-answers',
    shows:
      'Servers that accept connections and say nothing, or a letter now and then, and never close. Probes close first.',
    lab: EXERCISE,
    write: files({ 'compose.yaml': liars('drip', 'hang', 'hang'), 'liar.py': LIAR }),
    outcomes: [{ status: 'graded', fails: ['nginx-published', ...ONLY_A_FRONT] }],
  },
  {
    name: 'redirects-elsewhere',
    shows:
      'A front that sends whoever asks to the grading machine, and one that says “continue” for ever. No redirect is followed.',
    lab: EXERCISE,
    write: (folder, targets) => {
      files({ 'compose.yaml': liars(`redirect ${targets.listener}`, 'continue', 'drip'), 'liar.py': LIAR })(
        folder,
        targets,
      );
    },
    outcomes: [{ status: 'graded', fails: ['end-to-end', ...ONLY_A_FRONT] }],
  },
  {
    name: 'plays-the-application',
    shows:
      'A static page in front of an honest Flask and MongoDB, and a process left behind that watches the engine: whenever a container is paused, the page is away. What a script leaves behind ends with the script.',
    lab: EXERCISE,
    write: (folder, targets) => {
      cpSync(path.join(HONEST, 'flask-app'), path.join(folder, 'flask-app'), { recursive: true });
      files({
        'stack.yaml': `services:
  nginx:
    image: nginx
    container_name: nginx
    ports: ['8080:80']
    networks: [public-net-1]
    volumes: ['./site:/site', './static.conf:/etc/nginx/conf.d/default.conf:ro']
  flask-app: { build: ./flask-app, container_name: flask-app, networks: [public-net-1, private-net-1], depends_on: [mongo] }
  mongo: { image: mongo, container_name: mongo, networks: [private-net-1] }
networks: { public-net-1: {}, private-net-1: {} }
`,
        'static.conf': 'server { listen 80; root /site; }\n',
        'site/index.html': 'Hello from MongoDB\n',
        'plays.sh': `docker events --filter event=pause --filter event=unpause --format '{{.Action}}' | while read -r what; do
  if [ "$what" = pause ]; then mv site/index.html site/away; else mv site/away site/index.html; fi
done\n`,
        'run.sh': `docker compose -f stack.yaml up -d\nsetsid bash plays.sh > /dev/null 2>&1 < /dev/null &\n`,
        'submission.yaml': 'timeout: 60\n',
      })(folder, targets);
    },
    outcomes: [{ status: 'graded', fails: ['end-to-end'] }],
  },
  {
    name: 'two-candidates',
    shows:
      'Two containers say by Compose’s label that they are the same role. Neither is taken: the verdict names both.',
    lab: 'none-network',
    write: files({
      'run.sh': `for name in one two; do docker run -dit --network none --name $name --label com.docker.compose.service=isolated alpine ash; done\n`,
    }),
    outcomes: [{ status: 'graded', fails: NOT_RUNNING, says: /one.*two/ }],
  },
  {
    name: 'half-forged-replicas',
    shows:
      'Two containers say by Compose’s labels that they are of one service and one project, but not all that Compose says. They are no replicas: the verdict names both.',
    lab: 'none-network',
    write: files({
      'run.sh': `for name in one two; do docker run -dit --network none --name $name --label com.docker.compose.service=isolated --label com.docker.compose.project=none-network alpine ash; done\n`,
    }),
    outcomes: [{ status: 'graded', fails: NOT_RUNNING, says: /one.*two/ }],
  },
  {
    name: 'forged-replicas',
    shows:
      'Two containers carry all of Compose’s labels and are called as replicas are; one of them is on the default bridge. They pass for replicas, and each of them is judged.',
    lab: 'none-network',
    write: files({
      'run.sh': `replica() {
  docker run -dit --network "$2" --name none-network-isolated-$1 --label com.docker.compose.service=isolated \\
    --label com.docker.compose.project=none-network --label com.docker.compose.config-hash=c0ffee \\
    --label com.docker.compose.container-number=$1 --label com.docker.compose.oneoff=False alpine ash
}
replica 1 none\nreplica 2 bridge\n`,
    }),
    outcomes: [{ status: 'graded', fails: ['cannot-reach', 'loopback-only', 'no-route'] }],
  },
  {
    name: 'nearly-the-name',
    shows:
      'The application is on a network too many. A relay that is on the right ones is called nearly as the application is. The name itself decides, and what is called nearly so has no role.',
    lab: EXERCISE,
    write: (folder, targets) => {
      cpSync(path.join(HONEST, 'flask-app'), path.join(folder, 'flask-app'), { recursive: true });
      cpSync(path.join(HONEST, 'nginx'), path.join(folder, 'nginx'), { recursive: true });
      files({
        'compose.yaml': `services:
  nginx: { build: ./nginx, ports: ['8080:80'], networks: [public-net-1], depends_on: [flask-app] }
  flask-app: { build: ./flask-app, networks: [public-net-1, private-net-1, third], depends_on: [mongo] }
  mongo: { image: mongo, networks: [private-net-1] }
  relay: { image: ${PYTHON}, container_name: Flask_App, command: python -m http.server 9091, networks: [public-net-1, private-net-1] }
networks: { public-net-1: {}, private-net-1: {}, third: {} }
`,
      })(folder, targets);
    },
    outcomes: [{ status: 'graded', fails: ['flask-both'] }],
  },
  {
    name: 'forged-service-label',
    shows:
      'A container on no network says by Compose’s label that it is the role; the one that is called so is on the default bridge. The name decides, not the label.',
    lab: 'none-network',
    write: files({
      'run.sh': `docker run -dit --name isolated alpine ash
docker run -dit --network none --name other --label com.docker.compose.service=isolated --hostname isolated alpine ash\n`,
    }),
    outcomes: [{ status: 'graded', fails: ['cannot-reach', 'loopback-only', 'no-route'] }],
  },
  {
    name: 'forged-grader-label',
    shows:
      'A container that publishes MongoDB to everybody carries the labels of the grader’s own tools, to be overlooked. Only what this very run has made is its own.',
    lab: EXERCISE,
    write: files({
      'compose.yaml': `services:
  nginx: { image: nginx, ports: ['8080:80'], networks: [public-net-1] }
  flask-app: { image: ${PYTHON}, command: python -m http.server 9090, networks: [public-net-1, private-net-1] }
  mongo: { image: mongo, networks: [private-net-1] }
  relay:
    image: ${PYTHON}
    command: python -m http.server 27018
    ports: ['27018:27018']
    networks: [private-net-1]
    labels: { netgrade: run, netgrade.part: tool, netgrade.owner: 'here:1:1' }
networks: { public-net-1: {}, private-net-1: {} }
`,
    }),
    outcomes: [{ status: 'graded', fails: ['end-to-end', 'only-nginx-published'] }],
  },
  {
    name: 'restarts-for-ever',
    shows:
      'A script leaves a process behind that starts its container again and again. It ends with its script; a container that changes all the same while it is looked at counts as one that did not stay.',
    lab: 'none-network',
    write: files({ 'run.sh': `${ISOLATED}${goesOn('docker restart -t 0 isolated')}` }),
    outcomes: [
      { status: 'graded', fails: [] },
      { status: 'graded', fails: NOT_RUNNING, because: 'The engine was in the middle of the last restart.' },
    ],
  },
  {
    name: 'renames-for-ever',
    shows:
      'A process left behind that gives the container another name again and again. It ends with its script. Whatever the container is called then, it is the only one.',
    lab: 'none-network',
    write: files({
      'run.sh': `${ISOLATED}${goesOn('docker rename isolated other', 'sleep 0.3', 'docker rename other isolated', 'sleep 0.3')}`,
    }),
    outcomes: [{ status: 'graded', fails: [] }],
  },
  {
    name: 'changes-networks-for-ever',
    shows:
      'A process left behind that moves the container from network to network. It ends with its script, and the container is where it was then, and not on the default bridge alone.',
    lab: 'default-bridge',
    write: files({
      'run.sh': `docker run -dit --name alpine1 alpine ash
docker run -dit --name alpine2 alpine ash
docker network create other-0
docker network connect other-0 alpine2
${goesOn(
  'i=$((i+1))',
  'docker network create other-$i',
  'docker network connect other-$i alpine2',
  'docker network disconnect other-$((i-1)) alpine2',
  'docker network rm other-$((i-1))',
)}`,
    }),
    outcomes: [{ status: 'graded', fails: ['on-default-bridge-only'] }],
  },
  {
    name: 'outlives-its-script',
    shows:
      'Processes left behind in sessions of their own; one holds the script’s output open, one heeds no signal. They end with their script.',
    lab: 'none-network',
    write: together(
      files({
        'run.sh': `${ISOLATED}setsid sleep 600 &\nsetsid bash -c 'trap "" TERM HUP; while :; do sleep 1; done' &\ntouch /tmp/${MARK}\n`,
      }),
      within(30),
    ),
    outcomes: [{ status: 'graded', fails: [] }],
  },
];
