/** The grader's end of the judge process; started early, because Jest loads while the first lab host boots. */
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { InfrastructureError } from '../failure.ts';
import type { Survey } from '../survey/facts.ts';
import type { JudgeReply, JudgeRequest, LabToJudge } from './judge-process.ts';
import type { GradableLab } from './catalogue.ts';
import type { Verdict } from './verdict.ts';

const PROGRAM = path.join(import.meta.dirname, 'judge-process.ts');
const JUDGING_MS = 60_000;

interface Pending {
  resolve: (reply: JudgeReply) => void;
  reject: (error: Error) => void;
  deadline: NodeJS.Timeout;
}

export class Judge implements Disposable {
  #process: ChildProcess | undefined;
  readonly #pending = new Map<number, Pending>();
  readonly #firstLab: LabToJudge;
  #lastId = 0;

  /** @param firstLab The lab that will probably be judged first. */
  constructor(firstLab: GradableLab) {
    this.#firstLab = toJudge(firstLab);
    this.#start();
  }

  /**
   * Judges one survey by its lab's spec.
   *
   * @returns a verdict for every criterion of the lab, in the catalogue's order; what the spec left out is an `error`.
   * @throws {InfrastructureError} when the judge process dies or hangs.
   */
  async judge(lab: GradableLab, survey: Survey): Promise<Verdict[]> {
    const { verdicts, trouble } = await this.#ask({ id: ++this.#lastId, lab: toJudge(lab), survey });
    const byId = new Map(verdicts.map((verdict) => [verdict.id, verdict]));
    return Object.keys(lab.criteria).map(
      (id) =>
        byId.get(id) ?? {
          id,
          status: 'error',
          expected: '',
          actual: `the spec gave no verdict${trouble ? `: ${trouble}` : ''}`,
          evidence: [],
          basedOn: [],
          durationMs: 0,
        },
    );
  }

  [Symbol.dispose](): void {
    this.#process?.disconnect();
    this.#process = undefined;
  }

  #ask(request: JudgeRequest): Promise<JudgeReply> {
    const process = this.#process ?? this.#start();
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        process.kill('SIGKILL');
        this.#lose(`it did not answer in ${JUDGING_MS / 1000} s`);
      }, JUDGING_MS);
      this.#pending.set(request.id, { resolve, reject, deadline });
      process.send(request);
    });
  }

  #start(): ChildProcess {
    const child = fork(PROGRAM, [JSON.stringify(this.#firstLab)], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    child.on('message', (reply: JudgeReply) => {
      const pending = this.#pending.get(reply.id);
      clearTimeout(pending?.deadline);
      this.#pending.delete(reply.id);
      pending?.resolve(reply);
    });
    child.once('exit', (code, signal) => {
      if (this.#process !== child) return;
      this.#process = undefined;
      this.#lose(`it ended (${signal ?? String(code)})`);
    });
    this.#process = child;
    return child;
  }

  #lose(why: string): void {
    for (const { reject, deadline } of this.#pending.values()) {
      clearTimeout(deadline);
      reject(new InfrastructureError(`the judge process was lost: ${why}`));
    }
    this.#pending.clear();
  }
}

function toJudge({ name, spec, topology }: GradableLab): LabToJudge {
  return { name, spec, ...(topology === undefined ? {} : { topology }) };
}
