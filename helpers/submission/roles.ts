/** The `roles:` of submission.yaml: who is who. They are `role: container`; what is evidently the other way round is turned. */
import { ManifestError, meant, type Manifest } from './manifest.ts';

export interface NamedRoles {
  /** Role name → container name, or the name of a Compose service. */
  roles: Record<string, string>;
  /** What was not read literally, each a sentence for the student. */
  notes: string[];
}

/**
 * @param known The lab's roles. Where they are not known, everything is taken as it is written.
 * @throws {ManifestError} when a role is named that the lab does not have, or one is named twice.
 */
export function rolesNamed({ roles, from = '' }: Manifest, known: string[] | undefined): NamedRoles {
  if (known === undefined) return { roles, notes: [] };
  const named: Record<string, string> = {};
  const turned: string[] = [];
  const respelt: string[] = [];
  for (const [left, right] of Object.entries(roles)) {
    const { role, container, isTurned } = pairOf(left, right, { known, written: Object.keys(roles), from });
    if (Object.hasOwn(named, role))
      throw new ManifestError(`${from}: roles names ${role} twice, as "${named[role]}" and as "${container}"`);
    named[role] = container;
    if (isTurned) turned.push(`${role}: ${container}`);
    else if (role !== left) respelt.push(`"${left}" as ${role}`);
  }
  return {
    roles: named,
    notes: [
      ...(turned.length > 0
        ? [`roles in ${from} has containers on the left; it was read as { ${turned.join(', ')} }`]
        : []),
      ...(respelt.length > 0 ? [`roles in ${from}: ${respelt.join(', ')} was understood`] : []),
    ],
  };
}

interface Said {
  known: string[];
  /** The left sides of all pairs. */
  written: string[];
  from: string;
}

function pairOf(
  left: string,
  right: string,
  { known, written, from }: Said,
): { role: string; container: string; isTurned: boolean } {
  const role = roleCalled(left, known);
  if (role !== undefined) return { role, container: right, isTurned: false };
  const other = roleCalled(right, known);
  // If the role is on the left of another line, two lines are about it, and it cannot be told which is right.
  const isFree = other !== undefined && !written.some((each) => roleCalled(each, known) === other);
  if (isFree) return { role: other, container: left, isTurned: true };
  throw new ManifestError(
    `${from}: roles names "${left}", which is no role of this lab; ${meant(left, known)}the roles are ${known.join(', ')}, ` +
      `each on the left of its container: { ${known[0] ?? 'role'}: your-container }`,
  );
}

/** The role of this name, whatever its case and separators are: `Flask_App` is `flask-app`. */
function roleCalled(name: string, known: string[]): string | undefined {
  return known.find((role) => role === name) ?? known.find((role) => plain(role) === plain(name));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]/g, '');
}
