/** Checks by its host key that the other machine is the one it claims to be. Nothing is signed or sent before that. */
import { UsageError } from '../../base/failure.ts';
import {
  keyFingerprint,
  keyTypesOf,
  lookUp,
  namesOf,
  readKnownHosts,
  typeOf,
  type KnownHostLine,
} from './known-hosts.ts';
import type { SshTarget } from './target.ts';

/** Signatures to ask for, best first, by the type of key that makes them; `ssh-rsa` itself signs with SHA-1. */
const SIGNATURES = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
} as const;

type KeyType = keyof typeof SIGNATURES;
export type HostKeySignature = (typeof SIGNATURES)[KeyType][number];

export interface HostKeyOptions {
  /** Whether an unknown key is trusted for this run. A changed or revoked key never is. */
  acceptHostKey: boolean;
  say(text: string): void;
}

/** One host's keys, for all connections of a run to it. */
export class HostKeys {
  readonly #target: SshTarget;
  readonly #options: HostKeyOptions;
  readonly #lines: KnownHostLine[];
  readonly #names: string[];
  /** The unknown key that this run trusts. Its other connections must find the same key. */
  #accepted: Buffer | undefined;

  constructor(target: SshTarget, options: HostKeyOptions) {
    this.#target = target;
    this.#options = options;
    this.#lines = readKnownHosts(target.knownHostsFiles);
    this.#names = namesOf(target);
  }

  /** The signature types to ask for, known ones first. A host has keys of several types, and only known ones can be recognised. */
  signatures(): HostKeySignature[] {
    const types = Object.keys(SIGNATURES) as KeyType[];
    const known = keyTypesOf(this.#lines, this.#names).filter((type) => type in SIGNATURES) as KeyType[];
    return [...new Set([...known, ...types])].flatMap((type) => SIGNATURES[type]);
  }

  /** @returns why this key is not trusted; undefined when it is. */
  refusalOf(key: Buffer): UsageError | undefined {
    const { known, line } = lookUp(this.#lines, this.#names, key);
    const { asTyped } = this.#target;
    const shown = `${labelOf(key)} ${keyFingerprint(key)}`;
    const where = line === undefined ? '' : `${line.file}, line ${line.line}`;
    switch (known) {
      case 'known':
        return undefined;
      case 'revoked':
        return new UsageError(`${asTyped}: its key (${shown}) is marked as revoked in ${where}. Not connected.`);
      case 'changed':
        return new UsageError(
          `${asTyped}: THE HOST'S KEY IS NOT THE KNOWN ONE. It shows ${shown}; ${where} has another. Somebody may be ` +
            'listening in, or the machine was set up anew. Not connected. If you know why the key changed, remove the ' +
            `old one with \`ssh-keygen -R '${this.#names[0] ?? ''}'\`, connect once with \`${sshCommand(this.#target)}\`, ` +
            'and run again.',
        );
      case 'unknown':
        return this.#unknown(key, shown);
    }
  }

  #unknown(key: Buffer, shown: string): UsageError | undefined {
    const { asTyped } = this.#target;
    if (this.#accepted !== undefined) {
      if (this.#accepted.equals(key)) return undefined;
      return new UsageError(`${asTyped}: the host's key changed during this run; it is now ${shown}. Not connected.`);
    }
    if (!this.#options.acceptHostKey) {
      return new UsageError(
        `${asTyped}: the host's key is not known: ${shown}. Not connected. Compare this fingerprint with the one that ` +
          `\`ssh-keygen -lf ${publicKeyFileOf(key)}\` prints on that machine. If it is the same, connect once ` +
          `with \`${sshCommand(this.#target)}\` and accept it there, or run again with --accept-host-key.`,
      );
    }
    this.#accepted = key;
    this.#options.say(
      `${asTyped}: the host's key ${shown} is not known; trusted for this run only, nothing is written`,
    );
    return undefined;
  }
}

/** The command by which a person reaches the same machine with OpenSSH's client. */
export function sshCommand({ asTyped, user, port, hostName, jumps }: SshTarget): string {
  const host = /([^@/]+?)(:\d+)?$/.exec(asTyped)?.[1] ?? hostName;
  const way = jumps.length === 0 ? [] : ['-J', jumps.map((jump) => jump.asTyped.replace(/^ssh:\/\//, '')).join(',')];
  return ['ssh', ...way, ...(port === 22 ? [] : ['-p', String(port)]), `${user}@${host.replace(/^\[|\]$/g, '')}`].join(
    ' ',
  );
}

/** ED25519, ECDSA or RSA, as ssh-keygen calls it. */
function labelOf(key: Buffer): string {
  return typeOf(key).replace(/^ssh-/, '').replace(/-.*$/, '').toUpperCase();
}

function publicKeyFileOf(key: Buffer): string {
  return `/etc/ssh/ssh_host_${labelOf(key).toLowerCase()}_key.pub`;
}
