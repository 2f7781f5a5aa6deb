/**
 * The policy as a process of its own, beside the agent: however long it takes over a request of the submission, the agent
 * goes on answering. When it has ended, the engine carries out nothing any more. The registry is in this process, too: who
 * keeps it busy keeps only the engine waiting.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { PolicyFacts } from '../../policy/policy.ts';
import type { PolicyRules } from '../../policy/rules.ts';
import { startPolicy } from './authorization.ts';
import { LAB_HOST_ROOT } from './engine-root.ts';
import { lineOf } from './json-line.ts';
import { openRegistry, REGISTRY_FOLDER } from './registry.ts';
import { ON_LAB_HOST, openSwarmDoor } from './swarm-door.ts';

/** The agent's argument when it is to be the policy and nothing else. */
export const AS_POLICY = '--policy';

/** What the agent says to the policy, one JSON object a line. The first is `Start`. Each is answered with a line. */
interface Start {
  key: string;
  workplace: string;
}
interface Begin {
  rules: PolicyRules;
  tokenSecret: string;
}
type Question = ({ ask: 'begin' } & Begin) | { ask: 'facts' };

/** The agent's end. */
export class PolicyProcess {
  readonly #input: NodeJS.WritableStream;
  readonly #waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  #ended: Error | undefined;

  /** @param program The file of the agent's program. */
  private constructor(program: string) {
    const child = spawn(process.execPath, [program, AS_POLICY], { env: {}, stdio: ['pipe', 'pipe', 'ignore'] });
    this.#input = child.stdin;
    child.stdin.on('error', () => undefined); // 'close' follows
    child.once('error', () => undefined);
    child.once('close', () => {
      this.#ended = new Error('the policy of the lab host has ended');
      for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
    });
    createInterface({ input: child.stdout }).on('line', (line) => this.#waiting.shift()?.resolve(line));
  }

  /**
   * Starts it, and waits until the engine can ask it.
   *
   * @param start The secret of the grader's own requests, and the folder of submissions. They go to its standard input.
   */
  static async start(program: string, start: Start): Promise<PolicyProcess> {
    const policy = new PolicyProcess(program);
    await policy.#say(start);
    return policy;
  }

  async begin({ rules, tokenSecret }: Begin): Promise<void> {
    await this.#say({ ask: 'begin', rules, tokenSecret });
  }

  async facts(): Promise<PolicyFacts> {
    return JSON.parse(await this.#say({ ask: 'facts' })) as PolicyFacts;
  }

  /** @throws when it has ended. */
  #say(line: Start | Question): Promise<string> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#input.write(lineOf(line));
    });
  }
}

/** The other end: serves the engine and, in a lab about a swarm, scripts. It ends with the agent. */
export async function bePolicy(): Promise<void> {
  process.stdin.once('close', () => process.exit(0));
  process.stdout.on('error', () => undefined);
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => JSON.parse(((await lines.next()) as { value: string }).value);
  const { key, workplace } = (await next()) as Start;
  const policy = await startPolicy(key, workplace);
  await openRegistry(`${LAB_HOST_ROOT}${REGISTRY_FOLDER}`);
  let answer: object = {};
  for (;;) {
    process.stdout.write(lineOf(answer));
    const question = (await next()) as Question;
    if (question.ask === 'begin') {
      const { rules, tokenSecret } = question;
      policy.begin(rules);
      if (rules.swarm) await openSwarmDoor({ ...ON_LAB_HOST, tokenSecret, doorKey: policy.doorKey, key });
    }
    answer = question.ask === 'facts' ? policy.facts : {};
  }
}
