/** The same stack on this machine's own engine, nothing judged: what a grader's time is held against. */
import { GOOD_STACK } from './class.ts';
import { start, succeed } from './command.ts';

const PROJECT = 'netgrade-bench';

const compose = (project: string, ...args: string[]): string[] =>
  ['docker', 'compose', '--project-name', project, '--project-directory', GOOD_STACK].concat(args);
const up = (project: string): Promise<string> => succeed(compose(project, 'up', '--detach', '--wait'));
const down = (project: string, ...args: string[]): Promise<string> => succeed(compose(project, 'down', ...args));
/** Nobody waits for a container's end: the quickest way down that Compose has. */
const AT_ONCE = ['--volumes', '--timeout', '0'];

/** Its two images are there from the round before. */
export async function upAndDown(): Promise<void> {
  await up(PROJECT);
  await down(PROJECT, ...AT_ONCE);
}

/** `docker compose down` as it is typed: waits ten seconds for what takes no notice of SIGTERM, as Python does. */
export async function upAndDownAsTyped(): Promise<void> {
  await up(PROJECT);
  await down(PROJECT);
}

/** As for each new student: the two images are built first, all from the build cache. */
export async function buildUpAndDown(): Promise<void> {
  await up(`${PROJECT}-new`);
  await down(`${PROJECT}-new`, ...AT_ONCE);
}

/** Nobody's time: the next round finds no image of its project. What they were built from stays in the build cache. */
export async function forgetBuilt(project = `${PROJECT}-new`): Promise<void> {
  // Not `down --rmi local`: once its containers are gone, Compose finds no project and removes nothing.
  const images = ['nginx', 'flask-app'].map((service) => `${project}-${service}`);
  await start(['docker', 'image', 'rm', '--force', ...images]).ended;
}

/** Before and after whatever happens: nothing of ours is on this machine's engine. */
export async function removeStacks(): Promise<void> {
  for (const project of ['', '-new', '-bash', '-goss', '-testinfra'].map((peer) => `${PROJECT}${peer}`)) {
    await start(compose(project, 'down', ...AT_ONCE)).ended;
    await forgetBuilt(project);
    await start(['docker', 'network', 'rm', '--force', `${project}-in-the-way`]).ended;
  }
}
