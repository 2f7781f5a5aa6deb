/** Causes one fault after another, and notes what came of each for the table that is printed at the end. */
import { expect } from '@jest/globals';
import type { RunningGrader } from '../grade.ts';
import { FAULTS, type FaultName, type Outcome } from './faults.ts';
import { faultTable } from './matrix.ts';
import { observe } from './observe.ts';
import { Scene } from './scene.ts';
import type { SmallDisk } from './small-disk.ts';
import { strangers, type Strangers } from './strangers.ts';

/** The fault itself, in the middle of bert's lab. */
export type Cause = (at: { scene: Scene; grader: RunningGrader; host: string }) => unknown;

export interface Setting {
  scene?: Scene;
  env?: Record<string, string>;
  /** More for the command line. */
  args?: string[];
  /** What must not be on the screen. */
  unsaid?: RegExp;
  /** What was said elsewhere than on the run's screen. */
  heard?: () => string;
  /** Ends the fault, after the run. */
  mend?: () => void;
}

/** What was seen of faults beside the things of somebody else, which must stay as they are. */
export class Outcomes implements AsyncDisposable {
  readonly strangers: Strangers;
  readonly #seen = new Map<FaultName, Outcome>();

  private constructor(others: Strangers) {
    this.strangers = others;
  }

  static async begin(): Promise<Outcomes> {
    return new Outcomes(await strangers());
  }

  /** Causes a fault in a run. @returns what came of it. */
  async of(name: FaultName, cause: Cause, setting: Setting = {}): Promise<Outcome> {
    const { env = {}, args = [], unsaid, heard, mend } = setting;
    using scene = setting.scene ?? new Scene();
    const grader = scene.start(env, ...args);
    const host = await scene.held(grader);
    const before = scene.text('anna');
    await cause({ scene, grader, host });
    const ended = await grader.ended;
    if (unsaid !== undefined) expect(ended.stderr).not.toMatch(unsaid);
    const run = heard === undefined ? ended : { ...ended, stderr: ended.stderr + heard() };
    mend?.();
    const outcome = await observe(FAULTS[name], { scene, grader, run, before, strangers: this.strangers });
    this.note(name, outcome);
    return outcome;
  }

  note(name: FaultName, outcome: Outcome): void {
    this.#seen.set(name, outcome);
  }

  /** Prints the rows that were seen. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.strangers[Symbol.asyncDispose]();
    console.log(faultTable(this.#seen).join('\n'));
  }
}

export const letGo: Cause = ({ scene, host }) => scene.letGo(host);

/** Fills a disk up, and lets bert's script go on. */
export function fill(disk: SmallDisk): Cause {
  return async (at) => {
    disk.fill();
    await letGo(at);
  };
}
