/** nginx, Flask and MongoDB: as exercise 2 wants it, with nginx on the wrong network, and without the database. */
import path from 'node:path';
import { until } from '../../../helpers/base/wait.ts';
import { experiment } from './experiment.ts';
import type { LabShell } from './lab-shell.ts';
import { contentsOf } from '../../../helpers/submission/contents.ts';

/** Tests run at the project's root. */
const EXAMPLE = path.resolve('submissions/example-good/nginx-flask-mongo/nginx_flask_mongodb');
const WORKS_MS = 30_000;
const ANSWER_MS = 20_000;
const GREETING = 'Hello from the MongoDB client!';
/** The usual driver waits half a minute for a database that is away; nobody here has to. */
const IMPATIENT = 'mongodb://mongo:27017/?serverSelectionTimeoutMS=1500';

export const exercise2 = experiment(
  async (lab: LabShell) => {
    const folder = `${lab.host.workplace}/ex2`;
    await lab.host.upload(await contentsOf(EXAMPLE), folder);
    await lab.sh(`cd ${folder} && docker compose build --quiet`);
    await up(lab, 'public-net-1');
    const asItShouldBe = await look(lab);
    const stopped = await withoutDatabase(lab);
    await lab.clear();
    await up(lab, 'private-net-1');
    return { asItShouldBe, stopped, misplaced: await look(lab) };
  },
  {
    'two-networks': {
      a: ({ asItShouldBe }) => asItShouldBe.flaskFindsMongo,
      b: ({ asItShouldBe }) => asItShouldBe.nginxFindsMongo,
      c: ({ asItShouldBe }) => asItShouldBe.nginxToMongo === 'open',
      d: ({ asItShouldBe }) => asItShouldBe.outsideToMongo === 'open',
      e: ({ asItShouldBe }) => asItShouldBe.answer === `200 ${GREETING}`,
    },
    'nginx-misplaced': {
      a: ({ misplaced }) => misplaced.answer === 'none',
      b: ({ misplaced }) => misplaced.answer.startsWith('50'),
      c: ({ misplaced }) => misplaced.answer === `200 ${GREETING}` && misplaced.nginxToMongo === 'open',
      d: ({ misplaced }) => misplaced.answer === `200 ${GREETING}` && misplaced.nginxToMongo !== 'open',
    },
    'database-stopped': {
      a: ({ stopped }) => stopped.answer.startsWith('502'),
      b: ({ stopped }) => stopped.answer === '200 Server not available',
      c: ({ stopped }) => stopped.answer.startsWith('500'),
      d: ({ stopped }) => stopped.answer === 'none' && stopped.running.length === 0,
    },
  },
);

/** The commands that a student could type; what each of the three is on is what the questions say. */
async function up(lab: LabShell, networkOfNginx: string): Promise<void> {
  await lab.sh(`
    docker network create public-net-1
    docker network create private-net-1
    docker run -d --name mongo --network private-net-1 mongo
    docker create --name flask-app --network private-net-1 -e 'MONGO_URL=${IMPATIENT}' ex2-flask-app
    docker network connect public-net-1 flask-app
    docker start flask-app
    docker run -d --name nginx --network ${networkOfNginx} -p 8080:80 ex2-nginx`);
  await lab.ready('host', await lab.addressOf('mongo'), 27017);
  await lab.ready('host', await lab.addressOf('flask-app', 'private-net-1'), 9090);
  await lab.ready('host', await lab.addressOf('nginx'), 80);
}

async function look(lab: LabShell) {
  // A database that has just been started may need a moment; an answer that stays away is one, too.
  await until(WORKS_MS, async () => ((await answerFromOutside(lab)).includes(GREETING) ? true : undefined));
  const [nginx, mongo] = [await lab.place('nginx'), await lab.addressOf('mongo')];
  return {
    answer: await answerFromOutside(lab),
    flaskFindsMongo: await lab.knows(await lab.place('flask-app'), 'mongo', '127.0.0.11'),
    nginxFindsMongo: await lab.knows(nginx, 'mongo', '127.0.0.11'),
    nginxToMongo: await lab.connect(nginx, mongo, 27017),
    outsideToMongo: await lab.connect('outside', lab.address, 27017),
  };
}

async function withoutDatabase(lab: LabShell) {
  await lab.sh('docker stop --time 2 mongo');
  const answer = await answerFromOutside(lab);
  const running = await lab.sh(`docker ps --format '{{.Names}}'`);
  return { answer, running: running.split('\n').filter((name) => name !== '') };
}

/** Status and text. */
async function answerFromOutside(lab: LabShell): Promise<string> {
  const { outcome, status, body } = await lab.http('outside', lab.address, 8080, ANSWER_MS);
  return outcome === 'answered' ? `${status ?? ''} ${body ?? ''}` : 'none';
}
