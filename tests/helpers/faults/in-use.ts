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
const HELD_MS = 90_000;
const HELD = `ls /tmp/netgrade-*/${LAB}/hold && docker ps --quiet --filter name=isolated | grep .`;
const STRANGER = 'docker network create theirs && docker run -d --name stranger --network theirs busybox sleep 3600';
/** A container that its engine's death has stopped is still theirs. */
const THEIRS = 'docker inspect --format "{{.Id}}" stranger && docker network inspect --format "{{.Id}}" theirs';
const OURS =
  'docker ps --all --quiet --filter label=netgrade; docker network ls --quiet --filter label=netgrade; ls /tmp | grep ^netgrade || true';

export class MachineInUse implements AsyncDisposable {
  readonly laptop: Laptop;
  #theirs = '';

  private constructor(laptop: Laptop) {
    this.laptop = laptop;
  }

  static async boot(): Promise<MachineInUse> {
    const machine = new MachineInUse(await bootLaptop({ outlivesItsEngine: true }));
    await machine.laptop.root(STRANGER);
    machine.#theirs = await machine.laptop.root(THEIRS);
    return machine;
  }

  /**
   * @param cause The fault, in the middle of bert's lab; it lets his script go on.
   * @param mend Ends the fault, after the run.
   */
  async outcomeOf(bert: string, cause: () => Promise<unknown>, mend?: () => Promise<unknown>): Promise<Outcome> {
    const { laptop } = this;
    using scene = new Scene({ place: laptop.place });
    scene.handIn('bert', bert, { hold: '' });
    const grading = laptop.grade(ARGS);
    const held = await until(HELD_MS, () => laptop.root(HELD).catch(() => undefined));
    if (held === undefined) throw new Error(`bert's lab did not hold: ${(await grading).stderr}`);
    const before = scene.text('anna');
    await cause();
    const run = await grading;
    const [bertIs, carlIs] = ['bert', 'carl'].map((student) => scene.becomes(student));
    const said = [scene.lab('bert')?.message ?? '', run.stderr].join('\n');
    await mend?.();
    rmSync(path.join(laptop.place.submissions, 'bert', LAB, 'hold'));
    const next = await laptop.grade(ARGS);
    const left = (await laptop.root(OURS)).trim();
    return {
      exit: String(run.exitCode),
      bert: bertIs ?? '',
      says: said,
      carl: carlIs ?? '',
      anna: scene.text('anna') === before ? 'unchanged' : 'changed',
      next: STUDENTS.every((student) => scene.becomes(student) === '100') ? gradedIn(next) : next.stderr,
      left: left === '' ? 'nothing' : left,
      others: (await laptop.root(THEIRS)) === this.#theirs ? 'untouched' : 'touched',
    };
  }

  /** Lets bert's script go on. */
  async letGo(): Promise<void> {
    await this.laptop.root(`rm /tmp/netgrade-*/${LAB}/hold`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.laptop[Symbol.asyncDispose]();
  }
}

function gradedIn({ stderr }: Run): string {
  return [...stderr.matchAll(/^\[\d+\/\d+\] (\S+)/gm)].map(([, student]) => student).join(', ');
}
