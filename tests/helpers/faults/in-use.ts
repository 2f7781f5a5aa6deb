/**
 * The same three students on a machine in use (`--host local`), with an engine of its own that may be killed and filled:
 * nobody else has anything on it but the stranger that a test puts there.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { until } from '../../../helpers/base/wait.ts';
import type { Run } from '../grade.ts';
import { bootLaptop, type Laptop } from '../laptop.ts';
import type { Outcome } from './faults.ts';
import { LAB, Scene, STUDENTS } from './scene.ts';

const ARGS = ['--host', 'local', '--lab', LAB];
/** The exit code of `docker exec` when the program was killed. */
const KILLED = 137;
/** The builds of a submission, on a slow machine that runs another engine at the same time. */
const HELD_MS = 240_000;
const HELD = `ls /tmp/netgrade-*/*/${LAB}/hold && docker ps --quiet --filter name=isolated | grep .`;
const STRANGER = 'docker network create theirs && docker run -d --name stranger --network theirs busybox sleep 3600';
/** A container that its engine's death has stopped is still theirs. */
const THEIRS = 'docker inspect --format "{{.Id}}" stranger && docker network inspect --format "{{.Id}}" theirs';
/** An image without a name, which the submission will give a name, and on which it will build. */
export const NAMELESS = 'FROM alpine\\nRUN echo theirs > /theirs\\nLABEL theirs=yes\\n';
/** Has an image of a name that the submission will give, too. */
const IMAGES = `mkdir /root/theirs && printf "FROM alpine\\nRUN echo built > /built\\n" > /root/theirs/Dockerfile
mkdir /root/nameless && printf "${NAMELESS}" > /root/nameless/Dockerfile
DOCKER_BUILDKIT=0 docker build -q /root/nameless > /root/nameless.id
docker tag busybox moved && docker images --all --quiet --no-trunc > /root/known`;
/** The same as the submission builds, and another one that has no name. */
const BUILD = 'docker build -q -t others-built /root/theirs && docker build -q --no-cache /root/theirs';
const NEW_IMAGES = 'docker images --all --quiet --no-trunc | sort --unique | grep -vxFf /root/known || true';
const OURS =
  'docker ps --all --quiet --filter label=netgrade; docker network ls --quiet --filter label=netgrade; docker volume ls --quiet --filter label=netgrade; ls /tmp | grep ^netgrade || true';

interface Setting {
  mend?: () => Promise<unknown>;
  /** Handed in beside the script. */
  files?: Record<string, string>;
  atOnce?: boolean;
}

export class MachineInUse implements AsyncDisposable {
  readonly laptop: Laptop;
  #theirs = '';
  /** Others' images, by name or id. */
  #images = new Map<string, string>();

  private constructor(laptop: Laptop) {
    this.laptop = laptop;
  }

  static async boot(): Promise<MachineInUse> {
    const machine = new MachineInUse(await bootLaptop({ outlivesItsEngine: true }));
    await machine.laptop.root(STRANGER);
    await machine.laptop.root(IMAGES);
    machine.#theirs = await machine.laptop.root(THEIRS);
    for (const image of ['moved', await machine.laptop.root('cat /root/nameless.id')])
      await machine.#know(image.trim());
    return machine;
  }

  /**
   * @param cause The fault, in the middle of bert's lab; it lets his script go on.
   * @param mend Ends the fault, after the run.
   * @param atOnce Nothing is left already when the run has ended, and not only after the next one.
   */
  async outcomeOf(
    bert: string,
    cause: () => Promise<unknown>,
    { mend, files = {}, atOnce = false }: Setting = {},
  ): Promise<Outcome> {
    const { laptop } = this;
    using scene = new Scene({ place: laptop.place });
    rmSync(laptop.place.out, { recursive: true, force: true }); // nobody keeps a result of an earlier fault
    scene.handIn('bert', bert, { ...files, hold: '' });
    const grading = laptop.grade(ARGS);
    const held = await until(HELD_MS, () => laptop.root(HELD).catch(() => undefined));
    if (held === undefined) throw new Error(`bert's lab did not hold: ${(await grading).stderr}`);
    const before = scene.text('anna');
    await cause();
    const run = await grading;
    const [bertIs, carlIs] = ['bert', 'carl'].map((student) => scene.becomes(student));
    const said = [scene.lab('bert')?.message ?? '', run.stderr].join('\n');
    const leftAtOnce = atOnce ? await this.#left() : '';
    await mend?.();
    rmSync(path.join(laptop.place.submissions, 'bert', LAB, 'hold'));
    const next = run.exitCode === 0 ? undefined : await laptop.grade(ARGS);
    const left = [leftAtOnce, await this.#left()].filter((each) => each !== '').join(', and later ');
    return {
      exit: run.exitCode === KILLED ? 'SIGKILL' : String(run.exitCode),
      bert: bertIs ?? '',
      says: said,
      carl: carlIs ?? '',
      anna: scene.text('anna') === before ? 'unchanged' : 'changed',
      next: next === undefined ? '–' : everybodyHas100(scene) ? gradedIn(next) : next.stderr,
      left: left === '' ? 'nothing' : left,
      others: (await this.#isUntouched()) ? 'untouched' : 'touched',
    };
  }

  /** Lets bert's script go on. */
  async letGo(): Promise<void> {
    await this.laptop.root(`rm /tmp/netgrade-*/*/${LAB}/hold`);
  }

  /** Somebody else builds images just now. */
  async othersBuild(): Promise<void> {
    const ids = (await this.laptop.root(BUILD)).trim().split('\n');
    await this.laptop.root(`echo "${ids.join('\n')}" >> /root/known`);
    for (const image of ['others-built', ...ids]) await this.#know(image);
  }

  async #know(image: string): Promise<void> {
    this.#images.set(image, await this.#idOf(image));
  }

  #idOf(image: string): Promise<string> {
    return this.laptop.root(`docker image inspect --format "{{.Id}}" ${image} || true`);
  }

  async #isUntouched(): Promise<boolean> {
    for (const [image, id] of this.#images) if ((await this.#idOf(image)) !== id) return false;
    return (await this.laptop.root(THEIRS)) === this.#theirs;
  }

  /** What of the run is there: by labels, by names of files, and all images that nobody else made. */
  async #left(): Promise<string> {
    return [await this.laptop.root(OURS), await this.laptop.root(NEW_IMAGES)].join('').trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.laptop[Symbol.asyncDispose]();
  }
}

function everybodyHas100(scene: Scene): boolean {
  return STUDENTS.every((student) => scene.becomes(student) === '100');
}

function gradedIn({ stderr }: Run): string {
  return [...stderr.matchAll(/^\[\d+\/\d+\] (\S+)/gm)].map(([, student]) => student).join(', ');
}
