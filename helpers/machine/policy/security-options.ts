/**
 * Rules for `--security-opt`: allowed are only options that keep Docker's protection of the machine as strong as it is.
 */
import { fieldOf, isNothing, listOf, readBody, type Json } from './body.ts';
import { denial, quoted, type Denial } from './denial.ts';

/** Allowed default actions of a seccomp profile: system calls that it does not list fail. */
const DENIES = /^SCMP_ACT_(ERRNO|KILL|KILL_PROCESS|KILL_THREAD|TRAP)$/;

export function deniedSecurityOptions(options: Json): Denial | undefined {
  const strange = listOf(options).find((each) => typeof each !== 'string' || !isTaken(each));
  if (strange === undefined) return undefined;
  return denial(
    `the security option ${quoted(strange)}`,
    'it takes away what Docker puts between a container and the machine',
    'Leave --security-opt (security_opt) out; only no-new-privileges is allowed.',
  );
}

/** Options are `name=value`; `name:value` is an older way. */
function isTaken(option: string): boolean {
  if (option === 'no-new-privileges') return true;
  const [, name = '', value = ''] = /^([^=:]*)[=:](.*)$/s.exec(option) ?? [];
  if (name === 'no-new-privileges') return true;
  // Only a plain name: a path could lead to no profile at all (`:root:unconfined`).
  if (name === 'apparmor') return /^[\w.-]+$/.test(value) && value !== 'unconfined';
  return name === 'seccomp' && (value === 'builtin' || isProfile(value));
}

/** The client sends a profile's text, which is JSON for the engine, too. */
function isProfile(text: string): boolean {
  try {
    const profile = readBody(text);
    const action = fieldOf(profile, 'defaultAction');
    // The runtime, as root, would connect to the socket that it names.
    const listens = !isNothing(fieldOf(profile, 'listenerPath'));
    return typeof action === 'string' && DENIES.test(action) && !listens;
  } catch {
    return false; // no JSON, or one that can be read in two ways
  }
}
