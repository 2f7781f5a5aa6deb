/** `--security-opt`: what may be said there takes nothing away that Docker puts between a container and the machine. */
import { fieldOf, listOf, readBody, type Json } from './body.ts';
import { denial, quoted, type Denial } from './denial.ts';

/** Of seccomp profiles: system calls that are not listed fail. */
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
  // A name, and no path to the profile that is none (`:root:unconfined`).
  if (name === 'apparmor') return /^[\w.-]+$/.test(value) && value !== 'unconfined';
  return name === 'seccomp' && (value === 'builtin' || isProfile(value));
}

/** The client sends a profile's text. */
function isProfile(text: string): boolean {
  try {
    const action = fieldOf(readBody(text), 'defaultAction');
    return typeof action === 'string' && DENIES.test(action);
  } catch {
    return false; // no JSON, or one that can be read in two ways
  }
}
