/** The keys by which a user signs in: those of the agent first, then those in files. The user is never asked for a password. */
import { readFileSync } from 'node:fs';
import ssh2, {
  type AuthHandlerMiddleware,
  type AuthenticationType,
  type NextAuthHandler,
  type AnyAuthMethod,
  type ParsedKey,
} from 'ssh2';
import { reasonOf, UsageError } from '../../base/failure.ts';
import { agentKeys, type AgentKeys } from './agent.ts';
import { keyFingerprint } from './known-hosts.ts';
import type { SshTarget } from './target.ts';

interface KeyFile {
  file: string;
  key: ParsedKey;
}

/** The keys for one host, for all connections of a run to it. */
export class Identities {
  readonly #target: SshTarget;
  readonly #agent: AgentKeys | undefined;
  readonly #files: KeyFile[];
  /** A clause about each key or agent that could not be used. */
  readonly #troubles: string[];

  private constructor(target: SshTarget, agent: AgentKeys | undefined, files: KeyFile[], troubles: string[]) {
    this.#target = target;
    this.#agent = agent;
    this.#files = files;
    this.#troubles = troubles;
  }

  /** Reads the key files and asks the agent. What cannot be used is mentioned only if signing in fails. */
  static async gather(target: SshTarget, env: NodeJS.ProcessEnv): Promise<Identities> {
    const troubles: string[] = [];
    const files: KeyFile[] = [];
    const publicKeys: Buffer[] = [];
    for (const file of target.identityFiles) {
      const key = readKey(file);
      if (typeof key === 'string') troubles.push(`${file} ${key}`);
      else files.push({ file, key });
      const publicKey = typeof key === 'string' ? readPublicKey(file) : key.getPublicSSH();
      if (publicKey !== undefined) publicKeys.push(publicKey);
    }
    const socketPath = target.identityAgent ?? env.SSH_AUTH_SOCK ?? 'none';
    if (socketPath === 'none' || socketPath === '') return new Identities(target, undefined, files, troubles);
    try {
      const agent = await agentKeys(socketPath, publicKeys, target.identitiesOnly);
      return new Identities(target, agent, files, troubles);
    } catch (error) {
      troubles.push(`the agent at ${socketPath} cannot be used (${reasonOf(error)})`);
      return new Identities(target, undefined, files, troubles);
    }
  }

  /** Signing in once: `handler` says what to try next, and `refusal` makes the error when everything was refused. */
  attempt(): { handler: AuthHandlerMiddleware; refusal: (reason: string) => UsageError } {
    const username = this.#target.user;
    const agentHas = new Set(this.#agent?.keys.map((key) => keyFingerprint(key.getPublicSSH())));
    const methods: AnyAuthMethod[] = [
      // `none` is never accepted. But in its answer the server names the methods that it accepts.
      { type: 'none', username },
      ...(this.#agent === undefined || agentHas.size === 0
        ? []
        : [{ type: 'agent', username, agent: this.#agent.agent } as const]),
      ...this.#files
        .filter(({ key }) => !agentHas.has(keyFingerprint(key.getPublicSSH())))
        .map(({ key }) => ({ type: 'publickey', username, key }) as const),
    ];
    let accepts: AuthenticationType[] = ['publickey'];
    // It is null before the first attempt, although ssh2's types do not say so.
    const handler = (left: AuthenticationType[] | null, _partial: boolean, next: NextAuthHandler): void => {
      accepts = left ?? accepts;
      const method = accepts.includes('publickey') ? methods.shift() : undefined;
      next(method ?? (false as never));
    };
    return { handler, refusal: (reason) => this.#refusal(accepts, reason) };
  }

  #refusal(accepts: AuthenticationType[], reason: string): UsageError {
    const { asTyped, user } = this.#target;
    const start = `${asTyped}: user ${user} was not let in`;
    if (!accepts.includes('publickey')) {
      return new UsageError(
        `${start}: the machine asks for ${accepts.join(' or ')}, and only keys are used to sign in here. ` +
          `Put a public key of yours into ~${user}/.ssh/authorized_keys there.`,
      );
    }
    const tried = [
      ...(this.#agent?.keys ?? []).map(
        (key) => `${keyFingerprint(key.getPublicSSH())} (agent: ${key.comment || key.type})`,
      ),
      ...this.#files.map(({ file, key }) => `${keyFingerprint(key.getPublicSSH())} (${file})`),
    ];
    const sentences = [
      tried.length === 0 ? `${start}: there is no key to try` : `${start} with any of these keys: ${tried.join(', ')}`,
      ...this.#troubles.map((trouble) => `Not used: ${trouble}`),
      /too many/i.test(reason)
        ? 'The machine ends a connection after a few wrong keys: name the right one with IdentityFile and `IdentitiesOnly yes` in ~/.ssh/config'
        : `Put one of your public keys into ~${user}/.ssh/authorized_keys there, or name the right key with IdentityFile in ~/.ssh/config`,
    ];
    return new UsageError(`${sentences.join('. ')}.`);
  }
}

/** @returns the key, or in a clause why it cannot be used. */
function readKey(file: string): ParsedKey | string {
  let text: Buffer;
  try {
    text = readFileSync(file);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
  }
  const parsed = ssh2.utils.parseKey(text) as ParsedKey | ParsedKey[] | Error;
  if (parsed instanceof Error) {
    return /no passphrase/i.test(parsed.message)
      ? `is protected by a passphrase (load it into an agent with \`ssh-add ${file}\`)`
      : `is not a usable private key (${parsed.message})`;
  }
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  return key?.isPrivateKey() === true ? key : 'is not a private key';
}

function readPublicKey(file: string): Buffer | undefined {
  try {
    const parsed = ssh2.utils.parseKey(readFileSync(`${file}.pub`));
    return parsed instanceof Error ? undefined : parsed.getPublicSSH();
  } catch {
    return undefined; // there is no public key file, so no key of the agent can be matched with this file
  }
}
