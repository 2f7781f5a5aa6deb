/** Every attack there is, in the order of docs/security.md. */
import type { Attack } from './attack.ts';
import { BAD_FILES } from './bad-files.ts';
import { PAST_BOUNDS } from './bounds.ts';
import { FIREWALL } from './firewall.ts';
import { GRADING_MACHINE } from './grading-machine.ts';
import { LIES } from './lies.ts';
import { MOUNTS } from './mounts.ts';
import { OWN_TOOLS } from './own-tools.ts';
import { RIGHTS } from './rights.ts';
import { SWARM } from './swarm.ts';
import { TOO_MUCH } from './too-much.ts';
import { TRESPASS } from './trespass.ts';
import { WAYS } from './ways.ts';

export const CHAPTERS: Record<string, Attack[]> = {
  'Files that are not what they seem': BAD_FILES,
  'Containers that lie': LIES,
  'Ways out': [...RIGHTS, ...MOUNTS, ...SWARM, ...TRESPASS, ...OWN_TOOLS, ...GRADING_MACHINE],
  'Ways through the firewall': FIREWALL,
  'Ways round a network': WAYS,
  'Past the bounds': PAST_BOUNDS,
  'Too much of everything': TOO_MUCH,
};

export const ATTACKS: Attack[] = Object.values(CHAPTERS).flat();
