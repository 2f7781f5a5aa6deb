/** Starts the judge process and sends it surveys. The process is started early, while the grader waits for something else. */
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { InfrastructureError } from '../base/failure.ts';
import { log, logged } from '../base/log.ts';
import type { Survey } from '../survey/facts.ts';
import type { JudgeReply, JudgeRequest, LabToJudge } from './judge-process.ts';
import type { GradableLab } from '../lab/catalogue.ts';
import { triedAgain } from '../lab/verdict.ts';
import type { Verdict } from '../lab/verdict.ts';

const PROGRAM = path.join(import.meta.dirname, 'judge-process.ts');
const JUDGING_MS = 60_000;
/** How many characters of the process's last output are kept. They help to find out why it was lost. */
const KEPT_OUTPUT = 2_000;

/** The process ended while it judged. It was killed, or had no more memory. */
class JudgeEnded extends InfrastructureError {
  /** The reason without the process's output. The output is for the person who runs the grader, not for a student's record. */
  readonly reason: string;

  constructor(why: string, printed = '') {
    const last = printed.trim();
    super(`${lost(why)}${last === '' ? '' : `; it printed last: ${last}`}`);
    this.reason = lost(why);
  }
}

interface Pending {
  resolve: (reply: JudgeReply) => void;
  reject: (error: Error) => void;
  deadline: NodeJS.Timeout;
}

export class Judge implements Disposable {
  #process: ChildProcess | undefined;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  /**
   * Starts the process, if there is none, because Jest and a spec take a second or two to load the first time.
   *
   * @param lab The lab that will be judged first.
   */
  getReady(lab: GradableLab): void {
    this.#process ??= this.#start(toJudge(lab));
  }

  /**
   * Judges one survey by its lab's spec. If the process ends on the way, a new one judges the same survey once more, and the
   * verdicts mention that in their evidence.
   *
   * @returns a verdict for every criterion of the lab, in the catalogue's order; what the spec left out is an `error`.
   * @throws {InfrastructureError} when the judge process hangs, or ends twice.
   */
  async judge(lab: GradableLab, survey: Survey): Promise<Verdict[]> {
    try {
      return await this.#judgeOnce(lab, survey);
    } catch (error) {
      if (!(error instanceof JudgeEnded)) throw error;
      const again = triedAgain('judged', [error.reason]);
      const verdicts = await this.#judgeOnce(lab, survey);
      return verdicts.map((each) => ({ ...each, evidence: [...each.evidence, again] }));
    }
  }

  async #judgeOnce(lab: GradableLab, survey: Survey): Promise<Verdict[]> {
    const request = { id: ++this.#lastId, lab: toJudge(lab), survey };
    const { verdicts, trouble } = await logged('judge', `${lab.name} by ${lab.spec}`, () => this.#ask(request));
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
    const child = (this.#process ??= this.#start(request.lab));
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#end(child, new InfrastructureError(lost(`it did not answer in ${JUDGING_MS / 1000} s`)));
      }, JUDGING_MS);
      this.#pending.set(request.id, { resolve, reject, deadline });
      // A process that was killed a moment ago may not be reported as ended yet.
      child.send(request, (error) => {
        if (error !== null) this.#end(child, new JudgeEnded(error.message));
      });
    });
  }

  #start(firstLab: LabToJudge): ChildProcess {
    const child = fork(PROGRAM, [JSON.stringify(firstLab)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let printed = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-KEPT_OUTPUT);
      for (const line of text.trimEnd().split('\n')) log('judge', line);
    });
    child.on('message', (reply: JudgeReply) => {
      const pending = this.#pending.get(reply.id);
      clearTimeout(pending?.deadline);
      this.#pending.delete(reply.id);
      pending?.resolve(reply);
    });
    // Not `exit`, because the process's last output may arrive after it.
    child.once('close', (code, signal) => {
      this.#end(child, new JudgeEnded(`it ended (${signal ?? `exit code ${String(code)}`})`, printed));
    });
    // For example, there is no memory for another process. The judgements that wait for it fail.
    child.on('error', (error) => {
      this.#end(child, new JudgeEnded(error.message));
    });
    return child;
  }

  /** Ends the judgements that wait for this process, with an error. The next judgement starts a new process. */
  #end(child: ChildProcess, why: InfrastructureError): void {
    if (this.#process !== child) return; // its end was noticed before
    this.#process = undefined;
    child.kill('SIGKILL');
    for (const { reject, deadline } of this.#pending.values()) {
      clearTimeout(deadline);
      reject(why);
    }
    this.#pending.clear();
  }
}

function lost(why: string): string {
  return `the judge process was lost: ${why}`;
}

function toJudge({ name, spec, topology }: GradableLab): LabToJudge {
  return { name, spec, ...(topology === undefined ? {} : { topology }) };
}
