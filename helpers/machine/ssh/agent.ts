/** The keys in the user's ssh agent, in the order in which they are offered. */
import ssh2, {
  type BaseAgent,
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2';

const AGENT_MS = 5_000;

export interface AgentKeys {
  /** The agent as ssh2 uses it for signing; it offers the keys below only. */
  agent: BaseAgent;
  keys: ParsedKey[];
}

/**
 * Asks an agent for its keys.
 *
 * @param preferred Public keys that are offered first, because sshd ends a connection after a few wrong keys.
 * @param only Whether all other keys are left out.
 * @throws {Error} when the agent does not answer.
 */
export async function agentKeys(socketPath: string, preferred: Buffer[], only: boolean): Promise<AgentKeys> {
  const inner = ssh2.createAgent(socketPath);
  const all = await identitiesOf(inner);
  const isPreferred = (key: ParsedKey): boolean => preferred.some((each) => each.equals(key.getPublicSSH()));
  const keys = [...all.filter(isPreferred), ...(only ? [] : all.filter((key) => !isPreferred(key)))];
  return { agent: new ChosenKeys(inner, keys), keys };
}

function identitiesOf(agent: BaseAgent): Promise<ParsedKey[]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`it did not answer in ${AGENT_MS} ms`));
    }, AGENT_MS);
    agent.getIdentities((error, keys) => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve((keys ?? []).map((key) => ssh2.utils.parseKey(key as ParsedKey)).filter(isKey));
    });
  });
}

function isKey(parsed: ParsedKey | Error): parsed is ParsedKey {
  return !(parsed instanceof Error);
}

class ChosenKeys extends ssh2.BaseAgent {
  readonly #inner: BaseAgent;
  readonly #keys: ParsedKey[];

  constructor(inner: BaseAgent, keys: ParsedKey[]) {
    super();
    this.#inner = inner;
    this.#keys = keys;
  }

  override getIdentities(callback: IdentityCallback): void {
    callback(undefined, this.#keys);
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    done?: SignCallback,
  ): void {
    if (typeof options === 'function') this.#inner.sign(key, data, options);
    else this.#inner.sign(key, data, options, done);
  }
}
