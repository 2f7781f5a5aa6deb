/** Every attack there is, in the order of docs/security.md. */
import type { Attack } from './attack.ts';
import { BAD_FILES } from './bad-files.ts';
import { LIES } from './lies.ts';
import { RIGHTS } from './rights.ts';
import { TOO_MUCH } from './too-much.ts';
import { TRESPASS } from './trespass.ts';

export const CHAPTERS: Record<string, Attack[]> = {
  'Files that are not what they seem': BAD_FILES,
  'Containers that lie': LIES,
  'Ways out': [...RIGHTS, ...TRESPASS],
  'Too much of everything': TOO_MUCH,
};

export const ATTACKS: Attack[] = Object.values(CHAPTERS).flat();
