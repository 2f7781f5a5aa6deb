/** Whose network stack a container uses: the host's, another container's, or its own. */
import type { Role } from '../grading/lab-under-test.ts';
import { findingOf, type Evidence, type Finding } from '../grading/verdict.ts';
import { listed } from './running.ts';
import { addressesInside, interfacesOf, routesInside } from './stack.ts';

export function shareTheHostsSandbox(_isNot: boolean, role: Role): Finding {
  const host = role.lab.survey.host.sandbox.namespace;
  return findingOf(
    `${role} has no sandbox of its own: it uses the host's interfaces and ports`,
    strayedFrom(role, host),
    `${role} uses the host's sandbox`,
    [
      {
        what: `docker inspect --format '{{.HostConfig.NetworkMode}}' ${role.facts.sandboxOf}`,
        output: role.facts.networkMode,
      },
      { what: 'readlink /proc/self/ns/net   # on the host', output: `net:[${host}]` },
      namespaceOf(role),
    ],
  );
}

/** Docker has to have put it there: a process with enough rights can also walk into the host's sandbox by itself. */
function strayedFrom({ facts: { networkMode }, sandbox, name }: Role, host: number): string[] {
  const isThere = sandbox.namespace === host;
  const belongsThere = networkMode === 'host';
  if (isThere && belongsThere) return [];
  if (belongsThere) return [`${name} was started in the host's sandbox, but its process has left it`];
  const own = `${name} has a sandbox of its own (network mode ${networkMode})`;
  return [isThere ? `${own}; its process has only gone over to the host's` : own];
}

export function shareTheSandboxOf(_isNot: boolean, role: Role, owner: Role): Finding {
  return findingOf(
    `${role} uses the sandbox of ${owner}`,
    role.sandbox.namespace === owner.sandbox.namespace
      ? []
      : [`${role} does not use the sandbox of ${owner} (network mode ${role.facts.networkMode})`],
    `${role} and ${owner} are in one sandbox: the same interfaces, addresses and ports`,
    [namespaceOf(owner), namespaceOf(role), addressesInside(owner), addressesInside(role)],
  );
}

export function haveSandboxesOfTheirOwn(_isNot: boolean, roles: Role[]): Finding {
  const troubles = roles.map((role) => ({ role, troubles: [...foreign(role, roles), ...lacking(role)] }));
  const wrong = troubles.filter((each) => each.troubles.length > 0).map(({ role }) => role);
  return findingOf(
    `${listed(roles)} each have interfaces and routes of their own`,
    troubles.flatMap((each) => each.troubles),
    roles
      .map(
        (role) =>
          `${role} has ${listed(interfacesOf(role).map(({ name, addresses }) => `${name} with ${listed(addresses)}`))}`,
      )
      .join('; '),
    (wrong.length > 0 ? wrong : roles).flatMap((role) => [
      namespaceOf(role),
      addressesInside(role),
      routesInside(role),
    ]),
  );
}

/** Whose sandbox it is in, if not in its own; of two that share one, the first says so. */
function foreign(role: Role, roles: Role[]): string[] {
  const { namespace } = role.sandbox;
  const others = roles.slice(roles.indexOf(role) + 1).filter(({ sandbox }) => sandbox.namespace === namespace);
  return [
    ...(namespace === role.lab.survey.host.sandbox.namespace ? [`${role} uses the host's sandbox`] : []),
    ...others.map((other) => `${role} and ${other} share one sandbox`),
  ];
}

function lacking(role: Role): string[] {
  return [
    ...(interfacesOf(role).length === 0 ? [`${role} has no interface but lo`] : []),
    ...(role.sandbox.routes.length === 0 ? [`${role} has no routes`] : []),
  ];
}

function namespaceOf(role: Role): Evidence {
  return {
    what: `docker exec ${role.facts.name} readlink /proc/self/ns/net`,
    output: `net:[${role.sandbox.namespace}]`,
  };
}
