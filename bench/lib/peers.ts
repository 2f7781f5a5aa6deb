/** Graders of exercise 2 that others would write. Each has to be seen to notice a broken submission, or is no peer. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { reasonOf } from '../../helpers/base/failure.ts';
import { sh } from '../../helpers/machine/setup/shell.ts';
import { mayInstall } from '../../tests/helpers/may-install.ts';
import { BROKEN, GOOD_STACK } from './class.ts';
import { start } from './command.ts';
import type { Contender } from './rounds.ts';

const PEERS = path.resolve('bench/peers');
const INSTALL_MS = 600_000;
/** Rules that the broken submission breaks, and that every peer has. */
const BROKEN_RULES = ['nginx-public-only', 'nginx-cannot-reach-mongo'];

export interface Peer {
  name: string;
  /** Debian's packages, and the program that shows that they are there. */
  needs?: { packages: string[]; program: string };
  /** Exits with 0 when every rule holds; otherwise its output names those that do not. */
  command: (stack: string) => { argv: string[]; env?: NodeJS.ProcessEnv };
  /** The goal: so many times as long as netgrade it takes. */
  atLeast: number;
}

export const PEER_GRADERS: Peer[] = [
  { name: 'bash grader', atLeast: 3.5, command: (stack) => ({ argv: [path.join(PEERS, 'bash-grader.sh'), stack] }) },
  {
    name: 'goss',
    atLeast: 2.2,
    needs: { packages: ['goss', 'curl', 'util-linux'], program: '/usr/bin/goss' },
    command: (stack) => ({ argv: [path.join(PEERS, 'goss/grade.sh'), stack] }),
  },
  {
    name: 'testinfra',
    atLeast: 2.8,
    needs: { packages: ['python3-testinfra', 'python3-pytest'], program: '/usr/bin/pytest-3' },
    command: (stack) => ({
      argv: ['/usr/bin/pytest-3', '-q', '--tb=line', '-p', 'no:cacheprovider', path.join(PEERS, 'testinfra')],
      env: { EXERCISE_2: stack, PYTHONDONTWRITEBYTECODE: '1' },
    }),
  },
];

/** Installs what a peer needs. @returns why it cannot take part, or undefined. */
export async function missing({ name, needs }: Pick<Peer, 'name' | 'needs'>): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return `${name} is left out: it looks into sandboxes, and this is not root`;
  if (needs === undefined || existsSync(needs.program)) return undefined;
  if (!mayInstall()) return `${name} is left out: install ${needs.packages.join(' and ')} to have it measured`;
  console.error(`netgrade: installing ${needs.packages.join(', ')} from the distribution, for the benchmark …`);
  try {
    await sh(['apt-get', 'update', '-qq'], { timeoutMs: INSTALL_MS });
    await sh(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...needs.packages], {
      timeoutMs: INSTALL_MS,
    });
    return undefined;
  } catch (error) {
    return `${name} is left out: ${reasonOf(error)}`;
  }
}

/** A peer that passes anything is none. @returns what it did not notice, or undefined. */
export async function blindness(peer: Peer): Promise<string | undefined> {
  const { argv, env } = peer.command(BROKEN);
  const { status, output } = await start(argv, env).ended;
  const said = output.replaceAll('_', '-');
  const unseen = BROKEN_RULES.filter((rule) => !new RegExp(`(FAIL(ED)?|Title:).*${rule}`, 'i').test(said));
  if (status !== 0 && unseen.length === 0) return undefined;
  const named = unseen.length === 0 ? 'named what is wrong' : `did not name ${unseen.join(', ')}`;
  return `${peer.name} is left out: on a broken submission it ${named} and ended with ${String(status)}`;
}

/** @param wrong Told when it says of the good submission that a rule does not hold. */
export function contender({ command }: Peer, wrong: () => void): Contender {
  const { argv, env } = command(GOOD_STACK);
  const work = async (): Promise<void> => {
    const { status } = await start(argv, env).ended;
    if (status !== 0) wrong();
  };
  return { work };
}
